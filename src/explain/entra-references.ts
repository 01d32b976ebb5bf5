import { groupsInScope } from "../provisioning/entra/groups.ts";
import type { ObjectPlan } from "../provisioning/entra/plan.ts";
import { referencePhase } from "../provisioning/entra/references.ts";
import type { Run } from "../provisioning/entra/run.ts";
import { scopeUsers } from "../provisioning/entra/users.ts";
import type { ScimRequest } from "../scim/wire.ts";
import { firstContact, productId } from "./first-contact.ts";

/**
 * Makes a run believe that everybody who arrives is in the product already, which is when Entra sends references.
 * @returns id of each person and group that is there -> the userName or the group's name
 */
export function everybodyIn(run: Run, users: ObjectPlan, groups: ObjectPlan): Map<string, string> {
  const names = new Map<string, string>();
  for (const { user, entitlement, source } of scopeUsers(run)) {
    const { values, failure } = source.mapped;
    const userName = [...values].find(([{ target }]) => target === "userName")?.[1];
    const matched = users.matching.some((attribute) => values.has(attribute));
    if (entitlement.state !== "entitled" || failure || !matched || typeof userName !== "string") continue;
    names.set(user.id, userName);
    run.users.set(user.id, {
      targetId: productId(userName),
      displayName: user.displayName,
      enabled: true,
      managed: true,
      references: {},
    });
  }
  for (const { id, displayName } of groupsInScope(run, groups)) {
    names.set(id, displayName);
    run.groups.set(id, { targetId: productId(displayName), displayName, members: [] });
  }
  return names;
}

/** What is sent of one object's manager or members, in a run that {@link everybodyIn} has prepared. */
export function referenceRequests(run: Run, id: string): ScimRequest[] {
  run.touched.set(id, undefined);
  return firstContact("", referencePhase(run));
}
