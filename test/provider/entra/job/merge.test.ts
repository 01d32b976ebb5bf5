import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type {
  ObjectMapping,
  SynchronizationSchema,
} from "../../../../src/clients/graph/synchronization-schema.ts";
import { REMOVED_BY_HAND } from "../../../../src/provider/contract.ts";
import { observeMappings } from "../../../../src/provider/entra/job/deviations.ts";
import { objectMapping, targetObject } from "../../../../src/provider/entra/job/mapping.ts";
import { mergeSchema, unknownSources } from "../../../../src/provider/entra/job/merge.ts";
import { allSources, anyMappings, datahubMappings, ROLES, source, templateSchema } from "./schema-fixture.ts";

const template = templateSchema();

function users(schema: SynchronizationSchema): ObjectMapping {
  const mapping = objectMapping(schema, "user");
  if (!mapping) throw new Error("The schema maps no users.");
  return mapping;
}

function merged(schema: SynchronizationSchema, mappings = datahubMappings): SynchronizationSchema {
  const result = mergeSchema(schema, template, mappings, allSources);
  if (!result) throw new Error("Nothing differed.");
  return result;
}

describe("merging declared mappings into a schema", () => {
  it("adds DataHub's role mapping with the source the tenant made of it, and nothing else", () => {
    const before = templateSchema();
    const after = merged(before);
    const added = users(after).attributeMappings.filter((one) => one.targetAttributeName === ROLES);
    expect(added).toEqual([
      {
        defaultValue: null,
        exportMissingReferences: false,
        flowBehavior: "FlowWhenChanged",
        flowType: "Always",
        matchingPriority: 0,
        source: source("SingleAppRoleAssignment([appRoleAssignments])"),
        targetAttributeName: ROLES,
      },
    ]);
    users(after).attributeMappings = users(after).attributeMappings.filter(
      (one) => one.targetAttributeName !== ROLES,
    );
    const target = targetObject(after, users(after));
    const original = targetObject(before, users(before));
    if (target && original)
      target.attributes = target.attributes.filter((one) =>
        original.attributes.some(({ name }) => name === one.name),
      );
    expect(after).toEqual(before);
  });

  it("asks the tenant only for functions that stand nowhere in the schema", () => {
    const mappings = {
      ...datahubMappings,
      user: {
        ...datahubMappings.user,
        title: {
          expression: 'Join(" ", [givenName], [surname])',
          matchingPriority: 0,
          apply: "always" as const,
        },
        nickName: { expression: "[mailNickname]", matchingPriority: 0, apply: "always" as const },
      },
    };
    expect(unknownSources(template, template, mappings)).toEqual([
      "SingleAppRoleAssignment([appRoleAssignments])",
    ]);
    expect(unknownSources(merged(templateSchema()), template, datahubMappings)).toEqual([]);
  });

  it("defines an attribute that a mapping needs, and one that was declared beyond the mappings", () => {
    const mappings = {
      ...datahubMappings,
      user: { "urn:x": { expression: "[mail]", matchingPriority: 0, apply: "always" as const } },
      targetAttributes: [{ name: "vip", type: "Boolean" as const }],
    };
    const after = merged(templateSchema(), mappings);
    const types = new Map(targetObject(after, users(after))?.attributes.map((one) => [one.name, one.type]));
    expect([types.get("urn:x"), types.get("vip")]).toEqual(["String", "Boolean"]);
  });

  it("refuses mappings that would match on nothing", () => {
    const mappings = { ...datahubMappings, base: "exact" as const };
    expect(() => mergeSchema(templateSchema(), template, mappings, allSources)).toThrow(
      "The mappings for User would match on no attribute, so that Entra would create everybody again: give one of them a matching priority of 1.",
    );
  });

  it("is done after one time, and what it wrote reads back as declared", () => {
    fc.assert(
      fc.property(anyMappings, (mappings) => {
        const after = mergeSchema(templateSchema(), template, mappings, allSources) ?? templateSchema();
        expect(mergeSchema(after, template, mappings, allSources)).toBeUndefined();
        expect(observeMappings(after, template, mappings)).toEqual(mappings);
      }),
    );
  });

  it("keeps every member it does not know, in the order it came", () => {
    fc.assert(
      fc.property(anyMappings, fc.jsonValue(), (mappings, unknown) => {
        const schema = templateSchema();
        schema.unknown = unknown;
        for (const rule of schema.synchronizationRules) {
          rule.unknown = unknown;
          for (const object of rule.objectMappings) object.unknown = unknown;
        }
        const after = mergeSchema(schema, template, mappings, allSources) ?? schema;
        expect(withoutOurs(after)).toEqual(withoutOurs(schema));
      }),
    );
  });

  it("leaves every mapping that is right as it was read, down to members it does not know", () => {
    const schema = templateSchema();
    for (const one of users(schema).attributeMappings) one.unknown = { kept: true };
    const after = merged(schema);
    const others = users(after).attributeMappings.filter((one) => one.targetAttributeName !== ROLES);
    expect(others).toEqual(users(schema).attributeMappings);
  });
});

