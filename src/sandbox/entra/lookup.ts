import type { EntraUser } from "../../directory/entra.ts";
import type { Collection } from "../store.ts";
import { ADMINISTRATOR } from "./caller.ts";
import type {
  ApplicationDocument,
  GroupDocument,
  JobDocument,
  ServicePrincipalDocument,
} from "./documents.ts";
import { GraphError, notFound } from "./graph-error.ts";
import type { GraphCall } from "./graph-router.ts";
import type { TenantState } from "./tenant-state.ts";

/** Whether this caller sees a new object already; the portal's administrator always does. */
export function isVisible(tenant: TenantState, call: Pick<GraphCall, "caller">, id: string): boolean {
  return call.caller === ADMINISTRATOR || tenant.consistency.isVisible(id);
}

/** Of `documents`, those that this caller sees. */
export function visible<T extends { id: string }>(
  tenant: TenantState,
  call: GraphCall,
  documents: Collection<T>,
): T[] {
  return documents.values().filter(({ id }) => isVisible(tenant, call, id));
}

/** @throws GraphError 404, as do the others. */
export function userOf(tenant: TenantState, call: GraphCall, key: string): EntraUser {
  const { users } = tenant.documents;
  const user =
    users.get(key) ?? users.values().find((candidate) => sameName(candidate.userPrincipalName, key));
  if (!user || user.deletedDateTime !== null || !isVisible(tenant, call, user.id)) throw notFound(key);
  return user;
}

export function groupOf(tenant: TenantState, call: GraphCall, id: string): GroupDocument {
  const group = tenant.documents.groups.get(id);
  if (!group || group.deletedDateTime !== null || !isVisible(tenant, call, id)) throw notFound(id);
  return group;
}

/** `key` is an object id, or `appId=…` as the alternate key. */
export function applicationOf(tenant: TenantState, call: GraphCall, key: string): ApplicationDocument {
  return byKey(tenant, call, tenant.documents.applications, key);
}

/** `key` is an object id, or `appId=…` as the alternate key. */
export function servicePrincipalOf(
  tenant: TenantState,
  call: GraphCall,
  key: string,
): ServicePrincipalDocument {
  return byKey(tenant, call, tenant.documents.servicePrincipals, key);
}

export function jobOf(tenant: TenantState, call: GraphCall): JobDocument {
  const { id = "", jobId = "" } = call.params;
  const principal = servicePrincipalOf(tenant, call, id);
  const job = tenant.documents.jobs.get(jobId);
  if (!job || job.servicePrincipalId !== principal.id || !isVisible(tenant, call, jobId)) {
    throw new GraphError(404, "JobNotFound", `Job with id '${jobId}' was not found.`);
  }
  return job;
}

function byKey<T extends { id: string; appId: string }>(
  tenant: TenantState,
  call: GraphCall,
  documents: Collection<T>,
  key: string,
): T {
  const appId = /^appId=(.*)$/.exec(key)?.[1];
  const found =
    appId === undefined ? documents.get(key) : documents.values().find((one) => one.appId === appId);
  if (!found || !isVisible(tenant, call, found.id)) throw notFound(key);
  return found;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
