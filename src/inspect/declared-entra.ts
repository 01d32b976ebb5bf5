import type { DesiredEntraApplication } from "../desired/model.ts";
import { assignmentKey, type EntraPlan } from "../program/entra-plan.ts";
import { TEMPLATE_USER_ROLE } from "../program/entra-template.ts";
import type { AppRoleAssignmentsInputs, JobMappings, ProvisioningJobInputs } from "../provider/contract.ts";

/** Role value -> app role id, for the roles that an application's assignments may name. */
export function declaredRoles({ roles }: DesiredEntraApplication): Record<string, string> {
  const assignable = roles.length > 0 ? roles : [TEMPLATE_USER_ROLE];
  return Object.fromEntries(assignable.map(({ value, id }) => [value, id]));
}

/** The assignments that the spec declares, with everything undeclared to be seen beside them. */
export function declaredAssignments(
  { desired, assignments }: EntraPlan,
  servicePrincipalId: string,
): AppRoleAssignmentsInputs {
  return {
    servicePrincipalId,
    roles: declaredRoles(desired),
    assignments,
    exclusive: true,
    maxRemovals: desired.maxRemovals,
    pinned: desired.assignments.filter(({ id }) => id !== undefined).map(assignmentKey),
    application: desired.name,
  };
}

export function declaredMappings({ mappings }: DesiredEntraApplication): JobMappings {
  const { base, user, group = {}, targetAttributes } = mappings;
  return { base, user, group, targetAttributes };
}

export function declaredNotifications({
  provisioning: { notify, accidentalDeletionThreshold },
}: DesiredEntraApplication): ProvisioningJobInputs["notifications"] {
  return {
    ...(notify !== undefined && { recipient: notify }),
    ...(accidentalDeletionThreshold !== undefined && { deleteThreshold: accidentalDeletionThreshold }),
  };
}
