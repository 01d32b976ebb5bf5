import {
  applicationProfile,
  applicationUserName,
  ExpressionError,
  type UserNameTemplate,
} from "../../provisioning/okta/index.ts";
import { appUserKey, type StoredApp, type StoredAppUser, type StoredUser } from "./model.ts";
import { appTarget, type OrgState, userTarget } from "./state.ts";

/** Whether Okta calls the application's SCIM server at present. */
export function provisions(app: StoredApp): boolean {
  return app.status === "ACTIVE" && app.scim?.enabled === true;
}

/** Ids of everybody in a group that is assigned to the application. */
export function coveredByGroups(state: OrgState, appId: string): Set<string> {
  const covered = new Set<string>();
  for (const assignment of state.appGroups.values()) {
    if (assignment.appId !== appId) continue;
    for (const userId of state.groups.get(assignment.groupId)?.members ?? []) covered.add(userId);
  }
  return covered;
}

/**
 * Brings the application users of these people in line with who is assigned, by name and through groups, and queues what the
 * SCIM server has to hear. Deactivated people lose every assignment.
 */
export function reconcile(state: OrgState, app: StoredApp, userIds: Iterable<string>): void {
  const covered = coveredByGroups(state, app.id);
  for (const userId of userIds) {
    const user = state.users.get(userId);
    const known = state.appUsers.get(appUserKey(app.id, userId));
    const lives = user !== undefined && user.status !== "DEPROVISIONED";
    const entitled = lives && (known?.direct === true || covered.has(userId));
    if (entitled && !known?.assigned) assign(state, app, user, {});
    else if (!entitled && known?.assigned) unassign(state, app, known);
  }
}

/** What an assignment by name may say. */
export interface DirectAssignment {
  direct?: boolean;
  userName?: string;
  profile?: Record<string, string | null>;
}

/** Makes or changes an application user. */
export function assign(
  state: OrgState,
  app: StoredApp,
  user: StoredUser,
  given: DirectAssignment,
): StoredAppUser {
  const key = appUserKey(app.id, user.id);
  const known = state.appUsers.get(key);
  const now = state.now();
  const on = provisions(app);
  const appUser: StoredAppUser = known ?? {
    appId: app.id,
    userId: user.id,
    direct: false,
    assigned: false,
    status: on ? "STAGED" : "ACTIVE",
    syncState: on ? "OUT_OF_SYNC" : "DISABLED",
    assignedBeforeScim: !on,
    scimId: null,
    created: now,
    lastUpdated: now,
    statusChanged: now,
    lastSync: null,
    userName: "",
    assignedProfile: {},
    profile: {},
    error: null,
  };
  const isNew = !appUser.assigned;
  appUser.assigned = true;
  appUser.direct ||= given.direct ?? false;
  appUser.lastUpdated = now;
  appUser.assignedProfile = { ...appUser.assignedProfile, ...given.profile };
  fill(state, app, user, appUser, given.userName);
  state.appUsers.put(key, appUser);
  if (isNew) {
    state.log("application.user_membership.add", "Add user to application membership", [
      userTarget(user),
      appTarget(app),
    ]);
  }
  if (on) state.enqueue({ kind: "user", appId: app.id, userId: user.id });
  return appUser;
}

/** Computes userName and profile from sign-on template and mappings; what cannot be computed shows as the user's error. */
function fill(
  state: OrgState,
  app: StoredApp,
  user: StoredUser,
  appUser: StoredAppUser,
  given?: string,
): void {
  try {
    const template = app.credentials.userNameTemplate as UserNameTemplate;
    if (given !== undefined) appUser.userName = given;
    else if (appUser.userName === "" || template.pushStatus === "PUSH") {
      appUser.userName = applicationUserName(template, user) ?? appUser.userName;
    }
    const mappings = toAppMappings(state, app.id);
    const assigned = { ...groupProfile(state, app.id, user.id), ...appUser.assignedProfile };
    for (const [property, value] of Object.entries(applicationProfile(mappings, user, assigned))) {
      const onCreateOnly =
        mappings[property]?.pushStatus === "DONT_PUSH" && !Object.hasOwn(assigned, property);
      if (!onCreateOnly || appUser.scimId === null) appUser.profile[property] = value;
    }
    appUser.error = null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    appUser.error = `An expression cannot be evaluated: ${error.message}`;
  }
}

