import type { FastifyInstance } from "fastify";
import { newApp, replaceApp } from "./app-document.ts";
import { renderApp } from "./app-render.ts";
import { checkChangeable, deleteApp, registerApp } from "./apps.ts";
import { provisions } from "./assignment.ts";
import { bodyOf, page, param, query } from "./http.ts";
import { matcher, type SearchRules } from "./search.ts";
import { appTarget, type OrgState } from "./state.ts";

const FILTER: SearchRules = {
  paths: /^(id|status|name|lastUpdated|user\.id|group\.id|credentials\.signing\.kid)$/,
  operators: ["eq", "gt", "ge", "lt", "le"],
};

export function appRoutes(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/apps", (request, reply) => {
    const { filter, q } = query(request);
    let apps = state.apps.values();
    if (filter) {
      const matches = matcher(filter, FILTER);
      apps = apps.filter((app) => matches({ ...renderApp(state, app), ...assigned(state, app.id) }));
    }
    if (q) {
      const wanted = q.toLowerCase();
      apps = apps.filter(({ name, label }) =>
        [name, label].some((value) => value.toLowerCase().startsWith(wanted)),
      );
    }
    return page(state, request, reply, apps, { usual: 20, most: 200 }).map((app) => renderApp(state, app));
  });

  server.post("/api/v1/apps", (request) => {
    const app = newApp(state, bodyOf(request));
    if (query(request).activate === "false") app.status = "INACTIVE";
    registerApp(state, app);
    state.created(app.id);
    return renderApp(state, app);
  });

  server.get("/api/v1/apps/:id", (request) => renderApp(state, state.app(param(request, "id"))));

  server.put("/api/v1/apps/:id", (request) => {
    const app = state.app(param(request, "id"));
    checkChangeable(app);
    replaceApp(state, app, bodyOf(request));
    if (state.wipeScimOnPut) app.scim = null;
    state.apps.put(app.id, app);
    state.log("application.lifecycle.update", "Update application", [appTarget(app)]);
    return renderApp(state, app);
  });

  server.delete("/api/v1/apps/:id", (request, reply) => {
    deleteApp(state, state.app(param(request, "id")));
    return reply.status(204).send();
  });

  for (const [verb, status] of [
    ["activate", "ACTIVE"],
    ["deactivate", "INACTIVE"],
  ] as const) {
    server.post(`/api/v1/apps/:id/lifecycle/${verb}`, (request) => {
      const app = state.app(param(request, "id"));
      checkChangeable(app);
      app.status = status;
      app.lastUpdated = state.now();
      state.apps.put(app.id, app);
      state.log(`application.lifecycle.${verb}`, `${verb} application`, [appTarget(app)]);
      if (provisions(app)) {
        for (const appUser of state.appUsers.values()) {
          if (appUser.appId === app.id && appUser.scimId === null) {
            state.enqueue({ kind: "user", appId: app.id, userId: appUser.userId });
          }
        }
      }
      return {};
    });
  }
}

/** What `user.id` and `group.id` in a filter mean. */
function assigned(state: OrgState, appId: string) {
  const appUsers = state.appUsers.values().filter((appUser) => appUser.appId === appId && appUser.assigned);
  const appGroups = state.appGroups.values().filter((assignment) => assignment.appId === appId);
  return {
    user: appUsers.map(({ userId }) => ({ id: userId })),
    group: appGroups.map(({ groupId }) => ({ id: groupId })),
  };
}
