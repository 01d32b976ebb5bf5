import type { EntraDirectory, EntraGroup, EntraUser } from "../directory/entra.ts";
import { oneRoleOnly, rolesTravel } from "../products/product.ts";
import type { Conflict, Expectation } from "./expectation.ts";
import { displayNameOf, userNameOf } from "./expected-names.ts";
import { findPrincipal } from "./find-principal.ts";
import { groupMember } from "./group-member.ts";
import type { DesiredEntraApplication, EntraAssignment, ExpectedUser } from "./model.ts";

/**
 * Entra's side of an expectation. What it rests on:
 * - direct members of assigned groups and assigned users get in, groups inside a group contribute nobody and
 *   arrive as members where they are in themselves (reference, scim 1.4), disabled and deleted
 *   people are never provisioned: Microsoft, "How application provisioning works" (reference, scim 1.5 and entra 1.11);
 * - people who leave the scope are switched off and stay: the same; their memberships stay as the directory has them;
 * - whoever is deleted for good is deleted in the product, groups too: DataHub's guide;
 * - an assigned group arrives as a group with those members who are in: DataHub's guide;
 * - the role of an assignment arrives at each person, one for each: DataHub's guide and SingleAppRoleAssignment.
 */
export function expectedFromEntra(
  application: DesiredEntraApplication,
  directory: EntraDirectory,
  previously: ReadonlySet<string>,
): Expectation {
  const conflicts: Conflict[] = [];
  const { groups, grants } = inScope(application, directory, conflicts);
  const people = new Map<string, { user: EntraUser; userName: string; active: boolean; grants: Grant[] }>();
  const before = new Set([...previously].map((name) => name.toLowerCase()));
  const byUserName = new Map<string, EntraUser>();

  for (const user of directory.users) {
    const own = grants.get(user.id) ?? [];
    const userName = userNameOf(application, user);
    const working = user.accountEnabled && user.deletedDateTime === null;
    if (userName === null) {
      if (own.length > 0 && working) {
        const message = `${user.userPrincipalName} has no value for userName, so Entra cannot provision this person`;
        conflicts.push({ kind: "no-user-name", who: user.userPrincipalName, message, ...placeOf(own) });
      }
      continue;
    }
    const active = own.length > 0 && working;
    const wasIn = before.has(userName.toLowerCase());
    if (!active && !wasIn) continue;
    const twin = byUserName.get(userName.toLowerCase());
    if (twin) {
      const message = `${twin.userPrincipalName} and ${user.userPrincipalName} both have the userName ${userName}, so that only one of them can arrive`;
      conflicts.push({ kind: "same-user-name", who: userName, message, ...placeOf(own) });
      continue;
    }
    byUserName.set(userName.toLowerCase(), user);
    people.set(user.id, { user, userName, active, grants: own });
  }

  return {
    users: [...people.values()].map(
      ({ user, userName, active, grants: own }): ExpectedUser => ({
        userName,
        displayName: displayNameOf(application, user),
        active,
        via: active ? own.map((grant) => grant.via) : [],
      }),
    ),
    groups: groups.map((group) => group.displayName),
    memberships: groups.flatMap((group) =>
      group.members.flatMap((id) => {
        const inner = groups.find((one) => one.id === id);
        const member = people.get(id)?.userName ?? (inner && groupMember(inner.displayName));
        return member ? [{ group: group.displayName, userName: member }] : [];
      }),
    ),
    roles: [...people.values()].flatMap(({ userName, active, grants: own }) =>
      active ? rolesOf(application, userName, own, conflicts) : [],
    ),
    conflicts,
  };
}

interface Grant {
  via: string;
  role: string | undefined;
  /** Index of the assignment; undefined for scope all. */
  index?: number;
}

interface Scope {
  groups: EntraGroup[];
  /** User id -> why this person is in. */
  grants: Map<string, Grant[]>;
}

/** Whom the scope and the assignments mean; none or several of a name is a conflict. */
export function inScope(
  application: DesiredEntraApplication,
  directory: EntraDirectory,
  conflicts: Conflict[],
): Scope {
  const scope: Scope = { groups: [], grants: new Map() };
  const grant = (id: string, given: Grant) => scope.grants.set(id, [...(scope.grants.get(id) ?? []), given]);
  const living = directory.groups.filter((group) => group.deletedDateTime === null);
  if (application.scope === "all") {
    for (const user of directory.users) grant(user.id, { via: "scope all", role: undefined });
    scope.groups.push(...living);
    return scope;
  }
  for (const [index, assignment] of application.assignments.entries()) {
    const given = { via: describe(assignment), role: assignment.role, index };
    if (assignment.kind === "group") {
      const wanted = wantedOf<EntraGroup>(assignment, index, (candidate) => candidate.displayName);
      const group = findPrincipal(wanted, living, conflicts);
      if (!group) continue;
      if (!scope.groups.includes(group)) scope.groups.push(group);
      for (const id of group.members) grant(id, given);
    } else {
      const wanted = wantedOf<EntraUser>(assignment, index, (candidate) => candidate.userPrincipalName);
      const user = findPrincipal(wanted, directory.users, conflicts);
      if (user) grant(user.id, given);
    }
  }
  return scope;
}

const describe = ({ kind, name, role }: EntraAssignment) =>
  `${kind} ${name}${role === undefined ? "" : ` as ${role}`}`;

/** Letter case does not count, as in Graph's filters. */
function wantedOf<T>(assignment: EntraAssignment, index: number, nameOf: (candidate: T) => string) {
  const name = assignment.name.toLowerCase();
  return {
    ...assignment,
    place: { list: "assignments" as const, index },
    matches: (candidate: T) => nameOf(candidate).toLowerCase() === name,
  };
}

const placeOf = (grants: Grant[]): Pick<Conflict, "place"> => {
  const index = grants.at(-1)?.index;
  return index === undefined ? {} : { place: { list: "assignments", index } };
};

function rolesOf(
  application: DesiredEntraApplication,
  userName: string,
  grants: Grant[],
  conflicts: Conflict[],
): { userName: string; role: string }[] {
  if (!rolesTravel(application.mappings)) return [];
  const roles = [...new Set(grants.flatMap((grant) => (grant.role === undefined ? [] : [grant.role])))];
  if (roles.length > 1 && oneRoleOnly(application.mappings)) {
    const sources = grants.map((grant) => grant.via).join(" and ");
    conflicts.push({
      kind: "two-roles",
      who: userName,
      message: `${userName} gets more than one role: ${sources}`,
      ...placeOf(grants),
    });
    return [];
  }
  return roles.map((role) => ({ userName, role }));
}
