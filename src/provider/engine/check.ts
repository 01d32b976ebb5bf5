import type { ObjectSpec, PackageSpec, PropertySpec } from "./package-schema.ts";
import { isMap, isUnknown, type PropertyMap, type Value } from "./values.ts";

export interface CheckFailure {
  property: string;
  reason: string;
}

/** What of `value` does not fit the package's own description of it. What is unknown fits. */
export function checkObject(
  value: PropertyMap,
  spec: ObjectSpec,
  types: PackageSpec["types"],
  path = "",
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const name of spec.required ?? []) {
    if (value[name] === undefined || value[name] === null) {
      failures.push({ property: `${path}${name}`, reason: "is required" });
    }
  }
  for (const [name, item] of Object.entries(value)) {
    const expected = spec.properties[name];
    if (!expected) failures.push({ property: `${path}${name}`, reason: "is not a property of this type" });
    else if (item !== null) failures.push(...checkValue(item, expected, types, `${path}${name}`));
  }
  return failures;
}

function checkValue(
  value: Value,
  spec: PropertySpec,
  types: PackageSpec["types"],
  path: string,
): CheckFailure[] {
  if (isUnknown(value)) return [];
  if (spec.$ref) {
    const type = types[spec.$ref.replace("#/types/", "")];
    if (!type) return [];
    if (!isMap(value)) return [{ property: path, reason: `must be an object, and is ${nameOf(value)}` }];
    return checkObject(value, type, types, `${path}.`);
  }
  if (!fits(value, spec.type)) {
    return [{ property: path, reason: `must be of type ${spec.type}, and is ${nameOf(value)}` }];
  }
  const { items, additionalProperties } = spec;
  if (items && Array.isArray(value)) {
    return value.flatMap((item, index) => checkValue(item, items, types, `${path}[${index}]`));
  }
  if (additionalProperties && isMap(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      checkValue(item, additionalProperties, types, `${path}["${key}"]`),
    );
  }
  return [];
}

function fits(value: Value, type: PropertySpec["type"]): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isMap(value);
    default:
      return typeof value === type;
  }
}

function nameOf(value: Value): string {
  if (Array.isArray(value)) return "a list";
  return value === null ? "null" : `of type ${typeof value}`;
}
