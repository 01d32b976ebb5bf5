import { planSet, type SetChanges } from "../../authoritative-set.ts";
import { isUnknown } from "../../engine/values.ts";
import type { Principals } from "../../pinned-names.ts";

/** `group:governance-team Reader` taken apart. A name may hold spaces, a role may not. */
export function splitKey(key: string): { name: string; role: string } {
  const space = key.lastIndexOf(" ");
  return { name: key.slice(0, space), role: key.slice(space + 1) };
}

/** A role given, or to be given, under the key the spec or the tenant has for it. */
export interface Grant {
  key: string;
  principalId: string;
  appRoleId: string;
}

export interface LiveGrant extends Grant {
  assignmentId: string;
}

/** Grants as a set: what makes two of them the same. */
export const identity = (grant: { principalId: string; appRoleId: string }) =>
  `${grant.principalId} ${grant.appRoleId}`;

export const principalOf = ({ principalId }: Grant) => principalId;

/** @throws when a key names a role that `roles` does not have. */
export function declaredGrants(inputs: {
  assignments: Record<string, string>;
  roles: Record<string, string>;
  application: string;
}): Grant[] {
  return Object.entries(inputs.assignments).map(([key, principalId]) => {
    const { role } = splitKey(key);
    const appRoleId = inputs.roles[role];
    if (!appRoleId) {
      throw new Error(
        `${inputs.application}: "${key}" gives the role ${role}, and there are only ${Object.keys(inputs.roles).join(", ")}.`,
      );
    }
    return { key, principalId, appRoleId };
  });
}

/**
 * The grants a state holds. A refresh may have found a role that is not the spec's; its id is then not known by name,
 * and the grant is recognised by its assignment id.
 */
export function recordedGrants(
  inputs: { assignments: Record<string, string>; roles: Record<string, string> },
  assignmentIds: Record<string, string> = {},
): (Grant & { assignmentId?: string })[] {
  return Object.entries(inputs.assignments).map(([key, principalId]) => {
    const assignmentId = assignmentIds[key];
    const appRoleId = inputs.roles[splitKey(key).role] ?? "";
    return { key, principalId, appRoleId, ...(assignmentId ? { assignmentId } : {}) };
  });
}

export function principalsOf(assignments: Record<string, string>): Principals {
  return Object.fromEntries(Object.entries(assignments).map(([key, id]) => [splitKey(key).name, id]));
}

export type Changes = SetChanges<Grant, LiveGrant>;

/**
 * What makes the tenant as declared.
 * @param before grants that the state holds, recognised by principal and role or by their assignment
 */
export function planChanges(
  live: LiveGrant[],
  before: (Grant & { assignmentId?: string })[],
  declared: Grant[],
  mode: { exclusive: boolean; takeOver: boolean },
): Changes {
  const shown = new Set(before.flatMap((grant) => [identity(grant), grant.assignmentId ?? identity(grant)]));
  return planSet(live, declared, {
    identity,
    wasShown: (grant) => shown.has(identity(grant)) || shown.has(grant.assignmentId),
    ...mode,
  });
}

/** Names of principals who have something now and nothing once `declared` is all there is. */
export function losingAccess(before: Grant[], declared: Grant[]): string[] {
  const staying = new Set(declared.map((grant) => grant.principalId));
  const stayingNames = new Set(
    declared.filter((grant) => isUnknown(grant.principalId)).map((grant) => splitKey(grant.key).name),
  );
  const losing = new Map<string, string[]>();
  for (const grant of before) {
    const { name, role } = splitKey(grant.key);
    if (staying.has(grant.principalId) || stayingNames.has(name)) continue;
    losing.set(name, [...(losing.get(name) ?? []), role]);
  }
  return [...losing].map(([name, roles]) => `${name} (${roles.join(", ")})`).sort();
}
