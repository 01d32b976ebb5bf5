import type { DesiredApplication } from "../desired/model.ts";
import { attempt, type Failure } from "./attempt.ts";
import { inspectEntra } from "./entra-application.ts";
import type { Inspection } from "./finding.ts";
import type { KnownIds } from "./known-ids.ts";
import { inspectOkta } from "./okta-application.ts";
import type { Tenants } from "./tenants.ts";

/** An application that could not be looked at. */
export interface NotInspected extends Pick<Inspection, "name" | "idp" | "product">, Failure {}

/** Looks at one application; a failure is a result, so that the others are looked at all the same. */
export async function inspect(
  application: DesiredApplication,
  tenants: Tenants,
  known: KnownIds = new Map(),
): Promise<Inspection | NotInspected> {
  const { name, idp, product } = application;
  const id = known.get(name);
  const found = await attempt(() =>
    application.idp === "entra"
      ? inspectEntra(application, tenants, id)
      : inspectOkta(application, tenants, id),
  );
  return "failure" in found ? { name, idp, product, ...found } : found;
}
