import {
  type AppRoleAssignment,
  listAppRoleAssignments,
} from "../../../clients/graph/app-role-assignments.ts";
import { servicePrincipal } from "../../../clients/graph/applications.ts";
import type { GraphClient } from "../../../clients/graph/client.ts";
import { groupsById, usersById } from "../../../clients/graph/principals.ts";
import { type Grant, identity, type LiveGrant } from "./plan.ts";

/** What Graph calls the role of an application that has no roles. */
const DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

/**
 * The users and groups who have a role, under the keys of `declared` where these name them. Programs that have an
 * application role are nobody's people: SCIM does not carry them, and rollcall leaves them alone.
 */
export async function observeGrants(
  graph: GraphClient,
  servicePrincipalId: string,
  declared: { grants: Grant[]; roles: Record<string, string> },
  awaitCreation: number,
): Promise<LiveGrant[]> {
  const known = { ...declared, grants: declared.grants.filter((grant) => grant.appRoleId !== "") };
  const all = await listAppRoleAssignments(graph, servicePrincipalId, { awaitCreation });
  const people = all.filter((assignment) => assignment.principalType !== "ServicePrincipal");
  const keys = new Map(known.grants.map((grant) => [identity(grant), grant.key]));
  const strangers = people.filter((assignment) => !keys.has(identity(assignment)));
  const names =
    strangers.length > 0 ? await nameStrangers(graph, servicePrincipalId, strangers, known) : new Map();
  return people.map((assignment) => ({
    key: keys.get(identity(assignment)) ?? names.get(assignment.id) ?? assignment.id,
    principalId: assignment.principalId,
    appRoleId: assignment.appRoleId,
    assignmentId: assignment.id,
  }));
}

/** Keys for assignments that nobody declared, in the spelling a spec would have for them. */
async function nameStrangers(
  graph: GraphClient,
  servicePrincipalId: string,
  strangers: AppRoleAssignment[],
  known: { grants: Grant[]; roles: Record<string, string> },
): Promise<Map<string, string>> {
  const idsOf = (type: AppRoleAssignment["principalType"]) =>
    strangers.filter((one) => one.principalType === type).map((one) => one.principalId);
  const users = await usersById(graph, idsOf("User"));
  const groups = await groupsById(graph, idsOf("Group"));
  const names = new Map<string, string>([
    ...users.map((user): [string, string] => [user.id, `user:${user.userPrincipalName}`]),
    ...groups.map((group): [string, string] => [group.id, `group:${group.displayName}`]),
  ]);
  const roles = await roleNames(graph, servicePrincipalId, strangers, known.roles);
  const taken = new Set(known.grants.map((grant) => grant.key));
  const keys = new Map<string, string>();
  for (const one of strangers) {
    const fallback = `${one.principalType.toLowerCase()}:${one.principalDisplayName ?? one.principalId}`;
    const name = names.get(one.principalId) ?? fallback;
    const role = roles.get(one.appRoleId) ?? one.appRoleId;
    // Group names need not be unique.
    const key = taken.has(`${name} ${role}`) ? `${name} (${one.principalId}) ${role}` : `${name} ${role}`;
    taken.add(key);
    keys.set(one.id, key);
  }
  return keys;
}

async function roleNames(
  graph: GraphClient,
  servicePrincipalId: string,
  strangers: AppRoleAssignment[],
  known: Record<string, string>,
): Promise<Map<string, string>> {
  const names = new Map(Object.entries(known).map(([role, id]) => [id, role]));
  names.set(DEFAULT_ACCESS, "(default-access)");
  if (strangers.every((one) => names.has(one.appRoleId))) return names;
  const { appRoles } = await servicePrincipal(graph, servicePrincipalId);
  for (const role of appRoles) {
    const name = role.value ?? role.displayName;
    // A key ends with the role after its last space.
    if (!names.has(role.id)) names.set(role.id, name.replaceAll(" ", "-"));
  }
  return names;
}
