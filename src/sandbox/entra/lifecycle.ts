import type { TenantState } from "./tenant-state.ts";

/** Moves a user to the recycle bin; memberships and assignments come back with a restore. */
export function softDeleteUser({ documents, clock }: TenantState, id: string): void {
  const user = documents.users.get(id);
  if (user) documents.users.put(id, { ...user, deletedDateTime: clock.now().toISOString() });
}

/** Takes a user or group out of the recycle bin. @returns whether it was there */
export function restore({ documents }: TenantState, id: string): boolean {
  const user = documents.users.get(id);
  if (user?.deletedDateTime) documents.users.put(id, { ...user, deletedDateTime: null });
  const group = documents.groups.get(id);
  if (group?.deletedDateTime) documents.groups.put(id, { ...group, deletedDateTime: null });
  return Boolean(user?.deletedDateTime || group?.deletedDateTime);
}

/** Deletes a user for good, with everything that names it. */
export function deleteUser(tenant: TenantState, id: string): void {
  const { users } = tenant.documents;
  for (const user of users.values()) if (user.manager === id) users.put(user.id, { ...user, manager: null });
  users.delete(id);
  forgetPrincipal(tenant, id);
}

/** Puts a group into the recycle bin, as happens to Microsoft 365 groups. */
export function softDeleteGroup({ documents, clock }: TenantState, id: string): void {
  const group = documents.groups.get(id);
  if (group) documents.groups.put(id, { ...group, deletedDateTime: clock.now().toISOString() });
}

/** Deletes a group for good, with everything that names it. */
export function deleteGroup(tenant: TenantState, id: string): void {
  tenant.documents.groups.delete(id);
  forgetPrincipal(tenant, id);
}

/** Deletes an application with its service principal. */
export function deleteApplication(tenant: TenantState, id: string): void {
  const { applications, servicePrincipals, owners } = tenant.documents;
  const application = applications.get(id);
  applications.delete(id);
  owners.delete(id);
  for (const principal of servicePrincipals.values()) {
    if (principal.appId === application?.appId) deleteServicePrincipal(tenant, principal.id);
  }
}

/** Deletes a service principal with its assignments, credentials and jobs. */
export function deleteServicePrincipal(tenant: TenantState, id: string): void {
  const { servicePrincipals, assignments, secrets, jobs, owners } = tenant.documents;
  servicePrincipals.delete(id);
  owners.delete(id);
  secrets.delete(id);
  for (const job of jobs.values()) if (job.servicePrincipalId === id) deleteJob(tenant, job.id);
  for (const assignment of assignments.values())
    if (assignment.resourceId === id) assignments.delete(assignment.id);
  forgetPrincipal(tenant, id);
}

/** Deletes a synchronization job with its schema and what it remembers of the target. */
export function deleteJob({ documents }: TenantState, id: string): void {
  documents.jobs.delete(id);
  documents.schemas.delete(id);
  documents.memories.delete(id);
}

/** Hands the roles of an application on to its service principal; assignments of roles that are gone go with them. */
export function propagateRoles({ documents }: TenantState, applicationId: string): void {
  const application = documents.applications.get(applicationId);
  const principal = documents.servicePrincipals.values().find(({ appId }) => appId === application?.appId);
  if (!application || !principal) return;
  documents.servicePrincipals.put(principal.id, {
    ...principal,
    displayName: application.displayName,
    appDisplayName: application.displayName,
    appRoles: structuredClone(application.appRoles),
  });
  const roles = new Set(application.appRoles.map(({ id }) => id));
  for (const assignment of documents.assignments.values()) {
    const gone =
      principal.appRoles.some(({ id }) => id === assignment.appRoleId) && !roles.has(assignment.appRoleId);
    if (assignment.resourceId === principal.id && gone) documents.assignments.delete(assignment.id);
  }
}

function forgetPrincipal({ documents }: TenantState, id: string): void {
  const { assignments, groups } = documents;
  for (const assignment of assignments.values())
    if (assignment.principalId === id) assignments.delete(assignment.id);
  for (const group of groups.values()) {
    if (!group.members.includes(id) && !group.owners.includes(id)) continue;
    const without = (ids: string[]) => ids.filter((other) => other !== id);
    groups.put(group.id, { ...group, members: without(group.members), owners: without(group.owners) });
  }
}
