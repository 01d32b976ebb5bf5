import type { FastifyInstance, FastifyRequest } from "fastify";
import { renderApp } from "./app-render.ts";
import { refuse } from "./errors.ts";
import { administrators, bodyOf, object, page, param, query, text } from "./http.ts";
import type { StoredGroup } from "./model.ts";
import { addMember, changeGroup, createGroup, deleteGroupObject, removeMember } from "./people.ts";
import { renderGroup, renderUser } from "./render.ts";
import { matcher, type SearchRules } from "./search.ts";
import type { OrgState } from "./state.ts";

const SEARCH: SearchRules = {
  paths: /^(id|type|created|lastUpdated|lastMembershipUpdated|profile\.\w+|source\.id)$/,
  operators: ["eq", "sw", "co", "gt", "ge", "lt", "le"],
};
const FILTER: SearchRules = {
  paths: /^(id|type|lastUpdated|lastMembershipUpdated)$/,
  operators: ["eq", "gt", "ge", "lt", "le"],
};

export function groupRoutes(server: FastifyInstance, state: OrgState): void {
  /** A new group may take a few reads to be found. */
  const found = (request: FastifyRequest): StoredGroup => {
    const id = param(request, "id");
    const group = state.group(id);
    if (!administrators.has(request) && state.isLate(id)) throw refuse.notFound(id, "UserGroup");
    return group;
  };

  server.get("/api/v1/groups", (request, reply) => {
    const { search, filter, q } = query(request);
    let groups = state.groups.values();
    if (q) groups = groups.filter((group) => group.profile.name.toLowerCase().startsWith(q.toLowerCase()));
    for (const matches of [search && matcher(search, SEARCH), filter && matcher(filter, FILTER)]) {
      if (matches) groups = groups.filter((group) => matches(renderGroup(state, group)));
    }
    const limits = q ? { usual: 300, most: 300 } : { usual: 10_000, most: 10_000 };
    return page(state, request, reply, groups, limits).map((group) => renderGroup(state, group));
  });

  server.post("/api/v1/groups", (request) => {
    const profile = object(bodyOf(request).profile);
    const group = createGroup(state, text(profile.name) ?? "", stringOrNull(profile.description));
    state.created(group.id);
    return renderGroup(state, group);
  });

  server.get("/api/v1/groups/:id", (request) => renderGroup(state, found(request)));

  server.put("/api/v1/groups/:id", (request) => {
    const group = state.group(param(request, "id"));
    const profile = object(bodyOf(request).profile);
    changeGroup(state, group, text(profile.name) ?? "", stringOrNull(profile.description));
    return renderGroup(state, group);
  });

  server.delete("/api/v1/groups/:id", (request, reply) => {
    deleteGroupObject(state, state.group(param(request, "id")));
    return reply.status(204).send();
  });

  server.get("/api/v1/groups/:id/users", (request, reply) => {
    const users = found(request).members.map((id) => state.user(id));
    return page(state, request, reply, users, { usual: 1000, most: 1000 }).map((user) =>
      renderUser(state, user),
    );
  });

  server.put("/api/v1/groups/:id/users/:userId", (request, reply) => {
    addMember(state, state.group(param(request, "id")), state.user(param(request, "userId")));
    return reply.status(204).send();
  });

  server.delete("/api/v1/groups/:id/users/:userId", (request, reply) => {
    removeMember(state, state.group(param(request, "id")), state.user(param(request, "userId")));
    return reply.status(204).send();
  });

  server.get("/api/v1/groups/:id/apps", (request, reply) => {
    const group = found(request);
    const ids = new Set(
      state.appGroups
        .values()
        .filter((assignment) => assignment.groupId === group.id)
        .map((assignment) => assignment.appId),
    );
    const apps = state.apps.values().filter((app) => ids.has(app.id));
    return page(state, request, reply, apps, { usual: 20, most: 200 }).map((app) => renderApp(state, app));
  });
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
