import type { JsonObject } from "../document/json.ts";
import type { Projection } from "../document/projection.ts";
import type { ResourceType } from "../schema/model.ts";
import type { Row } from "../store/resources.ts";
import type { Tenant } from "./tenant.ts";

export function entityTag(version: number): string {
  return `W/"${version}"`;
}

export function locationOf(tenant: Tenant, type: ResourceType, id: string): string {
  return `${tenant.baseUrl}${tenant.models[type].endpoint}/${encodeURIComponent(id)}`;
}

function metaOf(tenant: Tenant, type: ResourceType, row: Row): JsonObject {
  return {
    resourceType: type,
    created: new Date(row.created).toISOString(),
    lastModified: new Date(row.modified).toISOString(),
    location: locationOf(tenant, type, row.id),
    version: entityTag(row.version),
  };
}

/** Groups that hold a user directly, RFC 7643 section 4.1.2; undefined when there is none. */
function groupsOf(tenant: Tenant, id: string): JsonObject[] | undefined {
  const groups = tenant.data.members.groupsOf(id);
  if (groups.length === 0) return undefined;
  return groups.map((group) => ({
    value: group.id,
    $ref: locationOf(tenant, "Group", group.id),
    display: String((JSON.parse(group.body) as JsonObject).displayName),
    type: "direct",
  }));
}

/** The whole document of a row; `wants` says which of the costly parts, members and groups, are needed. */
export function documentOf(
  tenant: Tenant,
  type: ResourceType,
  row: Row,
  wants: (attribute: string) => boolean,
): JsonObject {
  const document = JSON.parse(row.body) as JsonObject;
  if (type === "Group" && wants("members") && row.member_count !== 0) {
    document.members = tenant.data.members.list(row.seq);
  }
  if (type === "User" && wants("groups")) {
    const groups = groupsOf(tenant, row.id);
    if (groups) document.groups = groups;
  }
  document.meta = metaOf(tenant, type, row);
  return document;
}

/** The JSON text of a resource as it is answered. Without a projection the stored text is used as it is. */
export function renderResource(
  tenant: Tenant,
  type: ResourceType,
  row: Row,
  projection: Projection | undefined,
): string {
  if (projection) {
    return JSON.stringify(projection.apply(documentOf(tenant, type, row, (name) => projection.wants(name))));
  }
  let text = row.body.slice(0, -1);
  if (type === "Group" && row.member_count !== 0) {
    text += `,"members":${JSON.stringify(tenant.data.members.list(row.seq))}`;
  } else if (type === "User") {
    const groups = groupsOf(tenant, row.id);
    if (groups) text += `,"groups":${JSON.stringify(groups)}`;
  }
  return `${text},"meta":${JSON.stringify(metaOf(tenant, type, row))}}`;
}
