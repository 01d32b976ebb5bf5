import type { Environment } from "../clients/environment.ts";

/** Allows, for one run, more removals than the spec does: `datahub=25,collate=3`. */
export const ALLOW_REMOVALS = "ROLLCALL_ALLOW_REMOVALS";

/**
 * Refuses to take more principals out of an application than allowed.
 * @param losing what each principal is called in the spec or the tenant
 * @param because what takes them out, where it is not that the spec leaves them out
 */
export function assertRemovalsAllowed(
  losing: string[],
  application: string,
  maxRemovals: number,
  env: Environment,
  because?: string,
): void {
  if (losing.length <= Math.max(maxRemovals, allowedRemovals(application, env))) return;
  throw new Error(
    [
      ...(because ? [`${because}.`] : []),
      `This would take ${count(losing.length)} out of ${application}, and maxRemovals allows ${maxRemovals}:`,
      ...listed(losing),
      `Nobody was taken out. If that is what you want, allow it once: ${ALLOW_REMOVALS}=${application}=${losing.length}`,
    ].join("\n"),
  );
}

/** How many removals the environment allows this application in this run; 0 when it says nothing. */
export function allowedRemovals(application: string, env: Environment): number {
  for (const entry of (env[ALLOW_REMOVALS] ?? "").split(",")) {
    const separator = entry.lastIndexOf("=");
    if (entry.slice(0, separator).trim() === application) return Number(entry.slice(separator + 1)) || 0;
  }
  return 0;
}

const LISTED = 50;

export function listed(names: string[]): string[] {
  const lines = names.slice(0, LISTED).map((name) => `  - ${name}`);
  return names.length > LISTED ? [...lines, `  … and ${names.length - LISTED} more`] : lines;
}

function count(principals: number): string {
  return principals === 1 ? "1 principal" : `${principals} principals`;
}
