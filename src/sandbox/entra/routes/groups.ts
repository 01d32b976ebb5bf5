import type { GroupDocument } from "../documents.ts";
import { DIRECTORY_OBJECT, type EntityType, GROUP, USER } from "../entity-types.ts";
import type { GraphObject } from "../filter.ts";
import { badRequest, invalidProperty, malformed, notFound } from "../graph-error.ts";
import {
  checkProperties,
  created,
  type GraphCall,
  type GraphRouter,
  noContent,
  ok,
  requiredString,
} from "../graph-router.ts";
import { deleteGroup } from "../lifecycle.ts";
import { groupOf, isVisible, visible } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import { boundIds, referencedId } from "../reference.ts";
import { renderAsIs, renderDirectoryObject, renderGroup } from "../render.ts";

const MAX_DISPLAY_NAME = 256;

/** Security groups, their members and owners. */
export function groupRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { groups } = tenant.documents;

  router.on("GET", "/groups", ACCESS.readGroups, (call) => {
    const present = visible(tenant, call, groups).filter(({ deletedDateTime }) => deletedDateTime === null);
    return router.page(call, GROUP, "groups", present, renderGroup);
  });

  router.on("POST", "/groups", ACCESS.writeGroups, ({ body, root, caller }) => {
    checkProperties(body, GROUP, ["members@odata.bind", "owners@odata.bind"]);
    requiredString(body, "displayName");
    requiredString(body, "mailNickname");
    for (const name of ["mailEnabled", "securityEnabled"]) {
      if (typeof body[name] !== "boolean")
        throw badRequest(`A value is required for property '${name}' of resource 'Group'.`);
    }
    const group: GroupDocument = {
      id: tenant.random.uuid(),
      displayName: "",
      description: null,
      mailNickname: null,
      mailEnabled: false,
      securityEnabled: true,
      deletedDateTime: null,
      ...settable(body),
      members: boundIds(body, "members"),
      owners: boundIds(body, "owners").filter((id) => id !== caller.servicePrincipalId),
    };
    checkGroup(group);
    groups.put(group.id, group);
    tenant.consistency.created(group.id);
    return created({ "@odata.context": `${root}/$metadata#groups/$entity`, ...renderGroup(group) });
  });

  router.on("GET", "/groups/:id", ACCESS.readGroups, (call) =>
    router.entity(call, GROUP, "groups", renderGroup(groupOf(tenant, call, call.params.id ?? ""))),
  );

  router.on("PATCH", "/groups/:id", ACCESS.writeGroups, (call) => {
    checkProperties(call.body, GROUP, ["members@odata.bind"]);
    const group = groupOf(tenant, call, call.params.id ?? "");
    const changed = { ...group, ...settable(call.body) };
    checkGroup(changed);
    groups.put(group.id, {
      ...changed,
      members: [...new Set([...group.members, ...boundIds(call.body, "members")])],
    });
    return noContent;
  });

  router.on("DELETE", "/groups/:id", ACCESS.writeGroups, (call) => {
    deleteGroup(tenant, groupOf(tenant, call, call.params.id ?? "").id);
    return noContent;
  });

  router.on("POST", "/groups/:id/members/$ref", ACCESS.writeMembers, (call) => {
    const group = groupOf(tenant, call, call.params.id ?? "");
    const member = referencedId(call.body);
    if (!renderDirectoryObject(tenant, call.caller, member)) throw notFound(member);
    if (group.members.includes(member)) {
      throw badRequest(
        "One or more added object references already exist for the following modified properties: 'members'.",
      );
    }
    groups.put(group.id, { ...group, members: [...group.members, member] });
    return noContent;
  });

  router.on("DELETE", "/groups/:id/members/:memberId/$ref", ACCESS.writeMembers, (call) => {
    const group = groupOf(tenant, call, call.params.id ?? "");
    const member = call.params.memberId ?? "";
    if (!group.members.includes(member)) throw notFound(member);
    groups.put(group.id, { ...group, members: group.members.filter((id) => id !== member) });
    return noContent;
  });

  const members = (call: GraphCall) => groupOf(tenant, call, call.params.id ?? "").members;
  const list = (path: string, ids: (call: GraphCall) => string[], type: EntityType = DIRECTORY_OBJECT) => {
    router.on("GET", path, ACCESS.readGroups, (call) => {
      const objects = ids(call)
        .map((id) => renderDirectoryObject(tenant, call.caller, id))
        .filter((object) => object !== undefined);
      const ofType =
        type === DIRECTORY_OBJECT
          ? objects
          : objects.filter((object) => object["@odata.type"] === `#${type.name}`);
      return router.page(call, type, "directoryObjects", ofType, renderAsIs);
    });
  };
  list("/groups/:id/members", members);
  list("/groups/:id/members/microsoft.graph.user", members, USER);
  list("/groups/:id/members/microsoft.graph.group", members, GROUP);
  list("/groups/:id/transitiveMembers", (call) => transitive(members(call), groups.get.bind(groups)));
  list("/groups/:id/owners", (call) => groupOf(tenant, call, call.params.id ?? "").owners);
  list("/groups/:id/memberOf", (call) => {
    const { id } = groupOf(tenant, call, call.params.id ?? "");
    return groups
      .values()
      .filter(({ members }) => members.includes(id))
      .map((group) => group.id);
  });

  router.on("GET", "/groups/:id/members/$count", ACCESS.readGroups, (call) => {
    if (call.headers.consistencylevel?.toLowerCase() !== "eventual")
      throw malformed("$count is not currently supported.");
    const present = members(call).filter((id) => renderDirectoryObject(tenant, call.caller, id));
    return { status: 200, body: String(present.length), contentType: "text/plain" };
  });

  router.on("POST", "/directoryObjects/getByIds", ACCESS.readDirectory, (call) => {
    const { ids, types } = call.body;
    if (!Array.isArray(ids) || ids.length > 1000) throw invalidProperty("ids", "DirectoryObject");
    const wanted = Array.isArray(types) ? types.map((type) => `#microsoft.graph.${String(type)}`) : undefined;
    const found = ids
      .map(String)
      .filter((id) => isVisible(tenant, call, id))
      .map((id) => renderDirectoryObject(tenant, call.caller, id))
      .filter((object) => object !== undefined)
      .filter((object) => wanted === undefined || wanted.includes(String(object["@odata.type"])));
    return ok({ "@odata.context": `${call.root}/$metadata#directoryObjects`, value: found });
  });
}

function settable(body: GraphObject): Partial<GroupDocument> {
  const names = ["displayName", "description", "mailNickname", "mailEnabled", "securityEnabled"];
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}

function checkGroup({ displayName }: GroupDocument): void {
  if (typeof displayName !== "string" || displayName === "" || displayName.length > MAX_DISPLAY_NAME) {
    throw invalidProperty("displayName", "Group");
  }
}

function transitive(members: string[], groupOfId: (id: string) => GroupDocument | undefined): string[] {
  const reached = new Set<string>();
  const reach = (id: string) => {
    if (reached.has(id)) return;
    reached.add(id);
    groupOfId(id)?.members.forEach(reach);
  };
  members.forEach(reach);
  return [...reached];
}
