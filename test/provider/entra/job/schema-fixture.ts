import { readFileSync } from "node:fs";
import fc from "fast-check";
import type {
  MappingSource,
  SynchronizationSchema,
} from "../../../../src/clients/graph/synchronization-schema.ts";
import type { AttributeMapping } from "../../../../src/desired/model.ts";
import { parseExpression } from "../../../../src/expressions/parse.ts";
import { toMappingSource } from "../../../../src/expressions/source.ts";
import type { JobMappings } from "../../../../src/provider/contract.ts";

const text = readFileSync(new URL("../../../../src/defaults/entra-schema.json", import.meta.url), "utf8");

/** The default schema of the template, afresh. */
export const templateSchema = () => JSON.parse(text) as SynchronizationSchema;

export const ROLES = 'roles[primary eq "True"].value';

export const datahubMappings: JobMappings = {
  base: "template",
  user: {
    [ROLES]: {
      expression: "SingleAppRoleAssignment([appRoleAssignments])",
      matchingPriority: 0,
      apply: "always",
    },
  },
  group: {},
  targetAttributes: [],
};

/** What a tenant's parseExpression answers. */
export function source(expression: string): MappingSource {
  const parsed = parseExpression(expression);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return toMappingSource(parsed.expression);
}

const TARGETS = [
  ROLES,
  "title",
  "displayName",
  "externalId",
  'emails[type eq "work"].value',
  "nickName",
  "urn:x:y:z",
];
const EXPRESSIONS = [
  "[mail]",
  "[jobTitle]",
  '"constant"',
  'Join(" ", [givenName], [surname])',
  "SingleAppRoleAssignment([appRoleAssignments])",
  'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
];

const mapping: fc.Arbitrary<AttributeMapping> = fc.record(
  {
    expression: fc.constantFrom(...EXPRESSIONS),
    matchingPriority: fc.constantFrom(0, 2),
    apply: fc.constantFrom("always" as const, "onCreate" as const),
    defaultValue: fc.constantFrom("", "x"),
  },
  { requiredKeys: ["expression", "matchingPriority", "apply"] },
);

const matched: AttributeMapping = { expression: "[userPrincipalName]", matchingPriority: 1, apply: "always" };

/** Declared mappings; the exact ones match on userName, since a schema that matches on nothing is refused. */
export const anyMappings: fc.Arbitrary<JobMappings> = fc
  .record({
    base: fc.constantFrom("template" as const, "exact" as const),
    user: fc.dictionary(fc.constantFrom(...TARGETS), mapping),
    group: fc.dictionary(fc.constantFrom("displayName", "externalId"), mapping, { maxKeys: 1 }),
    targetAttributes: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("a", "b", ROLES),
        type: fc.constantFrom("String" as const, "Boolean" as const),
      }),
      { selector: ({ name }) => name },
    ),
  })
  .map((mappings) => ({
    ...mappings,
    user: { ...mappings.user, ...(mappings.base === "exact" ? { userName: matched } : {}) },
    group: Object.fromEntries(
      Object.entries(mappings.group).map(([target, one]) => [target, { ...one, matchingPriority: 1 }]),
    ),
  }));

export const allSources = new Map(EXPRESSIONS.map((expression) => [expression, source(expression)]));
