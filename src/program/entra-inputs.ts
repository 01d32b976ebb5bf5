import type { AppRole, DesiredEntraApplication, DesiredMappings, EntraAssignment } from "../desired/model.ts";
import type { AppRoleAssignmentsInputs, JobMappings, ProvisioningJobInputs } from "../provider/contract.ts";
import { distinctKeys } from "./distinct-keys.ts";
import { TEMPLATE_USER_ROLE } from "./entra-template.ts";

// What a spec's words become as inputs of the provider, for who makes them and for who compares them with the tenant.

/** What each of an application's assignments is called in diffs, in the state and in messages. */
export function assignmentKeys(
  assignments: readonly EntraAssignment[],
): ReadonlyMap<EntraAssignment, string> {
  return distinctKeys(assignments, ({ kind, name, role }) => ({
    name: `${kind}:${name}`,
    role: ` ${role ?? TEMPLATE_USER_ROLE.value}`,
  }));
}

/** The roles that assignments may name; the template's own where none is declared. */
export function roleIds(roles: readonly AppRole[]): AppRoleAssignmentsInputs["roles"] {
  const assignable = roles.length > 0 ? roles : [TEMPLATE_USER_ROLE];
  return Object.fromEntries(assignable.map(({ value, id }) => [value, id]));
}

export function jobMappings({ base, user, group = {}, targetAttributes }: DesiredMappings): JobMappings {
  return { base, user, group, targetAttributes };
}

export function notifications({
  notify,
  accidentalDeletionThreshold,
}: DesiredEntraApplication["provisioning"]): ProvisioningJobInputs["notifications"] {
  return {
    ...(notify !== undefined && { recipient: notify }),
    ...(accidentalDeletionThreshold !== undefined && { deleteThreshold: accidentalDeletionThreshold }),
  };
}
