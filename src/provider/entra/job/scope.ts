import type { SynchronizationJob } from "../../../clients/graph/synchronization.ts";
import type { ProvisioningJobInputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { ALLOW_REMOVALS, allowedRemovals } from "../../removal-limit.ts";

/** How many users a job provisions now, by its own count. */
export function provisionedUsers({ status }: SynchronizationJob): number {
  const entries = status.synchronizedEntryCountByType ?? [];
  return entries.filter(({ key }) => key.startsWith("User")).reduce((sum, { value }) => sum + value, 0);
}

/**
 * Says what another scope does to people.
 * @param users how many are provisioned and not counted otherwise; a scope that narrows counts them against `maxRemovals`
 */
export function warnOfScope(
  { application, scope, maxRemovals }: ProvisioningJobInputs,
  users: number,
  context: Context,
): void {
  if (scope === "all") {
    context.warn(
      `${application}: the scope widens from those who are assigned to everybody. All people and groups of the tenant arrive in the product from the next cycle on.`,
    );
    return;
  }
  context.warn(
    `${application}: the scope narrows from everybody to those who are assigned. Everybody else is deactivated in the product from the next cycle on, and groups that are not assigned are deleted there.`,
  );
  if (users <= Math.max(maxRemovals, allowedRemovals(application, context.env))) return;
  throw new Error(
    `A narrower scope would take up to ${users} people out of ${application}, all whom Entra provisions now but for those who are assigned, and maxRemovals allows ${maxRemovals}. Nobody was taken out. If that is what you want, allow it once: ${ALLOW_REMOVALS}=${application}=${users}`,
  );
}
