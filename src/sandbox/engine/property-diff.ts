import { parsePropertyPath, valueAt } from "./property-path.ts";
import type { DetailedChange } from "./resource-provider.ts";
import type { PropertyChange } from "./result.ts";
import { equal, isMap, isSecret, type PropertyMap, presentable, type Value } from "./values.ts";

/** Where two property maps differ, one line for each entry of a nested map. */
export function compare(
  olds: PropertyMap,
  news: PropertyMap,
  replaces: readonly string[] = [],
): PropertyChange[] {
  const changes: PropertyChange[] = [];
  const visit = (path: string, old: Value | undefined, fresh: Value | undefined, replace: boolean): void => {
    if (equal(old, fresh)) return;
    if (isOpenMap(old ?? fresh) && isOpenMap(fresh ?? old)) {
      const left = isMap(old) ? old : {};
      const right = isMap(fresh) ? fresh : {};
      for (const key of keysOf(left, right)) visit(join(path, key), left[key], right[key], replace);
      return;
    }
    changes.push(describe(path, old, fresh, replace));
  };
  for (const key of keysOf(olds, news)) visit(key, olds[key], news[key], replaces.includes(key));
  return changes;
}

/** The lines of a provider's own detailed diff. */
export function detailedChanges(
  detailed: Record<string, DetailedChange>,
  olds: { inputs: PropertyMap; outputs: PropertyMap },
  news: PropertyMap,
): PropertyChange[] {
  return Object.entries(detailed)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, { kind, replace, inputDiff }]) => {
      const keys = parsePropertyPath(path);
      const shown = (map: PropertyMap) => {
        const { value, hidden } = valueAt(map, keys);
        return hidden ? "[secret]" : show(value);
      };
      const old = shown(inputDiff ? olds.inputs : olds.outputs);
      const fresh = shown(news);
      return {
        path,
        kind,
        replace,
        ...(kind !== "add" && old !== undefined && { old }),
        ...(kind !== "delete" && fresh !== undefined && { new: fresh }),
      };
    });
}

function keysOf(left: PropertyMap, right: PropertyMap): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
}

/** A map whose entries are lines of their own: not a secret, and not empty. */
function isOpenMap(value: Value | undefined): boolean {
  return isMap(value) && !isSecret(value) && Object.keys(value).length > 0;
}

function join(path: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function describe(
  path: string,
  old: Value | undefined,
  fresh: Value | undefined,
  replace: boolean,
): PropertyChange {
  const kind = old === undefined ? "add" : fresh === undefined ? "delete" : "update";
  const before = show(old);
  const after = show(fresh);
  return {
    path,
    kind,
    replace,
    ...(before !== undefined && { old: before }),
    ...(after !== undefined && { new: after }),
  };
}

function show(value: Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  const shown = presentable(value);
  return shown === value || typeof shown !== "string" ? JSON.stringify(shown) : shown;
}
