import type { FastifyInstance } from "fastify";
import { refuse } from "./errors.ts";
import { bodyOf, object, page, param, query, text } from "./http.ts";
import type { Json, StoredUser } from "./model.ts";
import {
  changeProfile,
  createUser,
  deleteUser,
  transition,
  type UserTransition,
  userByLogin,
} from "./people.ts";
import { renderGroup, renderUser } from "./render.ts";
import { matcher, type SearchRules } from "./search.ts";
import type { OrgState } from "./state.ts";

const SEARCH: SearchRules = {
  paths: /^(id|status|created|activated|statusChanged|lastUpdated|type\.id|profile\.\w+)$/,
  operators: ["eq", "ne", "sw", "co", "ew", "gt", "ge", "lt", "le"],
};
/** The older `filter` parameter knows five properties. */
const FILTER: SearchRules = {
  paths: /^(id|status|lastUpdated|profile\.(login|email|firstName|lastName))$/,
  operators: ["eq", "gt", "ge", "lt", "le"],
};
const TRANSITIONS: readonly UserTransition[] = [
  "activate",
  "reactivate",
  "deactivate",
  "suspend",
  "unsuspend",
];

export function userRoutes(server: FastifyInstance, state: OrgState): void {
  const found = (idOrLogin: string): StoredUser => {
    const user = state.users.get(idOrLogin) ?? userByLogin(state, idOrLogin);
    if (!user) throw refuse.notFound(idOrLogin, "User");
    return user;
  };

  server.get("/api/v1/users/me", (request) => {
    if (!request.headers.authorization?.startsWith("SSWS ")) throw refuse.forbidden();
    return administrator(state);
  });

  server.get("/api/v1/users", (request, reply) => {
    const { search, filter, q } = query(request);
    let users = state.users.values();
    const matches = search ? matcher(search, SEARCH) : filter ? matcher(filter, FILTER) : undefined;
    if (matches) users = users.filter((user) => matches(renderUser(state, user)));
    else if (q) users = users.filter((user) => startsWith(user, q));
    else users = users.filter((user) => user.status !== "DEPROVISIONED");
    return page(state, request, reply, users, { usual: q ? 10 : 200, most: 200 }).map((user) =>
      renderUser(state, user),
    );
  });

  server.post("/api/v1/users", (request) => {
    const body = bodyOf(request);
    const user = newUser(state, body, query(request).activate !== "false");
    state.created(user.id);
    return renderUser(state, user);
  });

  server.get("/api/v1/users/:id", (request) => renderUser(state, found(param(request, "id"))));

  for (const method of ["POST", "PUT"] as const) {
    server.route({
      method,
      url: "/api/v1/users/:id",
      handler: (request) => {
        const user = found(param(request, "id"));
        const given = profileOf(bodyOf(request));
        const cleared = Object.fromEntries(Object.keys(user.profile).map((name) => [name, null]));
        const { login, email, firstName, lastName } = user.profile;
        changeProfile(
          state,
          user,
          method === "POST" ? given : { ...cleared, login, email, firstName, lastName, ...given },
        );
        return renderUser(state, user);
      },
    });
  }

  for (const how of TRANSITIONS) {
    server.post(`/api/v1/users/:id/lifecycle/${how}`, (request) => {
      transition(state, found(param(request, "id")), how);
      return {};
    });
  }

  // The first call deactivates, the second deletes.
  server.delete("/api/v1/users/:id", (request, reply) => {
    const user = found(param(request, "id"));
    if (user.status === "DEPROVISIONED") deleteUser(state, user);
    else transition(state, user, "deactivate");
    return reply.status(204).send();
  });

  server.get("/api/v1/users/:id/groups", (request) => {
    const user = found(param(request, "id"));
    return state.groups
      .values()
      .filter((group) => group.members.includes(user.id))
      .map((group) => renderGroup(state, group));
  });

  server.get("/api/v1/users/:id/roles", (request) => {
    found(param(request, "id"));
    return [];
  });
}

function startsWith(user: StoredUser, q: string): boolean {
  const wanted = q.toLowerCase();
  const { firstName, lastName, email } = user.profile;
  return [firstName, lastName, email].some((value) => value?.toLowerCase().startsWith(wanted));
}

function newUser(state: OrgState, body: Json, activate: boolean): StoredUser {
  const profile = profileOf(body);
  const { login, email, firstName, lastName } = profile;
  for (const [name, value] of Object.entries({ login, email, firstName, lastName })) {
    if (!value) throw refuse.invalid(name, `${name}: The field cannot be left blank`);
  }
  if (!login || userByLogin(state, login)) {
    throw refuse.invalid(
      "login",
      "login: An object with this field already exists in the current organization",
    );
  }
  const hasPassword = text(object(object(body.credentials).password).value) !== undefined;
  return createUser(
    state,
    { ...profile, login },
    activate ? (hasPassword ? "ACTIVE" : "PROVISIONED") : "STAGED",
  );
}

function profileOf(body: Json): Record<string, string | null> {
  const profile: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(object(body.profile))) {
    if (value !== null && typeof value !== "string") {
      throw refuse.invalid(name, `${name}: The value has to be a string or null in this sandbox`);
    }
    profile[name] = value;
  }
  return profile;
}

/** Whose API token it is; not one of the directory's people. */
function administrator(state: OrgState): Json {
  const login = `admin@${state.orgName}.example`;
  const created = new Date(0).toISOString();
  return renderUser(state, {
    id: state.ownId("administrator", "00u"),
    status: "ACTIVE",
    profile: { login, email: login, firstName: "Sandbox", lastName: "Administrator", displayName: null },
    created,
    activated: created,
    statusChanged: created,
    lastUpdated: created,
    passwordChanged: null,
  });
}
