import type { AttributeMapping, DesiredMappings, TargetAttribute } from "../desired/model.ts";

/** What two versions of Entra's attribute mappings differ in, one clause each, with what people are matched on. */
export function compareMappings(before: DesiredMappings, after: DesiredMappings): string[] {
  return [
    ...(before.base === after.base
      ? []
      : [after.base === "exact" ? "the template's mappings go" : "the template's mappings come back"]),
    ...mappingLines(before.user, after.user),
    ...mappingLines(before.group ?? {}, after.group ?? {}).map((line) => `${line} (groups)`),
    ...typeLines(before.targetAttributes, after.targetAttributes),
  ];
}

function mappingLines(
  before: Record<string, AttributeMapping>,
  after: Record<string, AttributeMapping>,
): string[] {
  return keysOf(before, after).flatMap((target) => {
    const [old, now] = [before[target], after[target]];
    if (!now) return [`${target} is no longer mapped from ${old?.expression}`];
    if (!old) return [`${target} is mapped from ${now.expression}, ${describe(now)}`];
    const sameSettings = describe(old) === describe(now);
    if (old.expression !== now.expression)
      return [
        `${target} is mapped from ${now.expression} instead of ${old.expression}${sameSettings ? "" : `, and is now ${describe(now)}`}`,
      ];
    return sameSettings ? [] : [`the mapping of ${target} is now ${describe(now)}`];
  });
}

const describe = ({ matchingPriority, apply, defaultValue }: AttributeMapping) =>
  [
    matchingPriority > 0 ? `matched on (${matchingPriority})` : "not matched on",
    apply === "always" ? "applied always" : "applied on creation only",
    defaultValue ? `with ${JSON.stringify(defaultValue)} where there is no value` : "without a default value",
  ].join(", ");

function typeLines(before: TargetAttribute[], after: TargetAttribute[]): string[] {
  const types = (attributes: TargetAttribute[]) =>
    Object.fromEntries(attributes.map(({ name, type }) => [name, type]));
  const [old, now] = [types(before), types(after)];
  return keysOf(old, now).flatMap((name) => {
    if (old[name] === now[name]) return [];
    if (now[name] === undefined) return [`the type of the target attribute ${name} is no longer declared`];
    const instead = old[name] === undefined ? "" : ` instead of ${old[name]}`;
    return [`the target attribute ${name} is declared as ${now[name]}${instead}`];
  });
}

const keysOf = (...records: object[]) => [...new Set(records.flatMap((record) => Object.keys(record)))];