function withoutOurs(schema: SynchronizationSchema) {
  const copy = structuredClone(schema);
  for (const rule of copy.synchronizationRules)
    for (const one of rule.objectMappings) one.attributeMappings = [];
  for (const directory of copy.directories) for (const one of directory.objects) one.attributes = [];
  return copy;
}

type Tampering = [string, (mapping: ObjectMapping) => void, Record<string, unknown>];

const tamperings: Tampering[] = [
  [
    "a mapping of the template removed",
    (mapping) => {
      mapping.attributeMappings = mapping.attributeMappings.filter(
        (one) => one.targetAttributeName !== "title",
      );
    },
    { user: { ...datahubMappings.user, title: REMOVED_BY_HAND } },
  ],
  [
    "the declared mapping removed",
    (mapping) => {
      mapping.attributeMappings = mapping.attributeMappings.filter(
        (one) => one.targetAttributeName !== ROLES,
      );
    },
    { user: { [ROLES]: REMOVED_BY_HAND } },
  ],
  [
    "a mapping added",
    (mapping) => {
      mapping.attributeMappings.push({
        ...first(mapping),
        targetAttributeName: "nickName",
        source: source("[mailNickname]"),
        matchingPriority: 0,
      });
    },
    {
      user: {
        ...datahubMappings.user,
        nickName: { expression: "[mailNickname]", matchingPriority: 0, apply: "always" },
      },
    },
  ],
  [
    "an expression changed",
    (mapping) => {
      const title = mapping.attributeMappings.find((one) => one.targetAttributeName === "title");
      if (title) title.source = source("[department]");
    },
    {
      user: {
        ...datahubMappings.user,
        title: { expression: "[department]", matchingPriority: 0, apply: "always" },
      },
    },
  ],
  [
    "a flow type no spec can ask for",
    (mapping) => {
      const title = mapping.attributeMappings.find((one) => one.targetAttributeName === "title");
      if (title) title.flowType = "ValueAddOnly";
    },
    {
      user: {
        ...datahubMappings.user,
        title: { expression: "[jobTitle]", matchingPriority: 0, apply: "ValueAddOnly" },
      },
    },
  ],
  [
    "the object switched off",
    (mapping) => {
      mapping.enabled = false;
    },
    { objects: { "user.enabled": "false" } },
  ],
  [
    "deletions switched off",
    (mapping) => {
      mapping.flowTypes = "Add, Update";
    },
    { objects: { "user.flowTypes": "Add,Update" } },
  ],
  [
    "a scoping filter",
    (mapping) => {
      mapping.scope = {
        groups: [
          {
            name: "g",
            clauses: [{ operatorName: "IS TRUE", sourceOperandName: "accountEnabled", targetOperand: null }],
          },
        ],
      };
    },
    {
      objects: {
        "user.scope":
          '[{"name":"g","clauses":[{"operatorName":"IS TRUE","sourceOperandName":"accountEnabled","targetOperand":null}]}]',
      },
    },
  ],
];

function first(mapping: ObjectMapping) {
  const [one] = mapping.attributeMappings;
  if (!one) throw new Error("There is no mapping.");
  return one;
}

describe("a schema changed by hand", () => {
  it.each(tamperings)("shows %s, and is put right", (_what, tamper, seen) => {
    const schema = merged(templateSchema());
    tamper(users(schema));
    expect(observeMappings(schema, template, datahubMappings)).toEqual({ ...datahubMappings, ...seen });
    const repaired = merged(schema);
    expect(observeMappings(repaired, template, datahubMappings)).toEqual(datahubMappings);
  });

  it("shows the same again when the state already holds what was seen, and only the spec makes it right", () => {
    for (const [, tamper] of tamperings) {
      const schema = merged(templateSchema());
      tamper(users(schema));
      const once = observeMappings(schema, template, datahubMappings);
      const twice = observeMappings(schema, template, once);
      expect(twice).not.toEqual(datahubMappings);
      expect(mergeSchema(schema, template, datahubMappings, allSources)).toBeDefined();
    }
  });

  it("shows a declared target attribute that is gone", () => {
    const mappings = { ...datahubMappings, targetAttributes: [{ name: "vip", type: "Boolean" as const }] };
    const schema = merged(templateSchema(), mappings);
    const target = targetObject(schema, users(schema));
    if (target) target.attributes = target.attributes.filter(({ name }) => name !== "vip");
    expect(observeMappings(schema, template, mappings).targetAttributes).toEqual([]);
  });

  it("does not mind another spelling of the same expression, other metadata or another order", () => {
    const schema = merged(templateSchema());
    const mapping = users(schema);
    mapping.attributeMappings.reverse();
    mapping.name = "Provision Azure Active Directory Users";
    for (const one of mapping.attributeMappings) {
      if (one.source) one.source.expression = one.source.expression.replaceAll(", ", ",");
      one.defaultValue ??= "";
    }
    expect(observeMappings(schema, template, datahubMappings)).toEqual(datahubMappings);
    expect(mergeSchema(schema, template, datahubMappings, allSources)).toBeUndefined();
  });
});
