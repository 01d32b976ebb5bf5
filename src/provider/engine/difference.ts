import { isMap, isUnknown, type Value } from "./values.ts";

export interface Difference {
  /** Pulumi's property path: `assignments["group:governance-team Reader"]`. */
  path: string;
  kind: "add" | "delete" | "update";
}

/** What differs between two plain values, at the deepest path where it can be named; the order of a list counts. */
export function differences(old: Value | undefined, next: Value | undefined, path = ""): Difference[] {
  if (old === undefined && next === undefined) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (next === undefined) return [{ path, kind: "delete" }];
  if (isMap(old) && isMap(next)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
    return [...keys].flatMap((key) => differences(old[key], next[key], joined(path, key)));
  }
  if (Array.isArray(old) && Array.isArray(next)) {
    const length = Math.max(old.length, next.length);
    return Array.from({ length }, (_, index) =>
      differences(old[index], next[index], `${path}[${index}]`),
    ).flat();
  }
  return old === next && !isUnknown(next) ? [] : [{ path, kind: "update" }];
}

/** Pulumi's property path of a member. */
export function joined(path: string, key: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return path === "" ? key : `${path}.${key}`;
  return `${path}["${key.replaceAll('"', '\\"')}"]`;
}
