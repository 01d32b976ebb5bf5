import { createHash } from "node:crypto";
import type { GraphObject } from "./filter.ts";
import { renderApplication, renderGroup, renderJob, renderServicePrincipal, renderUser } from "./render.ts";
import { isSensitive } from "./synchronization/secrets.ts";
import type { TenantState } from "./tenant-state.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/**
 * The whole tenant as JSON in which ids stand as what they name (`<user ada@acme.com>`) and times as `<time>`: two tenants that
 * were set up alike are equal in it. Secrets stand as digests, so that a change shows and a value does not.
 */
export function dumpTenant(tenant: TenantState): unknown {
  const { documents, tenantId } = tenant;
  const names = idNames(tenant);
  const content = {
    users: sorted(documents.users.values(), ({ userPrincipalName }) => userPrincipalName).map((user) => ({
      ...renderUser(user),
      manager: user.manager,
    })),
    groups: sorted(documents.groups.values(), ({ displayName }) => displayName).map((group) => ({
      ...renderGroup(group),
      members: named(group.members, names),
    })),
    applications: sorted(documents.applications.values(), ({ displayName }) => displayName).map(
      (application) => ({
        ...renderApplication(application),
        appRoles: sorted(application.appRoles, ({ id }) => id),
        owners: named(documents.owners.get(application.id) ?? [], names),
      }),
    ),
    servicePrincipals: sorted(documents.servicePrincipals.values(), ({ displayName }) => displayName)
      .filter(
        ({ appId }) =>
          !tenant.identities.has(appId) && documents.applications.values().some((one) => one.appId === appId),
      )
      .map((principal) => ({
        ...renderServicePrincipal(principal),
        appRoles: sorted(principal.appRoles, ({ id }) => id),
        owners: named(documents.owners.get(principal.id) ?? [], names),
        appRoleAssignedTo: assignments(tenant, principal.id, names),
        secrets: secrets(tenant, principal.id),
        jobs: jobs(tenant, principal.id),
      })),
  };
  const text = JSON.stringify(content)
    .replaceAll(tenantId, "<tenant>")
    .replaceAll(tenantId.replaceAll("-", ""), "<tenant>")
    .replace(UUID, (id) => names.get(id.toLowerCase()) ?? id)
    .replace(TIME, "<time>");
  return JSON.parse(text);
}

function idNames({ documents }: TenantState): Map<string, string> {
  const names = new Map<string, string>();
  const name = (id: unknown, text: string) =>
    names.set(String(id).toLowerCase(), JSON.stringify(`<${text}>`).slice(1, -1));
  for (const user of documents.users.values()) name(user.id, `user ${user.userPrincipalName}`);
  for (const group of documents.groups.values()) name(group.id, `group ${group.displayName}`);
  for (const application of documents.applications.values()) {
    name(application.id, `application ${application.displayName}`);
    name(application.appId, `client ${application.displayName}`);
    const scopes = (application.api as { oauth2PermissionScopes?: { id: string }[] } | undefined)
      ?.oauth2PermissionScopes;
    for (const scope of scopes ?? []) name(scope.id, `scope of ${application.displayName}`);
  }
  for (const principal of documents.servicePrincipals.values()) {
    name(principal.id, `service principal ${principal.displayName}`);
  }
  for (const schema of documents.schemas.values()) {
    for (const directory of schema.directories) {
      if (directory.name === "customappsso") name(directory.id, "target directory");
    }
  }
  return names;
}

function assignments(
  { documents }: TenantState,
  resourceId: string,
  names: Map<string, string>,
): GraphObject[] {
  const principal = documents.servicePrincipals.get(resourceId);
  const roleName = (id: string) => principal?.appRoles.find((role) => role.id === id)?.displayName ?? id;
  const present = documents.assignments
    .values()
    .filter((assignment) => assignment.resourceId === resourceId)
    .map((assignment) => ({
      principal: names.get(assignment.principalId) ?? assignment.principalId,
      role: roleName(assignment.appRoleId),
    }));
  return sorted(present, ({ principal: who, role }) => `${who} ${role}`);
}

function secrets({ documents }: TenantState, principalId: string): GraphObject[] {
  const digest = (value: string) => `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 12)}`;
  const present = documents.secrets.get(principalId) ?? [];
  return sorted(present, ({ key }) => key).map(({ key, value }) => ({
    key,
    value: isSensitive(key) ? digest(value) : value,
  }));
}

function jobs({ documents }: TenantState, principalId: string): GraphObject[] {
  return documents.jobs
    .values()
    .filter((job) => job.servicePrincipalId === principalId)
    .map((job) => {
      const schema = documents.schemas.get(job.id);
      return {
        ...renderJob(job),
        status: { code: job.status.code, quarantine: job.status.quarantine?.reason ?? null },
        schema: { ...schema, version: "<version>" },
      };
    });
}

function named(ids: readonly string[], names: Map<string, string>): string[] {
  return ids.map((id) => names.get(id) ?? id).sort();
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
