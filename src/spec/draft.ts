import type { z } from "zod";
import type { Product } from "../products/product.ts";
import { findProduct } from "../products/registry.ts";
import type { Finding } from "../yaml/finding.ts";
import type { Path } from "../yaml/tree.ts";
import type { specSchema } from "./schema.ts";

/** Data of which any part may be missing, because it was missing in the file or had the wrong shape. */
export type DeepPartial<T> = T extends (infer Item)[]
  ? (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;

export type SpecDraft = DeepPartial<z.input<typeof specSchema>>;
export type ApplicationDraft = NonNullable<NonNullable<SpecDraft["applications"]>[string]>;
export type EntraDraft = NonNullable<ApplicationDraft["entra"]>;
export type OktaDraft = NonNullable<ApplicationDraft["okta"]>;

/** One rule about a spec's meaning. It sees what is left of a spec when everything of the wrong shape is taken out. */
export type Rule = (draft: SpecDraft, context: RuleContext) => Finding[];

export interface RuleContext {
  /** As in 2027-01-31. */
  today: string;
  /** Whether nothing of a wrong shape was left out of the draft. */
  complete: boolean;
}

export interface NamedApplication {
  name: string;
  path: Path;
  application: ApplicationDraft;
  /** Undefined when the spec names none that exists. */
  product: Product | undefined;
}

export function applicationsOf(draft: SpecDraft): NamedApplication[] {
  return Object.entries(draft.applications ?? {}).flatMap(([name, application]) =>
    application
      ? [{ name, path: ["applications", name], application, product: findProduct(application.product ?? "") }]
      : [],
  );
}

/** Lists with the places of their items; items of the wrong shape left out. */
export function itemsOf<T>(
  list: readonly (T | undefined)[] | undefined,
  path: Path,
): { item: T; path: Path }[] {
  return (list ?? []).flatMap((item, index) =>
    item === undefined ? [] : [{ item, path: [...path, index] }],
  );
}

type Details = Pick<Finding, "path" | "message" | "why"> & Partial<Finding>;

export function error(code: string, details: Details): Finding {
  return { on: "value", ...details, code, severity: "error" };
}

export function warning(code: string, details: Details): Finding {
  return { on: "value", ...details, code, severity: "warning" };
}

export function isProduction(spec: { environment?: string; production?: boolean }): boolean {
  return spec.production ?? (spec.environment === "prod" || spec.environment === "production");
}
