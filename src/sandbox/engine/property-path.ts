import { isMap, isSecret, type PropertyMap, type Value } from "./values.ts";

/** `mappings.user["emails[type eq \"work\"].value"]` -> its keys; Pulumi's spelling of a place inside a property map. */
export function parsePropertyPath(path: string): (string | number)[] {
  const keys: (string | number)[] = [];
  const token = /\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/gy;
  while (token.lastIndex < path.length) {
    const start = token.lastIndex;
    const match = token.exec(path);
    if (!match)
      throw new Error(`"${path}" is not a property path: it cannot be read from character ${start + 1} on.`);
    const [, bare, quoted, index] = match;
    if (index !== undefined) keys.push(Number(index));
    else keys.push(quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/g, "$1"));
  }
  return keys;
}

/** The value at `path`, looking through secrets; undefined where there is none. A secret on the way keeps the result hidden. */
export function valueAt(
  map: PropertyMap,
  path: readonly (string | number)[],
): { value: Value | undefined; hidden: boolean } {
  let value: Value | undefined = map;
  let hidden = false;
  for (const key of path) {
    if (isSecret(value)) {
      hidden = true;
      value = value.value;
    }
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isMap(value) ? value[String(key)] : undefined;
  }
  return { value, hidden };
}
