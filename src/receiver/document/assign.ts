import type { AttributePath, Filter } from "../../scim/ast.ts";
import { printAttributePath } from "../../scim/print.ts";
import type { Intake } from "../deviation.ts";
import { badPath, immutable, noTarget } from "../errors.ts";
import type { AttributeDefinition } from "../schema/definition.ts";
import type { Target } from "../schema/model.ts";
import { subAttribute } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, sameJson } from "./json.ts";
import { compileElementFilter } from "./predicate.ts";
import { attributeAt, mergeAt, setAt, setAttribute } from "./target.ts";
import { readElement, readValue } from "./value.ts";

/** `add`, RFC 7644 section 3.5.2.1: appends to a list what is not in it, merges into a complex value, sets the rest. */
export function addTo(
  document: JsonObject,
  target: Target,
  path: AttributePath,
  value: Json,
  intake: Intake,
): void {
  if (path.filter) {
    assignElements(document, target, path, path.filter, value, intake, "add");
    return;
  }
  if (target.attribute.multiValued && !target.sub) {
    const added = readValue(target.attribute, value, intake);
    if (Array.isArray(added)) append(document, target, added, intake);
    return;
  }
  assignWhole(document, target, value, intake);
}

/** `replace`, RFC 7644 section 3.5.2.3; null, and for the lenient an empty string for a complex value, unassigns. */
export function replaceIn(
  document: JsonObject,
  target: Target,
  path: AttributePath,
  value: Json,
  intake: Intake,
): void {
  if (path.filter) assignElements(document, target, path, path.filter, value, intake, "replace");
  else assignWhole(document, target, value, intake);
}

function assignWhole(document: JsonObject, target: Target, value: Json, intake: Intake): void {
  const { attribute, sub } = target;
  if (!sub) {
    mergeAt(document, target, readValue(attribute, value, intake));
    return;
  }
  const read = readValue(sub, value, intake, `${attribute.name}.${sub.name}`);
  if (!attribute.multiValued) {
    setAt(document, target, read);
    return;
  }
  const current = attributeAt(document, target);
  const list = Array.isArray(current) && current.length > 0 ? current : [{}];
  setAttribute(
    document,
    target,
    list.map((element) => withSub(element, sub, read)),
  );
}

function append(document: JsonObject, target: Target, added: Json[], intake: Intake): void {
  const current = attributeAt(document, target);
  const list: Json[] = Array.isArray(current) ? [...current] : [];
  for (const element of added) {
    const index = list.findIndex((present) => sameElement(present, element));
    const present = list[index];
    if (index < 0) list.push(element);
    else {
      intake.note("duplicate-member", target.attribute.name);
      if (isObject(present) && isObject(element)) list[index] = { ...present, ...element };
    }
    if (isObject(element) && element.primary === true)
      demoteOthers(list, index < 0 ? list.length - 1 : index);
  }
  setAttribute(document, target, list);
}

/** Two elements are one when they are equal, or have the same value and no different type. */
function sameElement(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b)) return sameJson(a, b);
  if (a.value === undefined || a.value !== b.value) return sameJson(a, b);
  return a.type === undefined || b.type === undefined || a.type === b.type;
}

/** A new primary value takes the place of the old one, RFC 7644 section 3.5.2. */
function demoteOthers(list: Json[], primary: number): void {
  list.forEach((element, index) => {
    if (index !== primary && isObject(element) && element.primary === true) {
      list[index] = { ...element, primary: false };
    }
  });
}

function assignElements(
  document: JsonObject,
  target: Target,
  path: AttributePath,
  filter: Filter,
  value: Json,
  intake: Intake,
  op: "add" | "replace",
): void {
  const { attribute, sub } = target;
  const matches = compileElementFilter(filter, attribute, intake);
  const current = attributeAt(document, target);
  const list: Json[] = Array.isArray(current) ? [...current] : [];
  let chosen = list.flatMap((element, index) => (matches(element) ? [index] : []));
  if (chosen.length === 0) {
    if (sub && readValue(sub, value, intake) === undefined) return;
    list.push(newElement(attribute, path, filter, intake));
    chosen = [list.length - 1];
  }
  for (const index of chosen) {
    const element = list[index] ?? {};
    const next = sub
      ? withSub(element, sub, readValue(sub, value, intake, `${attribute.name}.${sub.name}`))
      : newValue(attribute, element, filter, value, intake, op);
    if (isObject(next) && isObject(element) && next.value !== element.value)
      checkImmutable(attribute, element);
    list[index] = next;
    if (isObject(next) && next.primary === true) demoteOthers(list, index);
  }
  setAttribute(document, target, list);
}

function checkImmutable(attribute: AttributeDefinition, element: JsonObject): void {
  const value = subAttribute(attribute, "value");
  if (value?.mutability === "immutable" && element.value !== undefined) {
    throw immutable(`\`${attribute.name}.value\` cannot change: remove the old value and add the new one.`);
  }
}

function newValue(
  attribute: AttributeDefinition,
  element: Json,
  filter: Filter,
  value: Json,
  intake: Intake,
  op: "add" | "replace",
): Json {
  const [only = null] = Array.isArray(value) && intake.lenient && value.length === 1 ? value : [value];
  const read = readElement(attribute, only, intake) ?? {};
  if (!isObject(read) || !isObject(element)) return read;
  if (op === "add") return { ...element, ...read };
  // Replaced as a whole, but a lenient server does not lose the label by which the caller found the value.
  return intake.lenient ? { ...named(attribute, filter, intake), ...read } : read;
}

/** Entra expects `emails[type eq "work"].value` to make the work e-mail of somebody who has none. */
function newElement(
  attribute: AttributeDefinition,
  path: AttributePath,
  filter: Filter,
  intake: Intake,
): JsonObject {
  const at = printAttributePath(path);
  if (!intake.lenient) throw noTarget(`\`${at}\` matches no value.`);
  const element = named(attribute, filter, intake);
  if (!element)
    throw noTarget(`\`${at}\` matches no value, and its filter does not tell what a new one would be.`);
  intake.note("element-created", at);
  return element;
}

/** The sub-attributes that a filter of `eq` joined by `and` names. */
function named(attribute: AttributeDefinition, filter: Filter, intake: Intake): JsonObject | undefined {
  if (filter.kind === "and") {
    const parts = filter.operands.map((operand) => named(attribute, operand, intake));
    return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
  }
  if (filter.kind !== "compare" || filter.operator !== "eq") return undefined;
  const sub = subAttribute(attribute, filter.path.attribute);
  const value = sub && readValue(sub, filter.value, intake, `${attribute.name}.${sub.name}`);
  return sub && value !== undefined ? { [sub.name]: value } : undefined;
}

function withSub(element: Json, sub: AttributeDefinition, value: Json | undefined): Json {
  if (!isObject(element)) throw badPath(`\`${sub.name}\` cannot be set in a simple value.`);
  const next = { ...element };
  if (value === undefined) delete next[sub.name];
  else next[sub.name] = value;
  return next;
}
