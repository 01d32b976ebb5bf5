import type { FastifyInstance } from "fastify";
import { USER_PROPERTIES } from "../../defaults/okta-properties.ts";
import { ExpressionError, evaluate, isExternalName } from "../../provisioning/okta/index.ts";
import { appUserSchema, mappableProperties } from "./app-schema.ts";
import { refreshProfiles } from "./assignment.ts";
import { refuse } from "./errors.ts";
import { bodyOf, object, page, param, query, text } from "./http.ts";
import type { Json, StoredApp, StoredMapping } from "./model.ts";
import type { OrgState } from "./state.ts";

/** Profile mappings, schemas and user types. */
export function profileRoutes(server: FastifyInstance, state: OrgState): void {
  mappingRoutes(server, state);
  schemaRoutes(server, state);
  userTypeRoutes(server, state);
}

function mappingRoutes(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/mappings", (request, reply) => {
    const { sourceId, targetId } = query(request);
    const userType = state.ownId("userType", "oty");
    const found = state.mappings.values().filter((mapping) => {
      const [source, target] =
        mapping.direction === "toApp" ? [userType, mapping.appId] : [mapping.appId, userType];
      return (!sourceId || sourceId === source) && (!targetId || targetId === target);
    });
    return page(state, request, reply, found, { usual: 20, most: 200 }).map((mapping) =>
      renderMapping(state, mapping),
    );
  });

  server.get("/api/v1/mappings/:id", (request) => {
    const mapping = mappingOf(state, param(request, "id"));
    return { ...renderMapping(state, mapping), properties: mapping.properties };
  });

  server.post("/api/v1/mappings/:id", (request) => {
    const mapping = mappingOf(state, param(request, "id"));
    changeMapping(state, mapping, object(bodyOf(request).properties));
    return { ...renderMapping(state, mapping), properties: mapping.properties };
  });

  // What the Admin Console calls "apply updates now"; not part of the public API, but @pulumi/okta's alwaysApply calls it.
  server.put("/api/internal/v1/mappings/reapply", (request, reply) => {
    const app = state.app(query(request).target ?? "");
    for (const appUser of state.appUsers.values()) {
      const user = state.users.get(appUser.userId);
      if (appUser.appId === app.id && user) refreshProfiles(state, user);
    }
    return reply.status(204).send();
  });
}

function mappingOf(state: OrgState, id: string): StoredMapping {
  const mapping = state.mappings.get(id);
  if (!mapping) throw refuse.notFound(id, "ProfileMapping");
  return mapping;
}

function changeMapping(state: OrgState, mapping: StoredMapping, changes: Json): void {
  const app = state.app(mapping.appId);
  const targets = mapping.direction === "toApp" ? mappableProperties(state, app) : new Set(USER_PROPERTIES);
  const properties = { ...mapping.properties };
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) {
      delete properties[name];
      continue;
    }
    if (!targets.has(name))
      throw refuse.invalid("properties", `Property '${name}' not found on the mapping's target`);
    const { expression, pushStatus } = object(change);
    const status = text(pushStatus) ?? "DONT_PUSH";
    if (status !== "PUSH" && status !== "DONT_PUSH") {
      throw refuse.invalid("pushStatus", "pushStatus: The field must be PUSH or DONT_PUSH");
    }
    properties[name] = { expression: checkedExpression(name, expression), pushStatus: status };
  }
  mapping.properties = properties;
  state.mappings.put(mapping.id, mapping);
}

function checkedExpression(name: string, expression: unknown): string {
  const source = text(expression);
  if (source === undefined)
    throw refuse.invalid("expression", `${name}: The expression cannot be left blank`);
  try {
    evaluate(source, { user: {}, source: {}, appuser: {}, org: {} });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw refuse.invalid("expression", `${name}: Invalid property expression: ${error.message}`);
  }
  return source;
}

