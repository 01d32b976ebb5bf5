import { listed } from "./removal-limit.ts";

/**
 * Says of a change that failed half way what failed, and why, and what was not done for it.
 * @param reasons one for each failure
 * @param left what else is to be done, each under why it was not
 */
export function leftToDo(
  application: string,
  reasons: string[],
  left: readonly (readonly [why: string, what: string[]])[],
): string {
  return [
    `${application}: not all of it could be done; the next run goes on from here.`,
    ...listed(reasons),
    ...left.flatMap(([why, what]) => (what.length > 0 ? [`${why}:`, ...listed(what)] : [])),
  ].join("\n");
}

/** Was not tried, or nobody answered. */
export const NOT_DONE = "Not done, as far as is known";

/** How a change that takes out is told from one that lets in. */
export const toBeRemoved = (key: string) => `${key}, to be removed`;
