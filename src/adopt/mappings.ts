import type { GraphAttributeMapping } from "../clients/graph/synchronization-schema.ts";
import {
  byTarget,
  type MappedObject,
  objectMapping,
  observed,
  sameMapping,
} from "../provider/entra/job/mapping.ts";
import type { Schemas } from "../provider/entra/job/schema.ts";

/** A mapping as a spec has it. */
export interface SpecMapping {
  attribute?: string;
  constant?: string;
  expression?: string;
  match?: number;
  apply?: "onCreate";
  default?: string;
}

/**
 * The mappings of a job as `product: custom` declares them: only what differs from the template where nothing of the template was
 * taken out, all of them otherwise.
 */
export function mappingsOf(schemas: Schemas): {
  base: "template" | "exact";
  user: Record<string, SpecMapping>;
  group?: Record<string, SpecMapping>;
} {
  const user = { live: live(schemas, "user"), template: template(schemas, "user") };
  const exact = [...user.template.keys()].some((target) => !user.live.has(target));
  const group = differing(live(schemas, "group"), template(schemas, "group"));
  return {
    base: exact ? "exact" : "template",
    user:
      exact || schemas.live === schemas.template ? written(user.live) : differing(user.live, user.template),
    ...(Object.keys(group).length > 0 ? { group } : {}),
  };
}

type Mappings = Map<string, GraphAttributeMapping>;

const live = (schemas: Schemas, object: MappedObject) => byTarget(objectMapping(schemas.live, object));
const template = (schemas: Schemas, object: MappedObject) =>
  byTarget(objectMapping(schemas.template, object));

function differing(there: Mappings, usual: Mappings): Record<string, SpecMapping> {
  const changed = [...there].filter(([target, mapping]) => {
    const original = usual.get(target);
    return !original || !sameMapping(observed(mapping), observed(original));
  });
  return written(new Map(changed));
}

function written(mappings: Mappings): Record<string, SpecMapping> {
  return Object.fromEntries([...mappings].map(([target, mapping]) => [target, asSpec(mapping)]));
}

function asSpec(mapping: GraphAttributeMapping): SpecMapping {
  const { expression, matchingPriority, apply, defaultValue } = observed(mapping);
  const attribute = /^\[([A-Za-z_][\w.]*)\]$/.exec(expression)?.[1];
  const source =
    attribute === undefined
      ? mapping.source?.type === "Constant"
        ? { constant: mapping.source.name ?? "" }
        : { expression }
      : { attribute };
  return {
    ...source,
    ...(matchingPriority > 0 ? { match: matchingPriority } : {}),
    ...(apply === "onCreate" ? { apply } : {}),
    ...(defaultValue ? { default: defaultValue } : {}),
  };
}
