import type { SourcePosition } from "../yaml/source.ts";
import type { Problem } from "./problems.ts";

/**
 * Providers send a create again whose answer was lost, and azuread one that was answered with an error, so one attempt may
 * have made two applications.
 * @param named as in `name "DataHub"`
 * @param ids of all that are called so
 */
export function describeDuplicates(at: SourcePosition, named: string, ids: readonly string[]): Problem[] {
  if (ids.length < 2) return [];
  return [
    {
      code: "duplicate-application",
      at,
      message: `there are ${ids.length} applications with the ${named}: ${ids.join(", ")}`,
      why: "one of them may be left from an attempt that was broken off, and people cannot tell them apart",
      help: "delete the one that is not in this stack: `pulumi stack output applications` has the other's id",
    },
  ];
}
