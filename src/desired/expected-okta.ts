import type { OktaDirectory, OktaGroup, OktaUser } from "../directory/okta.ts";
import type { Conflict, Expectation } from "./expectation.ts";
import { findPrincipal } from "./find-principal.ts";
import type { DesiredOktaApplication, ExpectedUser, OktaPush } from "./model.ts";

/**
 * Okta's side of an expectation. What it rests on:
 * - assigned people arrive, groups only when they are pushed, roles never: DataHub's Okta guide;
 * - only people in the status ACTIVE are provisioned: Collate's guide ("correct state (ACTIVE)"); a suspension changes nothing
 *   for those who are in: reference, okta 6;
 * - whoever is unassigned or deactivated is switched off; nobody is ever deleted, not even when deleted in Okta: DataHub's Okta guide;
 * - a pushed group carries only members who are assigned as well: Okta's documentation of Group Push;
 * - a prefix stands for groups made in Okta (OKTA_GROUP), not for the copies that pushes make: reference, okta 1.7.
 */
export function expectedFromOkta(
  application: DesiredOktaApplication,
  directory: OktaDirectory,
  previously: ReadonlySet<string>,
): Expectation {
  const conflicts: Conflict[] = [];
  const { grants } = assignedInOkta(application, directory, conflicts);
  const before = new Map([...previously].map((name) => [name.toLowerCase(), name]));
  const present = new Map<string, string>();
  const byUserName = new Map<string, OktaUser>();
  const users: ExpectedUser[] = [];

  for (const user of directory.users) {
    const userName = userNameOf(application, user);
    const own = grants.get(user.id) ?? [];
    const via = own.map((grant) => grant.via);
    const last = own.at(-1);
    const place = last ? { place: { list: "assignments" as const, index: last.index } } : {};
    if (userName === null) {
      if (via.length > 0) {
        const message = `${user.profile.login} has no value for userName, so Okta cannot provision this person`;
        conflicts.push({ kind: "no-user-name", who: user.profile.login, message, ...place });
      }
      continue;
    }
    const wasIn = before.delete(userName.toLowerCase());
    const active = via.length > 0 && (user.status === "ACTIVE" || (wasIn && user.status !== "DEPROVISIONED"));
    if (via.length > 0 && !active && !wasIn) {
      const message = `${userName} is assigned but ${user.status}, and Okta provisions ACTIVE people only`;
      conflicts.push({ kind: "not-active", who: userName, message, ...place });
    }
    if (!active && !wasIn) continue;
    const twin = byUserName.get(userName.toLowerCase());
    if (twin) {
      const message = `${twin.profile.login} and ${user.profile.login} both have the userName ${userName}, so that only one of them can arrive`;
      conflicts.push({ kind: "same-user-name", who: userName, message, ...place });
      continue;
    }
    byUserName.set(userName.toLowerCase(), user);
    if (active) present.set(user.id, userName);
    users.push({ userName, displayName: oktaDisplayName(user), active, via: active ? via : [] });
  }
  // Deleted in Okta: still there, switched off. The directory knows their display names no more.
  for (const userName of before.values()) users.push({ userName, displayName: "", active: false, via: [] });

  const groups = pushedFromOkta(application, directory, conflicts);
  return {
    users,
    groups: groups.map((group) => group.profile.name),
    memberships: groups.flatMap((group) =>
      group.members.flatMap((id) => {
        const userName = present.get(id);
        return userName === undefined ? [] : [{ group: group.profile.name, userName }];
      }),
    ),
    roles: [],
    conflicts,
  };
}

interface Grant {
  via: string;
  index: number;
}

interface Scope {
  /** Assigned groups. */
  groups: OktaGroup[];
  /** User id -> why this person is in. */
  grants: Map<string, Grant[]>;
}

/** Whom the assignments mean. Names count exactly, letter case included; none or several of a name is a conflict. */
export function assignedInOkta(
  application: DesiredOktaApplication,
  directory: OktaDirectory,
  conflicts: Conflict[],
): Scope {
  const groups: OktaGroup[] = [];
  const grants = new Map<string, Grant[]>();
  for (const [index, { kind, name, id }] of application.assignments.entries()) {
    const wanted = {
      kind,
      name,
      ...(id === undefined ? {} : { id }),
      place: { list: "assignments" as const, index },
    };
    const grant = (user: string) =>
      grants.set(user, [...(grants.get(user) ?? []), { via: `${kind} ${name}`, index }]);
    if (kind === "user") {
      const matches = (user: OktaUser) => user.profile.login === name;
      const user = findPrincipal({ ...wanted, matches }, directory.users, conflicts);
      if (user) grant(user.id);
    } else {
      const matches = (group: OktaGroup) => group.profile.name === name && group.type !== "APP_GROUP";
      const group = findPrincipal({ ...wanted, matches }, directory.groups, conflicts);
      if (group) groups.push(group);
      for (const member of group?.members ?? []) grant(member);
    }
  }
  return { groups, grants };
}

/** Whom the pushes mean; none or several of a name is a conflict. */
export function pushedFromOkta(
  application: DesiredOktaApplication,
  directory: OktaDirectory,
  conflicts: Conflict[],
): OktaGroup[] {
  const found = application.pushGroups.flatMap((push, index) => {
    if (push.by === "prefix") return directory.groups.filter((group) => matchesPush(push, group));
    const place = { list: "pushGroups" as const, index };
    const wanted = {
      ...push,
      kind: "group" as const,
      place,
      matches: (group: OktaGroup) => matchesPush(push, group),
    };
    const group = findPrincipal(wanted, directory.groups, conflicts);
    return group ? [group] : [];
  });
  return [...new Set(found)];
}

/** Whether a push stands for a group, ids aside. */
export function matchesPush(push: OktaPush, group: OktaGroup): boolean {
  if (group.type !== "OKTA_GROUP") return false;
  return push.by === "name"
    ? group.profile.name === push.name
    : group.profile.name.startsWith(push.startsWith);
}

/** `${source.login}` or `${source.email}`, which is all that a spec can ask for. */
function userNameOf(application: DesiredOktaApplication, user: OktaUser): string | null {
  const attribute = /^\$\{source\.(\w+)\}$/.exec(application.userNameTemplate)?.[1];
  return (attribute === undefined ? undefined : user.profile[attribute]) || null;
}

/** Okta composes a display name where the profile has none; empty where it has no names either. */
export function oktaDisplayName({ profile }: OktaUser): string {
  return profile.displayName || [profile.firstName, profile.lastName].filter(Boolean).join(" ");
}
