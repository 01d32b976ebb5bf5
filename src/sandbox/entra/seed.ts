import type { EntraDirectory } from "../../directory/entra.ts";
import { missingFrom } from "../../directory/missing.ts";
import type { AppIdentity } from "./app-identity.ts";
import type { AppRoleDocument, ServicePrincipalDocument } from "./documents.ts";
import { PERMISSIONS } from "./permissions.ts";
import type { TenantState } from "./tenant-state.ts";

/** The application id of Microsoft Graph, the same in every tenant. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";

/** Puts people and groups into a tenant that has none yet, or that lacks some of them when it is to grow. */
export function seedDirectory(
  { documents }: TenantState,
  directory: EntraDirectory,
  directoryGrows = false,
): void {
  if (!directoryGrows && (documents.users.size > 0 || documents.groups.size > 0)) return;
  const named = (name: string) => name.toLowerCase();
  const people = new Set(
    documents.users.values().flatMap((user) => [user.id, named(user.userPrincipalName)]),
  );
  const groups = new Set(documents.groups.values().flatMap((group) => [group.id, named(group.displayName)]));
  const missing = missingFrom(directory, {
    user: (user) => people.has(user.id) || people.has(named(user.userPrincipalName)),
    group: (group) => groups.has(group.id) || groups.has(named(group.displayName)),
  });
  for (const user of missing.users) documents.users.put(user.id, structuredClone(user));
  for (const group of missing.groups) {
    documents.groups.put(group.id, { ...structuredClone(group), owners: [] });
  }
}

/**
 * Makes the service principals of Microsoft Graph and of the deployment identities, with the permissions consented to now:
 * what an identity no longer names is withdrawn.
 */
export function seedIdentities(tenant: TenantState, identities: readonly AppIdentity[]): void {
  const graph = servicePrincipal(tenant, GRAPH_APP_ID, "Microsoft Graph", graphRoles());
  for (const identity of identities) {
    const principal = servicePrincipal(tenant, identity.clientId, identity.displayName, []);
    consent(tenant, graph, principal, identity);
  }
}

function consent(
  tenant: TenantState,
  graph: ServicePrincipalDocument,
  principal: ServicePrincipalDocument,
  identity: AppIdentity,
): void {
  const { assignments } = tenant.documents;
  const granted = new Set<string>();
  for (const assignment of assignments.values()) {
    if (assignment.principalId !== principal.id || assignment.resourceId !== graph.id) continue;
    if (identity.permissions.some((name) => PERMISSIONS[name] === assignment.appRoleId)) {
      granted.add(assignment.appRoleId);
    } else {
      assignments.delete(assignment.id);
    }
  }
  for (const name of identity.permissions) {
    if (granted.has(PERMISSIONS[name])) continue;
    const id = tenant.random.id("", 43);
    assignments.put(id, {
      id,
      appRoleId: PERMISSIONS[name],
      createdDateTime: tenant.clock.now().toISOString(),
      principalDisplayName: principal.displayName,
      principalId: principal.id,
      principalType: "ServicePrincipal",
      resourceDisplayName: graph.displayName,
      resourceId: graph.id,
    });
  }
}

function servicePrincipal(
  { documents, random, tenantId }: TenantState,
  appId: string,
  displayName: string,
  appRoles: AppRoleDocument[],
): ServicePrincipalDocument {
  const known = documents.servicePrincipals.values().find((principal) => principal.appId === appId);
  const principal: ServicePrincipalDocument = {
    ...(known ?? {
      id: random.uuid(),
      appId,
      applicationTemplateId: null,
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      servicePrincipalType: "Application",
      tags: [],
      appOwnerOrganizationId: tenantId,
      servicePrincipalNames: [appId],
    }),
    displayName,
    appRoles,
  };
  documents.servicePrincipals.put(principal.id, principal);
  return principal;
}

function graphRoles(): AppRoleDocument[] {
  return Object.entries(PERMISSIONS).map(([value, id]) => ({
    id,
    allowedMemberTypes: ["Application"],
    description: value,
    displayName: value,
    isEnabled: true,
    origin: "Application",
    value,
  }));
}
