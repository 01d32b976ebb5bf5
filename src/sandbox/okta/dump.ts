import { features } from "./app-render.ts";
import { SYSTEM_APPS } from "./catalog.ts";
import type { Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

/**
 * Everything that a caller could have changed, by name: no id, no time, no secret, in a fixed order. Two orgs with the same
 * contents give the same dump.
 */
export function dumpOrg(state: OrgState): Json {
  return {
    users: sorted(
      state.users.values().map(({ status, profile }) => ({ status, profile })),
      (user) => user.profile.login,
    ),
    groups: sorted(
      state.groups
        .values()
        .filter((group) => group.type !== "APP_GROUP")
        .map(({ type, profile, members }) => ({ type, profile, members: members.map(login).sort() })),
      (group) => group.profile.name,
    ),
    apps: sorted(
      state.apps
        .values()
        .filter((app) => !SYSTEM_APPS.has(app.name))
        .map((app) => dumpApp(state, app)),
      (app) => JSON.stringify(app),
    ),
  };

  function login(userId: string): string {
    return state.users.get(userId)?.profile.login ?? "(deleted)";
  }
}

function dumpApp(state: OrgState, app: StoredApp): Json {
  const own = <T extends { appId: string }>(items: T[]) => items.filter((item) => item.appId === app.id);
  const groupName = (id: string) => state.groups.get(id)?.profile.name ?? "(deleted)";
  const loginOf = (id: string) => state.users.get(id)?.profile.login ?? "(deleted)";
  return {
    name: unnumbered(app, app.name),
    label: app.label,
    status: app.status,
    signOnMode: app.signOnMode,
    accessibility: app.accessibility,
    visibility: JSON.parse(unnumbered(app, JSON.stringify(app.visibility))),
    credentials: dumpCredentials(app),
    settings: app.settings,
    features: features(app.scim),
    scim: app.scim && { ...app.scim, authentication: { mode: app.scim.authentication.mode } },
    connection: app.connection,
    customProperties: app.customProperties,
    groups: sorted(
      own(state.appGroups.values()).map(({ groupId, priority, profile }) => ({
        group: groupName(groupId),
        priority,
        profile,
      })),
      (assignment) => assignment.group,
    ),
    users: sorted(
      own(state.appUsers.values())
        .filter((appUser) => appUser.assigned)
        .map(({ userId, direct, status, syncState, userName, profile }) => ({
          user: loginOf(userId),
          scope: direct ? "USER" : "GROUP",
          status,
          syncState,
          userName,
          profile,
        })),
      (appUser) => appUser.user,
    ),
    pushes: sorted(
      own(state.pushes.values()).map(({ sourceGroupId, targetGroupId, status, errorSummary }) => ({
        source: groupName(sourceGroupId),
        target: groupName(targetGroupId),
        status,
        errorSummary,
      })),
      (push) => push.source,
    ),
    mappings: Object.fromEntries(
      own(state.mappings.values()).map((mapping) => [mapping.direction, mapping.properties]),
    ),
  };
}

/** The generated name without the number that Okta counts on. */
function unnumbered(app: StoredApp, text: string): string {
  return app.custom ? text.replaceAll(app.name, app.name.replace(/_\d+$/, "_n")) : text;
}

function dumpCredentials(app: StoredApp): Json {
  const { oauthClient, signing: _, ...rest } = app.credentials;
  if (typeof oauthClient !== "object" || oauthClient === null) return rest;
  const { client_id: _id, client_secret: _secret, ...client } = oauthClient as Json;
  return { ...rest, oauthClient: client };
}

function sorted<T>(items: T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