/** What the group assignments of a person set, the one with the lowest priority number winning. */
function groupProfile(state: OrgState, appId: string, userId: string): Record<string, string | null> {
  const withProfile = state.appGroups
    .values()
    .filter((assignment) => assignment.appId === appId && Object.keys(assignment.profile).length > 0)
    .filter((assignment) => state.groups.get(assignment.groupId)?.members.includes(userId));
  withProfile.sort((a, b) => b.priority - a.priority);
  return Object.assign({}, ...withProfile.map((assignment) => assignment.profile));
}

/** The mapping Okta user -> application. */
export function toAppMappings(state: OrgState, appId: string) {
  return (
    state.mappings.values().find((mapping) => mapping.appId === appId && mapping.direction === "toApp")
      ?.properties ?? {}
  );
}

/** Takes an application user away. What Okta has to tell the SCIM server is queued before it is forgotten. */
export function unassign(state: OrgState, app: StoredApp, appUser: StoredAppUser): void {
  const user = state.users.get(appUser.userId);
  if (user) {
    state.log("application.user_membership.remove", "Remove user's application membership", [
      userTarget(user),
      appTarget(app),
    ]);
  }
  const key = appUserKey(app.id, appUser.userId);
  appUser.assigned = false;
  appUser.direct = false;
  if (!provisions(app) || appUser.scimId === null) {
    state.appUsers.delete(key);
    return;
  }
  appUser.lastUpdated = state.now();
  state.appUsers.put(key, appUser);
  state.enqueue({ kind: "user", appId: app.id, userId: appUser.userId });
  enqueuePushesSending(state, app.id, appUser.scimId);
}

/** A changed Okta profile reaches every application of its user. */
export function refreshProfiles(state: OrgState, user: StoredUser): void {
  for (const appUser of state.appUsers.values()) {
    const app = state.apps.get(appUser.appId);
    if (appUser.userId !== user.id || !appUser.assigned || !app) continue;
    const before = JSON.stringify([appUser.userName, appUser.profile, appUser.error]);
    fill(state, app, user, appUser);
    if (before === JSON.stringify([appUser.userName, appUser.profile, appUser.error])) continue;
    appUser.lastUpdated = state.now();
    state.appUsers.put(appUserKey(app.id, user.id), appUser);
    if (provisions(app)) state.enqueue({ kind: "user", appId: app.id, userId: user.id });
  }
}

/** Queues the active pushes of a group. */
export function enqueuePushesOf(state: OrgState, groupId: string): void {
  for (const push of state.pushes.values()) {
    if (push.sourceGroupId === groupId) enqueuePush(state, push.appId, push.id);
  }
}

/** Queues the pushes of an application whose group holds this person. */
export function enqueuePushesWith(state: OrgState, appId: string, userId: string): void {
  for (const push of state.pushes.values()) {
    if (push.appId !== appId) continue;
    if (state.groups.get(push.sourceGroupId)?.members.includes(userId)) enqueuePush(state, appId, push.id);
  }
}

function enqueuePushesSending(state: OrgState, appId: string, scimId: string): void {
  for (const push of state.pushes.values()) {
    if (push.appId === appId && push.sent?.some((member) => member.value === scimId)) {
      enqueuePush(state, appId, push.id);
    }
  }
}

export function enqueuePush(state: OrgState, appId: string, pushId: string): void {
  const app = state.apps.get(appId);
  if (!app || !provisions(app) || !app.scim?.actions.pushGroups) return;
  if (state.pushes.get(pushId)?.status === "ACTIVE") state.enqueue({ kind: "push", appId, pushId });
}
