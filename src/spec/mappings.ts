import { parseExpression } from "../expressions/parse.ts";
import { printExpression, quote } from "../expressions/print.ts";
import type { AttributeMapping, Mappings, Product } from "../products/product.ts";
import type { DeepPartial, EntraDraft } from "./draft.ts";

/** One mapping as a spec writes it. */
export type MappingDraft = NonNullable<NonNullable<NonNullable<EntraDraft["mappings"]>["user"]>[string]>;

/** The product's mappings with what the spec chooses or adds. Parts of a draft that are not there are left out. */
export function effectiveMappings(product: Product, entra: EntraDraft): Mappings {
  const preset = product.entra.mappings;
  const user = { ...preset.user };
  if (entra.userNameFrom && product.entra.userNameFrom.includes(entra.userNameFrom)) {
    user.userName = { expression: `[${entra.userNameFrom}]`, matchingPriority: 1, apply: "always" };
  }
  const given = product.open ? entra.mappings : undefined;
  return {
    base: given?.base ?? preset.base,
    user: { ...user, ...translate(given?.user) },
    ...(given?.group ? { group: translate(given.group) } : preset.group ? { group: preset.group } : {}),
    targetAttributes: [
      ...preset.targetAttributes,
      ...(given?.targetAttributes ?? []).flatMap((attribute) =>
        attribute?.name ? [{ name: attribute.name, type: attribute.type ?? ("String" as const) }] : [],
      ),
    ],
  };
}

function translate(
  mappings: DeepPartial<Record<string, MappingDraft>> | undefined,
): Record<string, AttributeMapping> {
  return Object.fromEntries(
    Object.entries(mappings ?? {}).flatMap(([target, mapping]) => {
      const expression = mapping && expressionOf(mapping);
      if (expression === undefined) return [];
      const translated: AttributeMapping = {
        expression,
        matchingPriority: mapping?.match ?? 0,
        apply: mapping?.apply ?? "always",
        ...(mapping?.default === undefined ? {} : { defaultValue: mapping.default }),
      };
      return [[target, translated]];
    }),
  );
}

/** A mapping's source as an expression in canonical spelling; what does not parse stays as written (a rule reports it). */
export function expressionOf(mapping: MappingDraft): string | undefined {
  if (mapping.attribute !== undefined) return `[${mapping.attribute}]`;
  if (mapping.constant !== undefined) return quote(mapping.constant);
  if (mapping.expression === undefined) return undefined;
  const parsed = parseExpression(mapping.expression);
  return parsed.ok ? printExpression(parsed.expression) : mapping.expression;
}

/** Roles that assignments may give: the product's, or those the spec declares for a custom product. */
export function effectiveRoles(
  product: Product,
  entra: EntraDraft,
): { value: string; description: string; privileged: boolean }[] {
  if (!product.open) return product.entra.roles;
  return (entra.roles ?? []).flatMap((role) =>
    role?.value
      ? [
          {
            value: role.value,
            description: role.description ?? role.value,
            privileged: role.privileged ?? false,
          },
        ]
      : [],
  );
}