function renderMapping(state: OrgState, mapping: StoredMapping): Json {
  const app = state.app(mapping.appId);
  const api = `${state.url}/api/v1`;
  const userType = state.ownId("userType", "oty");
  const ends = {
    app: {
      id: app.id,
      name: app.name,
      type: "appuser",
      _links: {
        self: { href: `${api}/apps/${app.id}` },
        schema: { href: `${api}/meta/schemas/apps/${app.id}/default` },
      },
    },
    user: {
      id: userType,
      name: "user",
      type: "user",
      _links: {
        self: { href: `${api}/meta/types/user/${userType}` },
        schema: { href: `${api}/meta/schemas/user/${state.ownId("userSchema", "osc")}` },
      },
    },
  };
  const [source, target] = mapping.direction === "toApp" ? [ends.user, ends.app] : [ends.app, ends.user];
  return { id: mapping.id, source, target, _links: { self: { href: `${api}/mappings/${mapping.id}` } } };
}

function schemaRoutes(server: FastifyInstance, state: OrgState): void {
  server.get("/api/v1/meta/schemas/apps/:id/default", (request) =>
    appUserSchema(state, state.app(param(request, "id"))),
  );

  // A property given as null is removed; base properties cannot be.
  server.post("/api/v1/meta/schemas/apps/:id/default", (request) => {
    const app = state.app(param(request, "id"));
    const definitions = object(bodyOf(request).definitions);
    changeCustomProperties(state, app, object(object(definitions.custom).properties));
    return appUserSchema(state, app);
  });

  for (const path of ["default", ":id"]) {
    server.get(`/api/v1/meta/schemas/user/${path}`, (request) => {
      const own = state.ownId("userSchema", "osc");
      const id = path === "default" ? own : param(request, "id");
      if (id !== own) throw refuse.notFound(id, "UserSchema");
      return userSchema(state, own);
    });
  }
}

function changeCustomProperties(state: OrgState, app: StoredApp, changes: Json): void {
  const properties = { ...app.customProperties };
  for (const [name, definition] of Object.entries(changes)) {
    if (definition === null) delete properties[name];
    else {
      const { title, type, externalName } = object(definition);
      if (text(externalName) !== undefined && !isExternalName(String(externalName))) {
        throw refuse.invalid(name, `${name}: ${String(externalName)} is not a valid external name`);
      }
      if (text(title) === undefined || text(type) === undefined) {
        throw refuse.invalid(name, `${name}: A property needs a title and a type`);
      }
      properties[name] = object(definition);
    }
  }
  app.customProperties = properties;
  state.apps.put(app.id, app);
}

function userSchema(state: OrgState, id: string): Json {
  const properties = Object.fromEntries(
    USER_PROPERTIES.map((name) => [
      name,
      { title: name, type: "string", permissions: [], master: { type: "PROFILE_MASTER" } },
    ]),
  );
  return {
    id: `${state.url}/api/v1/meta/schemas/user/${id}`,
    $schema: "http://json-schema.org/draft-04/schema#",
    name: "user",
    title: "User",
    type: "object",
    definitions: {
      custom: { id: "#custom", type: "object", properties: {}, required: [] },
      base: { id: "#base", type: "object", properties, required: ["login"] },
    },
    properties: { profile: { allOf: [{ $ref: "#/definitions/custom" }, { $ref: "#/definitions/base" }] } },
  };
}

function userTypeRoutes(server: FastifyInstance, state: OrgState): void {
  const userType = () => {
    const id = state.ownId("userType", "oty");
    return {
      id,
      displayName: "User",
      name: "user",
      description: "Okta user profile template with default permission settings",
      default: true,
      _links: {
        schema: {
          rel: "schema",
          href: `${state.url}/api/v1/meta/schemas/user/${state.ownId("userSchema", "osc")}`,
        },
        self: { rel: "self", href: `${state.url}/api/v1/meta/types/user/${id}` },
      },
    };
  };
  server.get("/api/v1/meta/types/user", () => [userType()]);
  server.get("/api/v1/meta/types/user/:id", (request) => {
    const id = param(request, "id");
    if (id !== "default" && id !== userType().id) throw refuse.notFound(id, "UserType");
    return userType();
  });
}
