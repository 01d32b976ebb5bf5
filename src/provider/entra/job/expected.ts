import type {
  GraphAttributeMapping,
  ObjectMapping,
  SynchronizationSchema,
} from "../../../clients/graph/synchronization-schema.ts";
import type { AttributeMapping } from "../../../desired/model.ts";
import { type JobMappings, REMOVED_BY_HAND } from "../../contract.ts";
import {
  byTarget,
  declared,
  type MappedObject,
  type ObservedMapping,
  objectMapping,
  observed,
} from "./mapping.ts";

export const MAPPED_OBJECTS: readonly MappedObject[] = ["user", "group"];

/** Mappings that a state or spec gives for one kind of object; what a refresh has noted as removed is not given. */
export function given(mappings: JobMappings, object: MappedObject): Map<string, AttributeMapping> {
  const entries = Object.entries(mappings[object]);
  return new Map(
    entries.filter((entry): entry is [string, AttributeMapping] => entry[1] !== REMOVED_BY_HAND),
  );
}

export interface Expected {
  form: ObservedMapping;
  /** Absent when the template's own mapping is expected. */
  given?: AttributeMapping;
  template?: GraphAttributeMapping;
}

/**
 * Target attribute -> the mapping that belongs there. `exact` is for users only: a product's guide that lists its user
 * mappings says nothing of groups, which keep the template's beside those given.
 */
export function expectedMappings(
  template: SynchronizationSchema,
  mappings: JobMappings,
  object: MappedObject,
): Map<string, Expected> {
  const ofTemplate = byTarget(objectMapping(template, object));
  const expected = new Map<string, Expected>();
  if (object === "group" || mappings.base === "template") {
    for (const [target, mapping] of ofTemplate)
      expected.set(target, { form: observed(mapping), template: mapping });
  }
  for (const [target, mapping] of given(mappings, object)) {
    const base = ofTemplate.get(target);
    expected.set(target, {
      form: declared(mapping, base),
      given: mapping,
      ...(base ? { template: base } : {}),
    });
  }
  return expected;
}

/** What of an object mapping, beside its attributes, can be changed in the portal; as text, to be compared and shown. */
export function objectSettings(mapping: ObjectMapping): Record<"enabled" | "flowTypes" | "scope", string> {
  return {
    enabled: String(mapping.enabled),
    flowTypes: mapping.flowTypes
      .split(",")
      .map((type) => type.trim())
      .sort()
      .join(","),
    scope: mapping.scope && mapping.scope.groups.length > 0 ? JSON.stringify(mapping.scope.groups) : "",
  };
}
