import type { Target } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";

/** The object that holds the target's attribute: the document, or its extension's object. */
function holder(document: JsonObject, target: Target): JsonObject | undefined {
  if (target.extension === undefined) return document;
  const extension = document[target.extension];
  return isObject(extension) ? extension : undefined;
}

/** The value of the target's attribute, without its sub-attribute. */
export function attributeAt(document: JsonObject, target: Target): Json | undefined {
  return holder(document, target)?.[target.attribute.name];
}

/** Sets the target's attribute, without its sub-attribute, or unassigns it when `value` is undefined. */
export function setAttribute(document: JsonObject, target: Target, value: Json | undefined): void {
  const { extension, attribute } = target;
  const empty = value === undefined || (Array.isArray(value) && value.length === 0);
  let object = holder(document, target);
  if (!object) {
    if (empty || extension === undefined) return;
    object = {};
    document[extension] = object;
  }
  if (empty) delete object[attribute.name];
  else object[attribute.name] = value;
  if (extension !== undefined && Object.keys(object).length === 0) delete document[extension];
}

/** Sets a target, sub-attribute included, in a singular attribute. */
export function setAt(document: JsonObject, target: Target, value: Json | undefined): void {
  if (!target.sub) {
    setAttribute(document, target, value);
    return;
  }
  const current = attributeAt(document, target);
  const next: JsonObject = isObject(current) ? { ...current } : {};
  if (value === undefined) delete next[target.sub.name];
  else next[target.sub.name] = value;
  setAttribute(document, target, Object.keys(next).length > 0 ? next : undefined);
}

/** As {@link setAt}, but the sub-attributes of a singular complex value that are not given stay (RFC 7644 section 3.5.2.3). */
export function mergeAt(document: JsonObject, target: Target, value: Json | undefined): void {
  const current = target.sub ? undefined : attributeAt(document, target);
  if (!target.attribute.multiValued && isObject(current) && isObject(value)) {
    setAttribute(document, target, { ...current, ...value });
  } else setAt(document, target, value);
}
