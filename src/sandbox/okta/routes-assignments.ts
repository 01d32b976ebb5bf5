import type { FastifyInstance } from "fastify";
import { appUserSchema } from "./app-schema.ts";
import { assign, coveredByGroups, reconcile, refreshProfiles, unassign } from "./assignment.ts";
import { refuse } from "./errors.ts";
import { bodyOf, object, page, param, query, text } from "./http.ts";
import {
  appGroupKey,
  appUserKey,
  type Json,
  type StoredApp,
  type StoredAppGroup,
  type StoredAppUser,
} from "./model.ts";
import { appTarget, groupTarget, type OrgState } from "./state.ts";

export function assignmentRoutes(server: FastifyInstance, state: OrgState): void {
  groupAssignments(server, state);
  userAssignments(server, state);
}

function groupAssignments(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/apps/:id/groups", (request, reply) => {
    const app = state.app(param(request, "id"));
    const assignments = state.appGroups
      .values()
      .filter((assignment) => assignment.appId === app.id)
      .map((assignment) => ({ id: assignment.groupId, assignment }));
    const limits = { usual: 20, most: 200 };
    return page(state, request, reply, assignments, limits).map(({ assignment }) =>
      renderAssignment(state, assignment),
    );
  });

  server.get("/api/v1/apps/:id/groups/:groupId", (request) => {
    const app = state.app(param(request, "id"));
    return renderAssignment(state, assignmentOf(state, app, param(request, "groupId")));
  });

  server.put("/api/v1/apps/:id/groups/:groupId", (request) => {
    const app = state.app(param(request, "id"));
    const group = state.group(param(request, "groupId"));
    if (group.type === "APP_GROUP" && group.source?.appId === app.id) {
      throw refuse.invalid(
        "groupId",
        "groupId: A group that was pushed to the application cannot be assigned to it",
      );
    }
    const { priority, profile } = bodyOf(request);
    const known = state.appGroups.get(appGroupKey(app.id, group.id));
    const assignment: StoredAppGroup = {
      appId: app.id,
      groupId: group.id,
      priority: typeof priority === "number" ? priority : (known?.priority ?? 0),
      profile: profile === undefined ? (known?.profile ?? {}) : checkedProfile(state, app, profile),
      lastUpdated: state.now(),
    };
    state.appGroups.put(appGroupKey(app.id, group.id), assignment);
    if (!known) {
      state.log("group.application_assignment.add", "Add assigned application to group", [
        groupTarget(group),
        appTarget(app),
      ]);
    }
    reconcile(state, app, group.members);
    if (JSON.stringify(assignment.profile) !== JSON.stringify(known?.profile ?? {})) {
      for (const member of group.members) refreshProfiles(state, state.user(member));
    }
    return renderAssignment(state, assignment);
  });

  server.delete("/api/v1/apps/:id/groups/:groupId", (request, reply) => {
    const app = state.app(param(request, "id"));
    const { groupId } = assignmentOf(state, app, param(request, "groupId"));
    const group = state.group(groupId);
    state.appGroups.delete(appGroupKey(app.id, groupId));
    state.log("group.application_assignment.remove", "Remove assigned application from group", [
      groupTarget(group),
      appTarget(app),
    ]);
    reconcile(state, app, group.members);
    return reply.status(204).send();
  });
}

function assignmentOf(state: OrgState, app: StoredApp, groupId: string): StoredAppGroup {
  const assignment = state.appGroups.get(appGroupKey(app.id, groupId));
  if (!assignment) throw refuse.notFound(groupId, "ApplicationGroupAssignment");
  return assignment;
}

