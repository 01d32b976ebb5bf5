import type { SynchronizationSchema } from "../../../clients/graph/synchronization-schema.ts";
import type { AttributeMapping, TargetAttribute } from "../../../desired/model.ts";
import { type JobMappings, REMOVED_BY_HAND } from "../../contract.ts";
import { expectedMappings, MAPPED_OBJECTS, objectSettings } from "./expected.ts";
import {
  byTarget,
  type MappedObject,
  objectMapping,
  observed,
  sameMapping,
  targetObject,
} from "./mapping.ts";

/**
 * The declared mappings as the tenant has them, and whatever deviates from the template and them: added or altered
 * mappings as they are, missing ones as {@link REMOVED_BY_HAND}. Equal to `declared` when nothing deviates.
 */
export function observeMappings(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  declared: JobMappings,
): JobMappings {
  const objects = changedObjects(schema, template);
  return {
    base: declared.base,
    user: observeObject(schema, template, declared, "user"),
    group: observeObject(schema, template, declared, "group"),
    targetAttributes: observeTargetAttributes(schema, declared.targetAttributes),
    ...(Object.keys(objects).length > 0 ? { objects } : {}),
  };
}

/** All user mappings as a spec would list them, where it can say them. */
export function listedMappings(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
): Record<string, AttributeMapping> {
  const user = Object.fromEntries(
    [...byTarget(objectMapping(schema, "user"))].map(([target, mapping]) => {
      const { flowBehavior: _flow, exportMissingReferences: _missing, ...sayable } = observed(mapping);
      return [target, sayable as AttributeMapping];
    }),
  );
  const declared: JobMappings = { base: "exact", user, group: {}, targetAttributes: [] };
  return observeObject(schema, template, declared, "user") as typeof user;
}

function observeObject(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
  declared: JobMappings,
  object: MappedObject,
): JobMappings["user"] {
  const live = byTarget(objectMapping(schema, object));
  const expected = expectedMappings(template, declared, object);
  const result: JobMappings["user"] = {};
  for (const [target, { form, given }] of expected) {
    const mapping = live.get(target);
    if (!mapping) result[target] = REMOVED_BY_HAND;
    else if (!sameMapping(observed(mapping), form)) result[target] = observed(mapping) as AttributeMapping;
    else if (given) result[target] = given;
  }
  for (const [target, mapping] of live) {
    if (!expected.has(target)) result[target] = observed(mapping) as AttributeMapping;
  }
  return result;
}

function observeTargetAttributes(
  schema: SynchronizationSchema,
  declared: TargetAttribute[],
): TargetAttribute[] {
  const users = objectMapping(schema, "user");
  const defined = new Map(
    (users && targetObject(schema, users)?.attributes)?.map((one) => [one.name, one.type]),
  );
  return declared.flatMap((attribute) => {
    const type = defined.get(attribute.name);
    return type ? [{ name: attribute.name, type }] : [];
  });
}

function changedObjects(
  schema: SynchronizationSchema,
  template: SynchronizationSchema,
): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const object of MAPPED_OBJECTS) {
    const original = objectMapping(template, object);
    if (!original) continue;
    const live = objectMapping(schema, object);
    if (!live) {
      changed[object] = REMOVED_BY_HAND;
      continue;
    }
    const wanted = objectSettings(original);
    for (const [setting, value] of Object.entries(objectSettings(live))) {
      if (value !== wanted[setting as keyof typeof wanted]) changed[`${object}.${setting}`] = value;
    }
  }
  return changed;
}
