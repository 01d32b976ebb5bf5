import type { AttributePath } from "../../scim/ast.ts";
import { parseAttributePath } from "../../scim/path.ts";
import { Intake } from "../deviation.ts";
import type { ResourceModel, Target } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { compileElementFilter } from "./predicate.ts";

interface Selection {
  /** A whole extension when `attribute` is missing. */
  extension?: string;
  attribute?: string;
  sub?: string;
  matches?: (element: Json) => boolean;
}

/** What a response leaves out, RFC 7644 section 3.9. */
export interface Projection {
  /** Whether a core attribute appears at all, so that a costly one is loaded only when needed. */
  wants(attribute: string): boolean;
  apply(document: JsonObject): JsonObject;
}

/**
 * Reads `attributes` and `excludedAttributes`. Names that the schemas do not know select nothing.
 *
 * @returns undefined when neither is given: everything appears.
 */
export function readProjection(
  model: ResourceModel,
  attributes: string[],
  excluded: string[],
): Projection | undefined {
  if (attributes.length === 0 && excluded.length === 0) return undefined;
  const only = attributes.length > 0 ? select(model, attributes) : undefined;
  const without = select(model, excluded);
  const always = new Set(["schemas", "id"]);
  return {
    wants: (name) =>
      always.has(name) ||
      ((only === undefined || only.some((s) => s.extension === undefined && s.attribute === name)) &&
        !without.some(
          (s) => s.extension === undefined && s.attribute === name && s.sub === undefined && !s.matches,
        )),
    apply: (document) => {
      const kept = only ? keep(document, only, always) : { ...document };
      for (const selection of without) drop(kept, selection, always);
      return kept;
    },
  };
}

function select(model: ResourceModel, names: string[]): Selection[] {
  return names.flatMap((name) => {
    const extension = model.extension(name);
    if (extension !== undefined) return [{ extension }];
    const path = tryParse(name);
    const target = path && model.find(path);
    return path && target ? [selectionOf(path, target)] : [];
  });
}

function tryParse(name: string): AttributePath | undefined {
  try {
    return parseAttributePath(name, { lenient: true, maxLength: 1000 });
  } catch {
    return undefined;
  }
}

function selectionOf(path: AttributePath, target: Target): Selection {
  const selection: Selection = { attribute: target.attribute.name };
  if (target.extension !== undefined) selection.extension = target.extension;
  if (target.sub) selection.sub = target.sub.name;
  if (path.filter) selection.matches = compileElementFilter(path.filter, target.attribute, new Intake(true));
  return selection;
}

function keep(document: JsonObject, selections: Selection[], always: Set<string>): JsonObject {
  const kept: JsonObject = {};
  for (const name of always) if (document[name] !== undefined) kept[name] = document[name];
  for (const selection of selections) {
    const { extension, attribute } = selection;
    const source = extension === undefined ? document : document[extension];
    if (!isObject(source)) continue;
    if (attribute === undefined) {
      if (extension !== undefined) kept[extension] = source;
      continue;
    }
    const value = part(source[attribute], selection);
    if (value === undefined) continue;
    if (extension === undefined) kept[attribute] = merge(kept[attribute], value);
    else {
      const into = isObject(kept[extension]) ? { ...kept[extension] } : {};
      into[attribute] = merge(into[attribute], value);
      kept[extension] = into;
    }
  }
  return kept;
}

/** The selected part of an attribute; the elements of a list keep their places so that two selections merge. */
function part(value: Json | undefined, { sub, matches }: Selection): Json | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) {
    const chosen = matches ? value.filter(matches) : value;
    if (sub === undefined) return chosen;
    return chosen.map((element) => (isObject(element) ? pick(element, sub) : element));
  }
  return sub !== undefined && isObject(value) ? pick(value, sub) : value;
}

function pick(element: JsonObject, sub: string): JsonObject {
  const value = element[sub];
  return value === undefined ? {} : { [sub]: value };
}

function merge(present: Json | undefined, added: Json): Json {
  if (Array.isArray(present) && Array.isArray(added) && present.length === added.length) {
    return added.map((element, index) => merge(present[index], element));
  }
  return isObject(present) && isObject(added) ? { ...present, ...added } : added;
}

function drop(document: JsonObject, selection: Selection, always: Set<string>): void {
  const { extension, attribute, sub, matches } = selection;
  if (attribute === undefined) {
    if (extension !== undefined) delete document[extension];
    return;
  }
  if (extension === undefined && always.has(attribute)) return;
  const source = extension === undefined ? document : document[extension];
  if (!isObject(source)) return;
  const object = extension === undefined ? document : { ...source };
  const value = object[attribute];
  if (sub === undefined && !matches) delete object[attribute];
  else if (Array.isArray(value)) object[attribute] = withoutPart(value, sub, matches);
  else if (isObject(value) && sub !== undefined) object[attribute] = omit(value, sub);
  if (extension !== undefined) document[extension] = object;
}

function withoutPart(list: Json[], sub: string | undefined, matches?: (element: Json) => boolean): Json[] {
  if (sub === undefined) return list.filter((element) => !matches?.(element));
  return list.map((element) =>
    isObject(element) && (!matches || matches(element)) ? omit(element, sub) : element,
  );
}

function omit(element: JsonObject, sub: string): JsonObject {
  const { [sub]: _left, ...rest } = element;
  return rest;
}
