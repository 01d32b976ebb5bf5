import type { AttributePath } from "../../scim/ast.ts";
import { printAttributePath } from "../../scim/print.ts";
import type { Intake } from "../deviation.ts";
import { badValue, noTarget } from "../errors.ts";
import type { Target } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, sameJson } from "./json.ts";
import { compileElementFilter } from "./predicate.ts";
import { attributeAt, setAt, setAttribute } from "./target.ts";

/**
 * `remove`, RFC 7644 section 3.5.2.2. It never removes more than the operation names: with a value, which the RFC does not
 * foresee and Entra sends, just the elements of that value.
 */
export function removeAt(
  document: JsonObject,
  target: Target,
  path: AttributePath,
  value: Json | undefined,
  intake: Intake,
): void {
  const at = printAttributePath(path);
  const current = attributeAt(document, target);
  if (value !== undefined && !intake.lenient)
    throw badValue("`remove` takes no `value`: name it in the path.");
  if (path.filter) {
    removeMatching(document, target, path, Array.isArray(current) ? current : [], intake);
    return;
  }
  if (value !== undefined && !(value === "" && !target.attribute.multiValued)) {
    intake.note("remove-with-value", at);
    removeNamed(document, target, value, intake);
    return;
  }
  const { sub } = target;
  if (sub && Array.isArray(current)) {
    setAttribute(
      document,
      target,
      current.map((element) => without(element, sub.name)).filter((element) => !isEmpty(element)),
    );
  } else setAt(document, target, undefined);
}

function removeMatching(
  document: JsonObject,
  target: Target,
  path: AttributePath,
  list: Json[],
  intake: Intake,
): void {
  const matches = path.filter && compileElementFilter(path.filter, target.attribute, intake);
  const { sub } = target;
  let found = false;
  const kept: Json[] = [];
  for (const element of list) {
    if (!matches?.(element)) kept.push(element);
    else {
      found = true;
      const rest = sub ? without(element, sub.name) : undefined;
      if (rest !== undefined && !isEmpty(rest)) kept.push(rest);
    }
  }
  if (!found) {
    if (!intake.lenient) throw noTarget(`\`${printAttributePath(path)}\` matches no value.`);
    intake.note("remove-names-nothing", printAttributePath(path));
    return;
  }
  setAttribute(document, target, kept);
}

function removeNamed(document: JsonObject, target: Target, value: Json, intake: Intake): void {
  const at = target.attribute.name;
  const current = target.sub ? undefined : attributeAt(document, target);
  const named = Array.isArray(value) ? value : [value];
  if (Array.isArray(current)) {
    const kept = current.filter((element) => !named.some((name) => names(name, element)));
    if (kept.length === current.length) intake.note("remove-names-nothing", at);
    setAttribute(document, target, kept);
  } else if (current !== undefined && named.some((name) => names(name, current))) {
    setAttribute(document, target, undefined);
  } else intake.note("remove-names-nothing", at);
}

/** Whether what a caller sent names this element: by its `value`, or by every sub-attribute given. */
function names(given: Json, element: Json): boolean {
  if (!isObject(element)) return sameJson(given, element);
  if (!isObject(given)) return given !== null && given === element.value;
  if (given.value !== undefined && given.value !== null) return given.value === element.value;
  const keys = Object.keys(given).filter((key) => given[key] !== null);
  return keys.length > 0 && keys.every((key) => sameJson(given[key], element[key]));
}

function without(element: Json, sub: string): Json {
  if (!isObject(element)) return element;
  const { [sub]: _removed, ...rest } = element;
  return rest;
}

function isEmpty(element: Json): boolean {
  return isObject(element) && Object.keys(element).length === 0;
}
