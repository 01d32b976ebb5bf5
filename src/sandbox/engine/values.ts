/**
 * Property values as Pulumi's protocol carries them: JSON, with two marks in it. An unknown value is a well-known string, a
 * secret is an object with a signature key.
 */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

/** Stands for a value that is known only after an `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export function isMap(value: Value | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: Value | undefined): value is PropertyMap {
  return isMap(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

export function secret(value: Value): PropertyMap {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** The value inside a secret, and any other value as it is. */
export function reveal(value: Value): Value {
  return isSecret(value) ? reveal(value.value ?? null) : value;
}

/** Rebuilds a value from the leaves up; `visit` sees each node after its children. */
function rebuild(value: Value, visit: (node: Value) => Value): Value {
  if (Array.isArray(value)) return visit(value.map((item) => rebuild(item, visit)));
  if (isMap(value)) return visit(mapEntries(value, (item) => rebuild(item, visit)));
  return visit(value);
}

export function mapEntries(map: PropertyMap, transform: (value: Value, key: string) => Value): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, transform(value, key)]));
}

/** The map without the secret marks, for a provider that does not take them. */
export function revealAll(map: PropertyMap): PropertyMap {
  return mapEntries(map, (value) => rebuild(value, reveal));
}

/** What may be shown: each secret is replaced whole, and what is not known yet says so. */
export function presentable(value: Value): Value {
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "known after up";
  if (Array.isArray(value)) return value.map(presentable);
  if (isMap(value)) return mapEntries(value, presentable);
  return value;
}

function some(value: Value, test: (node: Value) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => some(item, test));
  return isMap(value) && Object.values(value).some((item) => some(item, test));
}

export function hasUnknown(value: Value): boolean {
  return some(value, (node) => node === UNKNOWN);
}

export function hasSecret(value: Value): boolean {
  return some(value, isSecret);
}

/** The strings that secrets hold anywhere in `value`. */
export function secretStrings(value: Value): string[] {
  const found: string[] = [];
  const collect = (node: Value, hidden: boolean): void => {
    if (typeof node === "string") {
      if (hidden) found.push(node);
    } else if (isSecret(node)) collect(node.value ?? null, true);
    else if (Array.isArray(node)) for (const item of node) collect(item, hidden);
    else if (isMap(node)) for (const item of Object.values(node)) collect(item, hidden);
  };
  collect(value, false);
  return found;
}

/** Equal as JSON; the order of keys does not matter, and a secret equals only a secret. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => equal(left[key], right[key]));
  }
  return false;
}

/** Marks as secret each top-level output whose input of the same name is one, for a provider that does not keep the marks. */
export function keepSecrets(
  outputs: PropertyMap,
  inputs: PropertyMap,
  alsoSecret: readonly string[] = [],
): PropertyMap {
  return mapEntries(outputs, (value, key) => {
    const hide = hasSecret(inputs[key] ?? null) || alsoSecret.includes(key);
    return hide && !isSecret(value) ? secret(value) : value;
  });
}
