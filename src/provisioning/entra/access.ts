import type { EntraUser } from "../../directory/entra.ts";
import type { AppRoleAssignmentValue } from "../../expressions/functions/roles.ts";
import type { EntraCycleInput } from "./input.ts";

/** Who reaches the application by assignment. */
export interface Access {
  /** User id -> the roles of that person by id, direct ones and those of assigned groups; one reached twice stands twice. */
  users: Map<string, AppRoleAssignmentValue[]>;
  /** Ids of assigned groups that exist. */
  groups: Set<string>;
}

/**
 * Resolves assignments: users, and the direct members of assigned groups. Groups inside a group are not expanded, and a group must
 * be security-enabled (entra-docs, how-provisioning-works.md, "Assignment-based scoping").
 */
export function resolveAccess(input: EntraCycleInput): Access {
  const roles = new Map(input.appRoles.map((role) => [role.id, role]));
  const groups = new Map(
    input.directory.groups
      .filter((group) => group.deletedDateTime === null && group.securityEnabled)
      .map((group) => [group.id, group]),
  );
  const userIds = new Set(input.directory.users.map((user) => user.id));
  const access: Access = { users: new Map(), groups: new Set() };
  for (const assignment of input.assignments) {
    const group = assignment.principalType === "Group" ? groups.get(assignment.principalId) : undefined;
    if (group) access.groups.add(group.id);
    const people = group
      ? group.members
      : assignment.principalType === "User"
        ? [assignment.principalId]
        : [];
    const role = roles.get(assignment.appRoleId);
    for (const id of people) {
      if (!userIds.has(id)) continue;
      const held = access.users.get(id) ?? [];
      access.users.set(id, held);
      if (role) held.push({ id: role.id, value: role.value, displayName: role.displayName });
    }
  }
  // Lists come from Graph in any order, and another order is no change.
  for (const held of access.users.values()) held.sort((a, b) => (a.id < b.id ? -1 : 1));
  return access;
}

/** Why somebody is or is not provisioned. */
export interface Entitlement {
  state: "entitled" | "disabled" | "soft-deleted" | "unassigned" | "filtered";
  /** In the words of the provisioning logs. */
  words: string;
}

export function userEntitlement(user: EntraUser, assigned: boolean, passesFilter: boolean): Entitlement {
  const active = user.accountEnabled && user.deletedDateTime === null;
  const words = `Active in source system: ${said(active)}. Assigned to application: ${said(assigned)}. Passed scoping filter: ${said(passesFilter)}.`;
  if (user.deletedDateTime !== null) return { state: "soft-deleted", words };
  if (!assigned) return { state: "unassigned", words };
  if (!passesFilter) return { state: "filtered", words };
  return { state: user.accountEnabled ? "entitled" : "disabled", words };
}

const said = (condition: boolean) => (condition ? "True" : "False");
