import type { AppRoleAssignmentsInputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { listed } from "../../removal-limit.ts";
import { isImported } from "../../take-over.ts";
import { type Grant, identity, type LiveGrant } from "./plan.ts";

type Roles = Pick<AppRoleAssignmentsInputs, "roles" | "exclusive">;

/** Ids of roles that the spec does not have any more: they are deleted when the assignments are written. */
export function leavingRoles(inputs: Roles, next: Roles): ReadonlySet<string> {
  // An import knows of the roles that people have, be they rollcall's or not.
  if (isImported(inputs)) return new Set();
  const staying = new Set(Object.values(next.roles));
  return new Set(Object.values(inputs.roles).filter((id) => !staying.has(id)));
}

/**
 * Names those who lose a role that leaves the spec though the spec does not have them: Entra deletes the assignments of a
 * role together with it.
 * @param known grants that the state or the spec has, which the diff shows
 * @returns the grants of those among them who have no other role that stays
 */
export function warnOfLeavingRoles(
  live: LiveGrant[],
  known: Grant[],
  leaving: ReadonlySet<string>,
  application: string,
  context: Context,
): LiveGrant[] {
  const shown = new Set(known.map(identity));
  const others = live.filter((grant) => !shown.has(identity(grant)));
  const losing = others.filter(({ appRoleId }) => leaving.has(appRoleId));
  if (losing.length === 0) return [];
  context.warn(
    [
      `${application}: a role leaves the spec, and Entra takes it from all who have it. The spec does not declare these:`,
      ...listed(losing.map(({ key }) => key).sort()),
    ].join("\n"),
  );
  const staying = new Set(
    others.filter(({ appRoleId }) => !leaving.has(appRoleId)).map(({ principalId }) => principalId),
  );
  return losing.filter(({ principalId }) => !staying.has(principalId));
}

/** A role's resource bears its name, so that a role which keeps its id under another name is made twice and then deleted. */
export function warnOfRenamedRoles(
  inputs: Roles,
  { roles, application }: Pick<AppRoleAssignmentsInputs, "roles" | "application">,
  context: Context,
): void {
  const names = new Map(Object.entries(roles).map(([name, id]) => [id, name]));
  for (const [old, id] of Object.entries(isImported(inputs) ? {} : inputs.roles)) {
    const name = names.get(id);
    if (name === undefined || name.toLowerCase() === old.toLowerCase()) continue;
    context.warn(
      `${application}: the role ${old} is called ${name} now and keeps its id, but its resource bears the old name. If you have not done so, rename that one in the state before \`up\`, and import nothing: otherwise the role is deleted, and everybody loses it.\n  pulumi state rename '<URN of ${application}-role-${old.toLowerCase()}, from pulumi stack --show-urns>' ${application}-role-${name.toLowerCase()}`,
    );
  }
}
