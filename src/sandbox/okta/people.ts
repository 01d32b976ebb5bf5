import type { OktaUserStatus } from "../../directory/okta.ts";
import { enqueuePushesOf, enqueuePushesWith, reconcile, refreshProfiles } from "./assignment.ts";
import { refuse } from "./errors.ts";
import { appGroupKey, type StoredApp, type StoredGroup, type StoredUser } from "./model.ts";
import { groupTarget, type OrgState, userTarget } from "./state.ts";

/** What may be said about a person; the statuses from which each is allowed follow Okta's user lifecycle. */
export type UserTransition = "activate" | "reactivate" | "deactivate" | "suspend" | "unsuspend";

const TRANSITIONS: Record<
  UserTransition,
  { from: readonly OktaUserStatus[]; to: OktaUserStatus; event: string }
> = {
  activate: { from: ["STAGED", "DEPROVISIONED"], to: "ACTIVE", event: "user.lifecycle.activate" },
  reactivate: { from: ["PROVISIONED", "RECOVERY"], to: "ACTIVE", event: "user.lifecycle.reactivate" },
  deactivate: {
    from: ["STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "LOCKED_OUT", "PASSWORD_EXPIRED", "SUSPENDED"],
    to: "DEPROVISIONED",
    event: "user.lifecycle.deactivate",
  },
  suspend: { from: ["ACTIVE"], to: "SUSPENDED", event: "user.lifecycle.suspend" },
  unsuspend: { from: ["SUSPENDED"], to: "ACTIVE", event: "user.lifecycle.unsuspend" },
};

/**
 * Changes a person's status and everything that follows from it.
 * @throws OktaError E0000038, or E0000016 for one who is active already, when the status does not allow it.
 */
export function transition(state: OrgState, user: StoredUser, how: UserTransition): void {
  const { from, to, event } = TRANSITIONS[how];
  if (!from.includes(user.status)) {
    throw how === "activate" && user.status === "ACTIVE" ? refuse.alreadyActive() : refuse.userStatus();
  }
  setStatus(state, user, to);
  state.log(event, `${how} Okta user`, [userTarget(user)]);
}

/** Sets a status without asking whether Okta would allow the step; for a directory's seed and for {@link transition}. */
export function setStatus(state: OrgState, user: StoredUser, status: OktaUserStatus): void {
  const now = state.now();
  user.status = status;
  user.statusChanged = now;
  user.lastUpdated = now;
  if (status === "ACTIVE") user.activated ??= now;
  state.users.put(user.id, user);
  for (const app of concernedApps(state, user.id)) {
    reconcile(state, app, [user.id]);
    // Somebody who was assigned but not ACTIVE may have to be provisioned now.
    if (state.appUsers.get(`${app.id}:${user.id}`)?.status === "STAGED") {
      state.enqueue({ kind: "user", appId: app.id, userId: user.id });
    }
    enqueuePushesWith(state, app.id, user.id);
  }
}

function appUsersOf(state: OrgState, userId: string) {
  return state.appUsers.values().filter((appUser) => appUser.userId === userId);
}

/** Applications that know the person, and those that a group of theirs is assigned to. */
function concernedApps(state: OrgState, userId: string): StoredApp[] {
  const ids = new Set(appUsersOf(state, userId).map((appUser) => appUser.appId));
  for (const assignment of state.appGroups.values()) {
    if (state.groups.get(assignment.groupId)?.members.includes(userId)) ids.add(assignment.appId);
  }
  return state.apps.values().filter((app) => ids.has(app.id));
}

/** Makes a person and puts them into Everyone. */
export function createUser(
  state: OrgState,
  profile: Record<string, string | null> & { login: string },
  status: StoredUser["status"],
  id = state.id("00u"),
): StoredUser {
  const now = state.now();
  const user: StoredUser = {
    id,
    status,
    profile: { email: null, firstName: null, lastName: null, displayName: null, ...profile },
    created: now,
    activated: status === "STAGED" ? null : now,
    statusChanged: now,
    lastUpdated: now,
    passwordChanged: null,
  };
  state.users.put(user.id, user);
  const everyone = state.group(state.ownId("everyone", "00g"));
  changeMembers(state, everyone, [...everyone.members, user.id]);
  state.log("user.lifecycle.create", "Create Okta user", [userTarget(user)]);
  membershipChanged(state, everyone, user);
  return user;
}

/** Changes profile attributes; null clears one. */
export function changeProfile(
  state: OrgState,
  user: StoredUser,
  changes: Partial<StoredUser["profile"]>,
): void {
  const login = changes.login;
  if (login !== undefined && login !== user.profile.login && userByLogin(state, login)) {
    throw refuse.invalid(
      "login",
      "login: An object with this field already exists in the current organization",
    );
  }
  user.profile = { ...user.profile, ...changes } as StoredUser["profile"];
  user.lastUpdated = state.now();
  state.users.put(user.id, user);
  state.log("user.account.update_profile", "Update user profile for Okta", [userTarget(user)]);
  refreshProfiles(state, user);
}

/** Deletes a deactivated person for good. Okta tells no SCIM server. @throws OktaError when the person is not deactivated. */
export function deleteUser(state: OrgState, user: StoredUser): void {
  if (user.status !== "DEPROVISIONED") throw refuse.userStatus();
  for (const group of state.groups.values()) {
    if (!group.members.includes(user.id)) continue;
    group.members = group.members.filter((id) => id !== user.id);
    state.groups.put(group.id, group);
  }
  state.users.delete(user.id);
  state.log("user.lifecycle.delete.initiated", "Delete Okta user", [userTarget(user)]);
}

export function userByLogin(state: OrgState, login: string): StoredUser | undefined {
  const wanted = login.toLowerCase();
  return state.users.values().find((user) => user.profile.login.toLowerCase() === wanted);
}

/** @throws OktaError E0000006 for a group whose members Okta does not manage (an application's copy, Everyone). */
export function addMember(state: OrgState, group: StoredGroup, user: StoredUser): void {
  if (group.type !== "OKTA_GROUP") throw refuse.forbidden();
  if (group.members.includes(user.id)) return;
  changeMembers(state, group, [...group.members, user.id]);
  state.log("group.user_membership.add", "Add user to group membership", [
    userTarget(user),
    groupTarget(group),
  ]);
  membershipChanged(state, group, user);
}

/** @throws OktaError E0000006 as {@link addMember}. */
export function removeMember(state: OrgState, group: StoredGroup, user: StoredUser): void {
  if (group.type !== "OKTA_GROUP") throw refuse.forbidden();
  if (!group.members.includes(user.id)) return;
  changeMembers(
    state,
    group,
    group.members.filter((id) => id !== user.id),
  );
  state.log("group.user_membership.remove", "Remove user from group membership", [
    userTarget(user),
    groupTarget(group),
  ]);
  membershipChanged(state, group, user);
}

function changeMembers(state: OrgState, group: StoredGroup, members: string[]): void {
  group.members = members;
  group.lastMembershipUpdated = state.now();
  state.groups.put(group.id, group);
}

function membershipChanged(state: OrgState, group: StoredGroup, user: StoredUser): void {
  for (const app of state.apps.values()) {
    if (state.appGroups.has(appGroupKey(app.id, group.id))) reconcile(state, app, [user.id]);
  }
  enqueuePushesOf(state, group.id);
}

/** Makes a group. @throws OktaError E0000001 when the name is missing or taken. */
export function createGroup(
  state: OrgState,
  name: string,
  description: string | null,
  id?: string,
): StoredGroup {
  checkGroupName(state, name);
  const now = state.now();
  const group: StoredGroup = {
    id: id ?? state.id("00g"),
    type: "OKTA_GROUP",
    profile: { name, description },
    members: [],
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
  };
  state.groups.put(group.id, group);
  state.log("group.lifecycle.create", "Create Okta group", [groupTarget(group)]);
  return group;
}

/** Renames a group, and with it the copies that are pushed. */
export function changeGroup(
  state: OrgState,
  group: StoredGroup,
  name: string,
  description: string | null,
): void {
  if (group.type !== "OKTA_GROUP") throw refuse.forbidden();
  const renamed = name !== group.profile.name;
  if (renamed) checkGroupName(state, name);
  group.profile = { name, description };
  group.lastUpdated = state.now();
  state.groups.put(group.id, group);
  state.log("group.profile.update", "Update Okta group profile", [groupTarget(group)]);
  if (!renamed) return;
  for (const push of state.pushes.values()) {
    const target = state.groups.get(push.targetGroupId);
    if (push.sourceGroupId !== group.id || push.status !== "ACTIVE" || !target) continue;
    target.profile = { ...target.profile, name };
    state.groups.put(target.id, target);
  }
  enqueuePushesOf(state, group.id);
}

function checkGroupName(state: OrgState, name: string): void {
  if (name === "") throw refuse.invalid("name", "name: The field cannot be left blank");
  if (name.length > 255) throw refuse.invalid("name", "name: The field is too long");
  const taken = state.groups
    .values()
    .some((other) => other.type !== "APP_GROUP" && other.profile.name === name);
  if (taken) {
    throw refuse.invalid(
      "name",
      "name: An object with this field already exists in the current organization",
    );
  }
}

/** Deletes a group with its assignments and pushes. What it had pushed stays in the target. */
export function deleteGroupObject(state: OrgState, group: StoredGroup): void {
  if (group.type !== "OKTA_GROUP") throw refuse.forbidden();
  const { members } = group;
  state.groups.delete(group.id);
  for (const push of state.pushes.values()) if (push.sourceGroupId === group.id) state.pushes.delete(push.id);
  for (const app of state.apps.values()) {
    if (state.appGroups.delete(appGroupKey(app.id, group.id))) reconcile(state, app, members);
  }
  state.log("group.lifecycle.delete", "Delete Okta group", [groupTarget(group)]);
}
