import type { FastifyInstance } from "fastify";
import type { ProvisioningActions } from "../../provisioning/okta/index.ts";
import type { Fault } from "../faults.ts";
import type { ScimForm } from "./admin.ts";
import { refuse } from "./errors.ts";
import type { OktaOrg } from "./handle.ts";
import { bodyOf, object, param, text } from "./http.ts";
import type { UserTransition } from "./people.ts";
import type { OrgState } from "./state.ts";

/**
 * The part of the sandbox that is not Okta, under `/_sandbox/`: the person in the Admin Console, changes to the directory, the
 * clockwork, faults and the request log. No token is asked for: the listener is on loopback.
 */
export function adminRoutes(server: FastifyInstance, state: OrgState, org: OktaOrg): void {
  scimRoutes(server, state, org);
  directoryRoutes(server, org);
  controlRoutes(server, org);
}

function scimRoutes(server: FastifyInstance, state: OrgState, org: OktaOrg): void {
  /** An application by its id or its label. */
  const appId = (given: string): string =>
    (state.apps.get(given) ?? state.apps.values().find((app) => app.label === given) ?? state.app(given)).id;
  const scim = "/_sandbox/apps/:id/scim";

  server.post(scim, async (request) => {
    await org.admin.enableScim(appId(param(request, "id")), formOf(bodyOf(request)));
    return {};
  });
  server.patch(scim, async (request) => {
    const id = appId(param(request, "id"));
    const { actions, enabled } = bodyOf(request);
    if (actions !== undefined) await org.admin.changeActions(id, actionsOf(actions));
    if (typeof enabled === "boolean") await org.admin.setApiIntegration(id, enabled);
    return {};
  });
  server.delete(scim, (request) => {
    org.admin.removeScim(appId(param(request, "id")));
    return {};
  });
  server.post("/_sandbox/apps/:id/test-connector", async (request) => ({
    problem: (await org.admin.testConnector(appId(param(request, "id")))) ?? null,
  }));
  server.post("/_sandbox/apps/:id/provision", (request) => ({
    queued: org.admin.provisionUser(appId(param(request, "id")), text(bodyOf(request).userId)),
  }));
  server.post("/_sandbox/apps/:id/retry", (request) => ({
    queued: org.admin.retryFailed(appId(param(request, "id"))),
  }));
  server.post("/_sandbox/pushes/:id/push-now", (request) => {
    org.admin.pushNow(param(request, "id"));
    return {};
  });
  server.post("/_sandbox/pushes/:id/fail", (request) => {
    org.admin.failPush(param(request, "id"), text(bodyOf(request).errorSummary) ?? "Unable to push");
    return {};
  });
}

function formOf(body: Record<string, unknown>): ScimForm {
  const authentication = object(body.authentication);
  const mode = text(authentication.mode);
  const field = (name: string): string => {
    const value = text(authentication[name]);
    if (value === undefined)
      throw refuse.invalid(name, `authentication.${name}: The field cannot be left blank`);
    return value;
  };
  const form = {
    baseUrl: text(body.baseUrl) ?? "",
    uniqueId: text(body.uniqueId) ?? "userName",
    importGroups: body.importGroups === true,
    actions: actionsOf(body.actions),
  };
  switch (mode) {
    case "bearer":
      return { ...form, authentication: { mode, token: field("token") } };
    case "header":
      return { ...form, authentication: { mode, value: field("value") } };
    case "basic":
      return { ...form, authentication: { mode, username: field("username"), password: field("password") } };
    default:
      throw refuse.invalid("authentication", "authentication.mode: must be bearer, header or basic");
  }
}

const ACTIONS = ["createUsers", "updateUsers", "deactivateUsers", "syncPassword", "pushGroups"] as const;

function actionsOf(given: unknown): Partial<ProvisioningActions> {
  const actions: Partial<ProvisioningActions> = {};
  for (const [name, value] of Object.entries(object(given))) {
    const known = ACTIONS.find((action) => action === name);
    if (!known || typeof value !== "boolean") {
      throw refuse.invalid("actions", `actions.${name}: one of ${ACTIONS.join(", ")}, true or false`);
    }
    actions[known] = value;
  }
  return actions;
}

const TRANSITIONS: readonly string[] = ["activate", "reactivate", "deactivate", "suspend", "unsuspend"];

function directoryRoutes(server: FastifyInstance, org: OktaOrg): void {
  server.get("/_sandbox/directory", () => org.directory());
  server.post("/_sandbox/directory", (request) => {
    const body = bodyOf(request);
    const { people } = org;
    const [user = "", group = ""] = [text(body.user), text(body.group)];
    const action = text(body.do) ?? "";
    if (action === "addMember") people.addMember(group, user);
    else if (action === "removeMember") people.removeMember(group, user);
    else if (action === "rename") people.rename(group, text(body.name) ?? "");
    else if (action === "deleteGroup") people.deleteGroup(group);
    else if (action === "delete") people.delete(user);
    else if (action === "update") people.update(user, profileOf(body.profile));
    else if (TRANSITIONS.includes(action)) people.change(user, action as UserTransition);
    else {
      throw refuse.invalid(
        "do",
        `do: one of addMember, removeMember, rename, deleteGroup, delete, update, ${TRANSITIONS.join(", ")}`,
      );
    }
    return {};
  });
}

function profileOf(given: unknown): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(object(given)).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

function controlRoutes(server: FastifyInstance, org: OktaOrg): void {
  server.post("/_sandbox/settle", () => org.settle());
  server.get("/_sandbox/dump", () => org.dump());
  server.get("/_sandbox/requests", () => ({ counts: org.log.counts(), requests: org.log.list() }));
  server.delete("/_sandbox/requests", () => {
    org.log.clear();
    return {};
  });
  server.post("/_sandbox/faults", (request) => {
    try {
      return { id: org.faults.arm(bodyOf(request) as unknown as Fault) };
    } catch (error) {
      throw refuse.invalid("fault", error instanceof Error ? error.message : String(error));
    }
  });
  server.delete("/_sandbox/faults", () => {
    org.faults.clear();
    return {};
  });
}
