import { parseExpression } from "../expressions/parse.ts";
import { type JobMappings, REMOVED_BY_HAND } from "../provider/contract.ts";
import { observeMappings } from "../provider/entra/job/deviations.ts";
import { expectedMappings, MAPPED_OBJECTS } from "../provider/entra/job/expected.ts";
import type { Schemas } from "../provider/entra/job/schema.ts";
import { type Finding, REPAIRED_BY_UP } from "./finding.ts";

/** What of a job's attribute mappings is otherwise than template and spec have it, one finding for each target attribute. */
export function compareMappings({ live, template }: Schemas, declared: JobMappings): Finding[] {
  const observed = observeMappings(live, template, declared);
  const drift: Finding[] = [];
  const say = (message: string, help = REPAIRED_BY_UP) => drift.push({ aspect: "mapping", message, help });
  for (const object of MAPPED_OBJECTS) {
    const expected = expectedMappings(template, declared, object);
    for (const [target, mapping] of Object.entries(observed[object])) {
      if (mapping === declared[object][target]) continue;
      const wanted = expected.get(target)?.form;
      if (mapping === REMOVED_BY_HAND) {
        say(`The ${object} mapping of ${target} was removed; it should be ${described(wanted)}.`);
      } else if (wanted) {
        say(
          `The ${object} mapping of ${target} is ${described(mapping)}, and should be ${described(wanted)}.${mistakeIn(mapping.expression)}`,
        );
      } else {
        say(
          `The ${object} mapping of ${target} (${described(mapping)}) is not declared.${mistakeIn(mapping.expression)}`,
          "`up` removes it. A product with mappings of your own is `product: custom`.",
        );
      }
    }
  }
  for (const attribute of declared.targetAttributes) {
    const found = observed.targetAttributes.find(({ name }) => name === attribute.name);
    if (found?.type === attribute.type) continue;
    say(
      `The target attribute ${attribute.name} ${found ? `is of type ${found.type}` : "is not defined"}, and should be of type ${attribute.type}.`,
    );
  }
  for (const message of compareObjects(observed)) say(message);
  return drift;
}

/** What of the mappings of users and groups as such was changed: scoping filters, what is synchronized, whether at all. */
export function compareObjects({ objects = {} }: Pick<JobMappings, "objects">): string[] {
  return Object.entries(objects).map(([setting, value]) =>
    value === REMOVED_BY_HAND
      ? `The mapping of ${setting}s was removed altogether.`
      : `${setting} of the mapping was changed to ${value || "nothing"}.`,
  );
}

interface Described {
  expression: string;
  matchingPriority: number;
  apply: string;
  defaultValue?: string;
}

function described(mapping: Described | undefined): string {
  if (!mapping) return "the template's";
  return [
    mapping.expression || "nothing but a default value",
    ...(mapping.matchingPriority > 0 ? [`matched on as ${mapping.matchingPriority}`] : []),
    ...(mapping.apply === "always" ? [] : [`applied ${mapping.apply}`]),
    ...(mapping.defaultValue ? [`default "${mapping.defaultValue}"`] : []),
  ].join(", ");
}

/**
 * Data Mesh Manager's guide prints a Switch whose last key has no value, so that a soft-deleted person is sent none and
 * stays active in the product.
 */
export function mistakeIn(expression: string): string {
  const parsed = parseExpression(expression);
  if (!parsed.ok || parsed.expression.kind !== "call") return "";
  const { name, arguments: given } = parsed.expression;
  if (name !== "Switch" || (given.length - 2) % 2 === 0) return "";
  return " Its last key has no value (the vendor's guide prints it so): a soft-deleted person is sent no value and keeps access.";
}
