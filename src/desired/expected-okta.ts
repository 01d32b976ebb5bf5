import type { OktaDirectory, OktaGroup, OktaUser } from "../directory/okta.ts";
import type { Conflict, Expectation } from "./expected-arrivals.ts";
import type { DesiredOktaApplication, ExpectedUser, OktaAssignment } from "./model.ts";

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
  const grants = assigned(application, directory, conflicts);
  const before = new Map([...previously].map((name) => [name.toLowerCase(), name]));
  const present = new Map<string, string>();
  const users: ExpectedUser[] = [];

  for (const user of directory.users) {
    const userName = userNameOf(application, user);
    const via = grants.get(user.id) ?? [];
    if (userName === null) {
      if (via.length > 0) {
        const message = `${user.profile.login} has no value for userName, so Okta cannot provision this person`;
        conflicts.push({ kind: "no-user-name", who: user.profile.login, message });
      }
      continue;
    }
    const wasIn = before.delete(userName.toLowerCase());
    const active = via.length > 0 && (user.status === "ACTIVE" || (wasIn && user.status !== "DEPROVISIONED"));
    if (via.length > 0 && !active && !wasIn) {
      const message = `${userName} is assigned but ${user.status}, and Okta provisions ACTIVE people only`;
      conflicts.push({ kind: "not-active", who: userName, message });
    }
    if (!active && !wasIn) continue;
    if (active) present.set(user.id, userName);
    users.push({ userName, displayName: displayNameOf(user), active, via: active ? via : [] });
  }
  // Deleted in Okta: still there, switched off. The directory knows their display names no more.
  for (const userName of before.values()) users.push({ userName, displayName: "", active: false, via: [] });

  const groups = pushed(application, directory, conflicts);
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

function assigned(
  application: DesiredOktaApplication,
  directory: OktaDirectory,
  conflicts: Conflict[],
): Map<string, string[]> {
  const grants = new Map<string, string[]>();
  const grant = (id: string, via: string) => grants.set(id, [...(grants.get(id) ?? []), via]);
  for (const assignment of application.assignments) {
    const via = `${assignment.kind} ${assignment.name}`;
    if (assignment.kind === "user") {
      const user = find(assignment, directory.users, (candidate) => candidate.profile.login, conflicts);
      if (user) grant(user.id, via);
    } else {
      const groups = directory.groups.filter((group) => group.type !== "APP_GROUP");
      const group = find(assignment, groups, (candidate) => candidate.profile.name, conflicts);
      for (const id of group?.members ?? []) grant(id, via);
    }
  }
  return grants;
}

function pushed(
  application: DesiredOktaApplication,
  directory: OktaDirectory,
  conflicts: Conflict[],
): OktaGroup[] {
  const own = directory.groups.filter((group) => group.type === "OKTA_GROUP");
  const found = application.pushGroups.flatMap((push) => {
    if (push.by === "prefix") return own.filter((group) => group.profile.name.startsWith(push.startsWith));
    const group = find({ ...push, kind: "group" }, own, (candidate) => candidate.profile.name, conflicts);
    return group ? [group] : [];
  });
  return [...new Set(found)];
}

function find<T extends { id: string }>(
  wanted: Pick<OktaAssignment, "kind" | "name" | "id">,
  candidates: T[],
  nameOf: (candidate: T) => string,
  conflicts: Conflict[],
): T | undefined {
  const found = candidates.filter((candidate) =>
    wanted.id === undefined ? nameOf(candidate) === wanted.name : candidate.id === wanted.id,
  );
  if (found.length === 1) return found[0];
  const who = `${wanted.kind} ${wanted.name}`;
  conflicts.push(
    found.length === 0
      ? { kind: "missing-principal", who: wanted.name, message: `${who} is not in the directory` }
      : {
          kind: "ambiguous-principal",
          who: wanted.name,
          message: `${found.length} objects are called ${who}`,
        },
  );
  return undefined;
}

/** `${source.login}` or `${source.email}`, which is all that a spec can ask for. */
function userNameOf(application: DesiredOktaApplication, user: OktaUser): string | null {
  const attribute = /^\$\{source\.(\w+)\}$/.exec(application.userNameTemplate)?.[1];
  return (attribute === undefined ? undefined : user.profile[attribute]) || null;
}

/** Okta composes a display name where the profile has none. */
function displayNameOf({ profile }: OktaUser): string {
  return profile.displayName || [profile.firstName, profile.lastName].filter(Boolean).join(" ");
}