function userAssignments(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/apps/:id/users", (request, reply) => {
    const app = state.app(param(request, "id"));
    const { q } = query(request);
    let appUsers = state.appUsers.values().filter((appUser) => appUser.appId === app.id && appUser.assigned);
    if (q)
      appUsers = appUsers.filter((appUser) => appUser.userName.toLowerCase().startsWith(q.toLowerCase()));
    const items = appUsers.map((appUser) => ({ id: appUser.userId, appUser }));
    const limits = { usual: 50, most: 500 };
    return page(state, request, reply, items, limits).map(({ appUser }) => renderAppUser(state, appUser));
  });

  server.get("/api/v1/apps/:id/users/:userId", (request) => {
    const app = state.app(param(request, "id"));
    return renderAppUser(state, appUserOf(state, app, param(request, "userId")));
  });

  server.post("/api/v1/apps/:id/users", (request) => {
    const app = state.app(param(request, "id"));
    const body = bodyOf(request);
    const id = text(body.id);
    if (id === undefined) throw refuse.invalid("id", "id: The field cannot be left blank");
    const user = state.user(id);
    if (user.status === "DEPROVISIONED") throw refuse.userStatus();
    const direct = text(body.scope) !== "GROUP";
    const appUser = assign(state, app, user, { direct, ...given(state, app, body) });
    return renderAppUser(state, appUser);
  });

  server.post("/api/v1/apps/:id/users/:userId", (request) => {
    const app = state.app(param(request, "id"));
    const { userId } = appUserOf(state, app, param(request, "userId"));
    return renderAppUser(state, assign(state, app, state.user(userId), given(state, app, bodyOf(request))));
  });

  // Whoever a group gives access cannot be unassigned, not even from an assignment by name beside it.
  server.delete("/api/v1/apps/:id/users/:userId", (request, reply) => {
    const app = state.app(param(request, "id"));
    const appUser = appUserOf(state, app, param(request, "userId"));
    if (coveredByGroups(state, app.id).has(appUser.userId)) throw refuse.unassign();
    unassign(state, app, appUser);
    return reply.status(204).send();
  });
}

function appUserOf(state: OrgState, app: StoredApp, userId: string): StoredAppUser {
  const appUser = state.appUsers.get(appUserKey(app.id, userId));
  if (!appUser?.assigned) throw refuse.notFound(userId, "AppUser");
  return appUser;
}

function given(state: OrgState, app: StoredApp, body: Json) {
  const userName = text(object(body.credentials).userName);
  return {
    ...(userName === undefined ? {} : { userName }),
    ...(body.profile === undefined ? {} : { profile: checkedProfile(state, app, body.profile) }),
  };
}

/** @throws OktaError E0000001 for a property that the application user's schema does not have. */
function checkedProfile(state: OrgState, app: StoredApp, profile: unknown): Record<string, string | null> {
  const { base, custom } = appUserSchema(state, app).definitions;
  const unknown = Object.keys(object(profile)).filter(
    (name) => !Object.hasOwn(base.properties, name) && !Object.hasOwn(custom.properties, name),
  );
  if (unknown.length > 0) {
    throw refuse.invalid("assignment", ...unknown.map((name) => `Property '${name}' not found`));
  }
  const checked: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(object(profile)))
    checked[name] = value === null ? null : String(value);
  return checked;
}

function renderAssignment(state: OrgState, assignment: StoredAppGroup): Json {
  const app = `${state.url}/api/v1/apps/${assignment.appId}`;
  return {
    id: assignment.groupId,
    lastUpdated: assignment.lastUpdated,
    priority: assignment.priority,
    profile: assignment.profile,
    _links: {
      app: { href: app },
      self: { href: `${app}/groups/${assignment.groupId}` },
      group: { href: `${state.url}/api/v1/groups/${assignment.groupId}` },
    },
  };
}

function renderAppUser(state: OrgState, appUser: StoredAppUser): Json {
  return {
    id: appUser.userId,
    externalId: appUser.scimId,
    created: appUser.created,
    lastUpdated: appUser.lastUpdated,
    scope: appUser.direct ? "USER" : "GROUP",
    status: appUser.status,
    statusChanged: appUser.statusChanged,
    passwordChanged: null,
    syncState: appUser.syncState,
    ...(appUser.lastSync === null ? {} : { lastSync: appUser.lastSync }),
    credentials: { userName: appUser.userName },
    profile: appUser.profile,
    _links: {
      app: { href: `${state.url}/api/v1/apps/${appUser.appId}` },
      user: { href: `${state.url}/api/v1/users/${appUser.userId}` },
    },
  };
}
