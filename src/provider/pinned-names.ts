import { isUnknown } from "./engine/values.ts";

/** Names in a spec, and the ids that were found behind them. */
export type Principals = Record<string, string>;

/**
 * Refuses an id that changed behind a name: another object took the name, and with it the access.
 * @param pinned names whose id the spec itself gives
 */
export function assertSameIds(
  known: Principals,
  next: Principals,
  pinned: ReadonlySet<string>,
  application: string,
): void {
  const changed = Object.entries(next).filter(([name, id]) => {
    const before = known[name];
    return before !== undefined && before !== id && !isUnknown(id) && !pinned.has(name);
  });
  if (changed.length === 0) return;
  throw new Error(
    [
      `Another object stands behind ${changed.length === 1 ? "a name" : "names"} in ${application} than the one access was given to:`,
      ...changed.map(([name, id]) => `  - ${name} was ${known[name]} and is now ${id}`),
      "Nothing was changed. Somebody may have deleted and made it again, or taken its name. If access is meant for the new one, pin it in the spec with `id:`.",
    ].join("\n"),
  );
}
