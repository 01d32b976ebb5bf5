import type { FastifyInstance } from "fastify";
import { CATALOG } from "./catalog.ts";
import { refuse } from "./errors.ts";
import { bodyOf, object, param, text } from "./http.ts";
import type { Connection, Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

/** Capabilities of USER_PROVISIONING before anybody changed them. */
const CAPABILITIES: Json = {
  create: { lifecycleCreate: { status: "DISABLED" } },
  update: {
    profile: { status: "DISABLED" },
    lifecycleDeactivate: { status: "DISABLED" },
    password: { status: "DISABLED", seed: "RANDOM", change: "KEEP_EXISTING" },
  },
};

/**
 * Provisioning connections and features by API. Okta documents them for six applications of its network; every other one
 * answers 200 with UNKNOWN, and nothing has happened. What these six then send is their own protocol and not played here.
 */
export function connectionRoutes(server: FastifyInstance, state: OrgState): void {
  const connection = "/api/v1/apps/:id/connections/default";

  server.get(connection, (request) => renderConnection(state, state.app(param(request, "id"))));

  server.post(connection, (request) => {
    const app = state.app(param(request, "id"));
    const schemes = CATALOG.get(app.name)?.connection;
    if (!schemes) return renderConnection(state, app);
    app.connection = connectionOf(app, schemes, bodyOf(request));
    state.apps.put(app.id, app);
    return renderConnection(state, app);
  });

  for (const [verb, status] of [
    ["activate", "ENABLED"],
    ["deactivate", "DISABLED"],
  ] as const) {
    server.post(`${connection}/lifecycle/${verb}`, (request, reply) => {
      const app = state.app(param(request, "id"));
      if (app.connection) {
        app.connection.status = status;
        state.apps.put(app.id, app);
      } else if (CATALOG.get(app.name)?.connection) {
        throw refuse.notFound(app.id, "ProvisioningConnection");
      }
      return reply.status(204).send();
    });
  }

  server.get("/api/v1/apps/:id/features", (request) => {
    const app = state.app(param(request, "id"));
    return [renderFeature(state, app, enabledConnection(app))];
  });

  server.get("/api/v1/apps/:id/features/:name", (request) => {
    const app = state.app(param(request, "id"));
    checkFeature(param(request, "name"));
    return renderFeature(state, app, enabledConnection(app));
  });

  server.put("/api/v1/apps/:id/features/:name", (request) => {
    const app = state.app(param(request, "id"));
    checkFeature(param(request, "name"));
    const known = enabledConnection(app);
    known.capabilities = merged(known.capabilities, bodyOf(request));
    state.apps.put(app.id, app);
    return renderFeature(state, app, known);
  });
}

function connectionOf(app: StoredApp, schemes: readonly string[], body: Json): Connection {
  const profile = object(body.profile);
  const authScheme = text(profile.authScheme) ?? "";
  if (!schemes.includes(authScheme)) {
    throw refuse.invalid("authScheme", `authScheme: ${authScheme} is not supported by ${app.name}`);
  }
  if (authScheme === "TOKEN" && text(profile.token) === undefined) {
    throw refuse.invalid("token", "token: The field cannot be left blank");
  }
  return {
    authScheme: authScheme === "TOKEN" ? "TOKEN" : "OAUTH2",
    status: app.connection?.status ?? "DISABLED",
    baseUrl: text(body.baseUrl) ?? null,
    clientId: text(profile.clientId) ?? null,
    capabilities: app.connection?.capabilities ?? CAPABILITIES,
  };
}

function renderConnection(state: OrgState, app: StoredApp): Json {
  const self = `${state.url}/api/v1/apps/${app.id}/connections/default`;
  const { connection } = app;
  if (!connection) {
    if (CATALOG.get(app.name)?.connection) throw refuse.notFound(app.id, "ProvisioningConnection");
    return { profile: { authScheme: "UNKNOWN" }, status: "UNKNOWN", _links: { self: { href: self } } };
  }
  const verb = connection.status === "ENABLED" ? "deactivate" : "activate";
  return {
    authScheme: connection.authScheme,
    status: connection.status,
    ...(connection.baseUrl === null ? {} : { baseUrl: connection.baseUrl }),
    profile: {
      authScheme: connection.authScheme,
      ...(connection.clientId === null ? {} : { clientId: connection.clientId }),
    },
    _links: {
      self: { href: self, hints: { allow: ["POST", "GET"] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ["POST"] } },
    },
  };
}

function checkFeature(name: string): void {
  if (name !== "USER_PROVISIONING") throw refuse.notFound(name, "ApplicationFeature");
}

function enabledConnection(app: StoredApp): Connection {
  if (app.connection?.status !== "ENABLED") {
    throw refuse.invalid("provisioning", "Provisioning is not enabled for this application");
  }
  return app.connection;
}

function merged(known: Json, changes: Json): Json {
  const result: Json = { ...known };
  for (const [name, change] of Object.entries(changes)) {
    const isObject = typeof change === "object" && change !== null;
    result[name] = isObject ? merged(object(known[name]), object(change)) : change;
  }
  return result;
}

function renderFeature(state: OrgState, app: StoredApp, connection: Connection): Json {
  return {
    name: "USER_PROVISIONING",
    status: "ENABLED",
    description: "User provisioning settings from Okta to a downstream application",
    capabilities: connection.capabilities,
    _links: {
      self: {
        href: `${state.url}/api/v1/apps/${app.id}/features/USER_PROVISIONING`,
        hints: { allow: ["GET", "PUT"] },
      },
    },
  };
}
