import type { FastifyInstance } from "fastify";
import { enqueuePush } from "./assignment.ts";
import { refuse } from "./errors.ts";
import { bodyOf, page, param, query, text } from "./http.ts";
import type { Json, StoredApp, StoredGroup, StoredPush } from "./model.ts";
import { appTarget, groupTarget, type OrgState } from "./state.ts";

const STATUSES: readonly string[] = ["ACTIVE", "INACTIVE"];

export function groupPushRoutes(server: FastifyInstance, state: OrgState): void {
  const mappings = "/api/v1/apps/:id/group-push/mappings";

  server.get(mappings, (request, reply) => {
    const app = state.app(param(request, "id"));
    const { sourceGroupId, status, lastUpdated } = query(request);
    const pushes = state.pushes
      .values()
      .filter(
        (push) =>
          push.appId === app.id &&
          (!sourceGroupId || push.sourceGroupId === sourceGroupId) &&
          (!status || push.status === status) &&
          (!lastUpdated || push.lastUpdated >= lastUpdated),
      );
    return page(state, request, reply, pushes, { usual: 100, most: 1000 }).map((push) => render(state, push));
  });

  server.post(mappings, (request) => {
    const app = state.app(param(request, "id"));
    return render(state, createPush(state, app, bodyOf(request)));
  });

  server.get(`${mappings}/:mappingId`, (request) =>
    render(state, pushOf(state, param(request, "id"), param(request, "mappingId"))),
  );

  server.patch(`${mappings}/:mappingId`, (request) => {
    const push = pushOf(state, param(request, "id"), param(request, "mappingId"));
    const status = text(bodyOf(request).status) ?? "";
    if (!STATUSES.includes(status))
      throw refuse.invalid("status", "status: The field must be ACTIVE or INACTIVE");
    if (push.status === "ERROR") {
      throw refuse.invalid("status", "status: A mapping in the status ERROR cannot be updated");
    }
    push.status = status === "ACTIVE" ? "ACTIVE" : "INACTIVE";
    push.lastUpdated = state.now();
    state.pushes.put(push.id, push);
    enqueuePush(state, push.appId, push.id);
    return render(state, push);
  });

  server.delete(`${mappings}/:mappingId`, (request, reply) => {
    const push = pushOf(state, param(request, "id"), param(request, "mappingId"));
    const { deleteTargetGroup } = query(request);
    if (deleteTargetGroup !== "true" && deleteTargetGroup !== "false") {
      throw refuse.invalid("deleteTargetGroup", "deleteTargetGroup: The parameter must be true or false");
    }
    if (push.status === "ACTIVE") {
      throw refuse.invalid("status", "status: Only a mapping that is INACTIVE or in ERROR can be deleted");
    }
    deletePush(state, push, deleteTargetGroup === "true");
    return reply.status(200).send();
  });
}

function pushOf(state: OrgState, appId: string, id: string): StoredPush {
  const app = state.app(appId);
  const push = state.pushes.get(id);
  if (push?.appId !== app.id) throw refuse.notFound(id, "GroupPushMapping");
  return push;
}

function createPush(state: OrgState, app: StoredApp, body: Json): StoredPush {
  if (app.status !== "ACTIVE") throw refuse.notFound(app.id, "AppInstance");
  for (const [name, value] of Object.entries(body)) {
    if (value === null) throw refuse.invalid(name, `${name}: The field cannot be null`);
  }
  const source = state.group(text(body.sourceGroupId) ?? "");
  if (source.type === "APP_GROUP" && source.source?.appId === app.id) {
    throw refuse.invalid(
      "sourceGroupId",
      "sourceGroupId: A group cannot be pushed to the application it comes from",
    );
  }
  const status = text(body.status) ?? "ACTIVE";
  if (!STATUSES.includes(status))
    throw refuse.invalid("status", "status: The field must be ACTIVE or INACTIVE");
  if (body.appConfig !== undefined) {
    throw refuse.invalid("appConfig", "appConfig: The field is for Active Directory only");
  }
  const known = state.pushes
    .values()
    .some((push) => push.appId === app.id && push.sourceGroupId === source.id);
  if (known)
    throw refuse.invalid("sourceGroupId", "sourceGroupId: The group is pushed to this application already");
  const target = targetOf(state, app, text(body.targetGroupId), text(body.targetGroupName));
  const now = state.now();
  const push: StoredPush = {
    id: state.id("gPm"),
    appId: app.id,
    sourceGroupId: source.id,
    targetGroupId: target.id,
    status: status === "ACTIVE" ? "ACTIVE" : "INACTIVE",
    errorSummary: null,
    created: now,
    lastUpdated: now,
    sent: null,
  };
  state.pushes.put(push.id, push);
  state.log("application.provision.group_push.mapping.created", "Create group push mapping", [
    groupTarget(source),
    appTarget(app),
  ]);
  enqueuePush(state, app.id, push.id);
  return push;
}

/** The group in the application that is pushed to: a known one by id, or a new copy by name. */
function targetOf(
  state: OrgState,
  app: StoredApp,
  id: string | undefined,
  name: string | undefined,
): StoredGroup {
  if ((id === undefined) === (name === undefined)) {
    throw refuse.invalid("targetGroupName", "targetGroupName: Give either targetGroupName or targetGroupId");
  }
  const copies = state.groups.values().filter((group) => group.source?.appId === app.id);
  if (id !== undefined) {
    const copy = copies.find((group) => group.id === id);
    if (!copy) throw refuse.notFound(id, "UserGroup");
    return copy;
  }
  if (copies.some((group) => group.profile.name === name)) {
    throw refuse.invalid(
      "targetGroupName",
      "targetGroupName: The application has a group of this name already; link it by targetGroupId",
    );
  }
  const now = state.now();
  const copy: StoredGroup = {
    id: state.id("00g"),
    type: "APP_GROUP",
    profile: { name: name ?? "", description: null },
    members: [],
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    source: { appId: app.id, scimId: null },
  };
  state.groups.put(copy.id, copy);
  return copy;
}

function deletePush(state: OrgState, push: StoredPush, deleteTargetGroup: boolean): void {
  const target = state.groups.get(push.targetGroupId);
  const source = state.groups.get(push.sourceGroupId);
  state.pushes.delete(push.id);
  state.work.delete(`push ${push.id}`);
  if (target && deleteTargetGroup) {
    state.groups.delete(target.id);
    if (target.source?.scimId) {
      const { name: displayName } = target.profile;
      state.enqueue({ kind: "deleteGroup", appId: push.appId, scimId: target.source.scimId, displayName });
    }
  }
  state.log("application.provision.group_push.removed", "Remove group push mapping", [
    ...(source ? [groupTarget(source)] : []),
    appTarget(state.app(push.appId)),
  ]);
}

/** Times are without milliseconds here, as in Okta's own answers. */
function render(state: OrgState, push: StoredPush): Json {
  const api = `${state.url}/api/v1`;
  return {
    id: push.id,
    created: push.created.replace(/\.\d+Z$/, "Z"),
    lastUpdated: push.lastUpdated.replace(/\.\d+Z$/, "Z"),
    sourceGroupId: push.sourceGroupId,
    targetGroupId: push.targetGroupId,
    status: push.status,
    ...(push.errorSummary === null ? {} : { errorSummary: push.errorSummary }),
    _links: {
      app: { href: `${api}/apps/${push.appId}` },
      sourceGroup: { href: `${api}/groups/${push.sourceGroupId}` },
      targetGroup: { href: `${api}/groups/${push.targetGroupId}` },
    },
  };
}
