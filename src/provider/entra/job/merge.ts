import type {
  AttributeDefinition,
  GraphAttributeMapping,
  MappingSource,
  ObjectMapping,
  SynchronizationSchema,
} from "../../../clients/graph/synchronization-schema.ts";
import type { AttributeMapping } from "../../../desired/model.ts";
import type { JobMappings } from "../../contract.ts";
import { type Expected, expectedMappings, MAPPED_OBJECTS, objectSettings } from "./expected.ts";
import {
  byTarget,
  canonical,
  type MappedObject,
  objectMapping,
  observed,
  outboundRule,
  sameMapping,
  targetObject,
} from "./mapping.ts";

/** Expressions for which a source has to be asked of the tenant before {@link mergeSchema}: those that stand nowhere yet. */
export function unknownSources(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  mappings: JobMappings,
): string[] {
  const known = knownSources(schema, template);
  const needed = new Set<string>();
  for (const object of MAPPED_OBJECTS) {
    const live = byTarget(objectMapping(schema, object));
    for (const [target, expected] of expectedMappings(template, mappings, object)) {
      const mapping = live.get(target);
      if (mapping && sameMapping(observed(mapping), expected.form)) continue;
      const { expression } = expected.form;
      if (expected.given && !known.has(expression) && !simpleSource(expression)) needed.add(expression);
    }
  }
  return [...needed];
}

/**
 * The schema with the declared mappings in it, ready to be sent back; undefined when nothing differs. Everything that is
 * not rollcall's stays as it was read, and so does every mapping that is as it should be.
 * @param sources what parseExpression made of {@link unknownSources}
 * @throws when the result would match on no attribute, which would create everybody again
 */
export function mergeSchema(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  mappings: JobMappings,
  sources: ReadonlyMap<string, MappingSource> = new Map(),
): SynchronizationSchema | undefined {
  const merged = structuredClone(schema);
  const known = new Map([...knownSources(schema, template), ...sources]);
  const changed = MAPPED_OBJECTS.map((object) => mergeObject(merged, template, mappings, object, known));
  const defined = defineAttributes(merged, template, mappings);
  return changed.some(Boolean) || defined ? merged : undefined;
}

function mergeObject(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  mappings: JobMappings,
  object: MappedObject,
  sources: ReadonlyMap<string, MappingSource>,
): boolean {
  const original = objectMapping(template, object);
  let mapping = objectMapping(schema, object);
  let changed = false;
  if (!mapping) {
    if (!original) return false;
    mapping = structuredClone(original);
    outboundRule(schema).objectMappings.push(mapping);
    changed = true;
  }
  if (original && restoreSettings(mapping, original)) changed = true;
  const live = byTarget(mapping);
  const expected = expectedMappings(template, mappings, object);
  const next: GraphAttributeMapping[] = [];
  for (const one of mapping.attributeMappings) {
    const wanted = expected.get(one.targetAttributeName);
    if (wanted && sameMapping(observed(one), wanted.form)) next.push(one);
    else changed = true;
  }
  const kept = new Set(next.map(({ targetAttributeName }) => targetAttributeName));
  for (const [target, wanted] of expected) {
    if (kept.has(target)) continue;
    next.push(written(target, wanted, live.get(target), sources));
    changed = true;
  }
  if (changed && !next.some(({ matchingPriority }) => matchingPriority > 0)) {
    throw new Error(
      `The mappings for ${mapping.sourceObjectName} would match on no attribute, so that Entra would create everybody again: give one of them a matching priority of 1.`,
    );
  }
  mapping.attributeMappings = next;
  return changed;
}

function restoreSettings(mapping: ObjectMapping, original: ObjectMapping): boolean {
  if (JSON.stringify(objectSettings(mapping)) === JSON.stringify(objectSettings(original))) return false;
  mapping.enabled = original.enabled;
  mapping.flowTypes = original.flowTypes;
  mapping.scope = structuredClone(original.scope);
  return true;
}

function written(
  target: string,
  expected: Expected,
  live: GraphAttributeMapping | undefined,
  sources: ReadonlyMap<string, MappingSource>,
): GraphAttributeMapping {
  if (!expected.given && expected.template) return structuredClone(expected.template);
  const mapping = expected.given as AttributeMapping;
  const source = simpleSource(expected.form.expression) ?? sources.get(expected.form.expression);
  if (!source) throw new Error(`No source is known for ${mapping.expression}, which maps to ${target}.`);
  const { template } = expected;
  return {
    ...structuredClone(live ?? template),
    flowBehavior: template?.flowBehavior ?? "FlowWhenChanged",
    exportMissingReferences: template?.exportMissingReferences ?? false,
    targetAttributeName: target,
    source,
    flowType: mapping.apply === "always" ? "Always" : "ObjectAddOnly",
    matchingPriority: mapping.matchingPriority,
    defaultValue: mapping.defaultValue || null,
  };
}

/** Every mapped attribute has to be defined on the target object, and so have those asked for beyond the mappings. */
function defineAttributes(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  mappings: JobMappings,
): boolean {
  let changed = false;
  for (const object of MAPPED_OBJECTS) {
    const mapping = objectMapping(schema, object);
    const target = mapping && targetObject(schema, mapping);
    if (!mapping || !target) continue;
    const declared = new Map(
      object === "user" ? mappings.targetAttributes.map(({ name, type }) => [name, type]) : [],
    );
    const names = [...mapping.attributeMappings.map((one) => one.targetAttributeName), ...declared.keys()];
    const original = objectMapping(template, object);
    const known = original ? (targetObject(template, original)?.attributes ?? []) : [];
    for (const name of new Set(names)) {
      const type = declared.get(name);
      const present = target.attributes.find((attribute) => attribute.name === name);
      if (!present) {
        const usual = known.find((attribute) => attribute.name === name);
        target.attributes.push({
          ...(structuredClone(usual) ?? definition(name)),
          ...(type ? { type } : {}),
        });
      } else if (type && present.type !== type) present.type = type;
      else continue;
      changed = true;
    }
  }
  return changed;
}

function definition(name: string): AttributeDefinition {
  return {
    anchor: false,
    apiExpressions: [],
    caseExact: false,
    defaultValue: null,
    flowNullValues: false,
    metadata: [],
    multivalued: false,
    mutability: "ReadWrite",
    name,
    referencedObjects: [],
    required: false,
    type: "String",
  };
}

/** `[mail]` and `"constant"` have one form; a function's parameter names are Entra's to know. */
function simpleSource(expression: string): MappingSource | undefined {
  const attribute = /^\[([^\][]+)\]$/.exec(expression)?.[1];
  if (attribute !== undefined) return { expression, name: attribute, type: "Attribute", parameters: [] };
  const constant = /^"((?:[^"\\]|\\.)*)"$/.exec(expression)?.[1];
  if (constant === undefined) return undefined;
  return { expression, name: constant.replace(/\\(.)/g, "$1"), type: "Constant", parameters: [] };
}

function knownSources(...schemas: SynchronizationSchema[]): Map<string, MappingSource> {
  const known = new Map<string, MappingSource>();
  for (const schema of schemas) {
    for (const { objectMappings } of schema.synchronizationRules) {
      for (const { source } of objectMappings.flatMap(({ attributeMappings }) => attributeMappings)) {
        if (source) known.set(canonical(source.expression), source);
      }
    }
  }
  return known;
}
