import { LARGE_GROUP } from "../dialects/dialect.ts";
import type { Projection } from "../document/projection.ts";
import { readProjection } from "../document/projection.ts";
import { ScimError } from "../errors.ts";
import type { ResourceType } from "../schema/model.ts";
import type { Row } from "../store/resources.ts";
import type { Call, Reply } from "./call.ts";
import { splitNames } from "./query.ts";
import { entityTag, locationOf, renderResource } from "./render.ts";
import type { Tenant } from "./tenant.ts";
import { createResource, deleteResource, existing, patchResource, replaceResource } from "./write.ts";

function projectionOf(tenant: Tenant, type: ResourceType, call: Call): Projection | undefined {
  const { attributes, excludedAttributes } = call.query;
  if (attributes === undefined && excludedAttributes === undefined) return undefined;
  const names = (value: string | string[] | undefined) =>
    splitNames(Array.isArray(value) ? value.join(",") : value);
  return readProjection(tenant.models[type], names(attributes), names(excludedAttributes));
}

function resourceReply(
  tenant: Tenant,
  type: ResourceType,
  status: number,
  row: Row,
  projection: Projection | undefined,
): Reply {
  const location = locationOf(tenant, type, row.id);
  return {
    status,
    headers: {
      etag: entityTag(row.version),
      ...(status === 201 ? { location } : { "content-location": location, location }),
    },
    body: renderResource(tenant, type, row, projection),
  };
}

export function createOne(tenant: Tenant, type: ResourceType, call: Call): Reply {
  const body = call.body();
  const row = tenant.data.batch.run(() => createResource(tenant, type, body, call.intake));
  return resourceReply(tenant, type, 201, row, projectionOf(tenant, type, call));
}

export function readOne(tenant: Tenant, type: ResourceType, id: string, call: Call): Reply {
  const row = existing(tenant, type, id);
  const wanted = header(call, "if-none-match");
  if (wanted !== undefined && matchesTag(wanted, row.version)) {
    return { status: 304, headers: { etag: entityTag(row.version) } };
  }
  return resourceReply(tenant, type, 200, row, projectionOf(tenant, type, call));
}

export function replaceOne(tenant: Tenant, type: ResourceType, id: string, call: Call): Reply {
  const body = call.body();
  const row = tenant.data.batch.run(() => {
    const before = unchanged(tenant, type, id, call);
    return replaceResource(tenant, type, before, body, call.intake);
  });
  return resourceReply(tenant, type, 200, row, projectionOf(tenant, type, call));
}

export function patchOne(tenant: Tenant, type: ResourceType, id: string, call: Call): Reply {
  const body = call.body();
  const row = tenant.data.batch.run(() => {
    const before = unchanged(tenant, type, id, call);
    return patchResource(tenant, type, before, body, call.intake);
  });
  const projection = projectionOf(tenant, type, call);
  const { patchResponse } = tenant.dialect;
  const large = (row.member_count ?? 0) > LARGE_GROUP && (projection?.wants("members") ?? true);
  if (!projection && patchResponse === "204") return emptyReply(row);
  if (patchResponse === "auto" && large) return emptyReply(row);
  return resourceReply(tenant, type, 200, row, projection);
}

function emptyReply(row: Row): Reply {
  return { status: 204, headers: { etag: entityTag(row.version) } };
}

export function deleteOne(tenant: Tenant, type: ResourceType, id: string, call: Call): Reply {
  tenant.data.batch.run(() => {
    deleteResource(tenant, type, unchanged(tenant, type, id, call));
  });
  return { status: 204, headers: {} };
}

/** The resource, if it is the version that If-Match asks for. @throws ScimError 404 or 412. */
function unchanged(tenant: Tenant, type: ResourceType, id: string, call: Call): Row {
  const row = existing(tenant, type, id);
  const wanted = header(call, "if-match");
  if (wanted !== undefined && !matchesTag(wanted, row.version)) {
    throw new ScimError(
      412,
      undefined,
      `The ${type} has changed since: its version is ${entityTag(row.version)}.`,
      {
        etag: entityTag(row.version),
      },
    );
  }
  return row;
}

function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

/** RFC 9110 section 13.1: `*`, or a list of tags; weak and strong ones are compared alike, as RFC 7644 section 3.14 does. */
function matchesTag(wanted: string, version: number): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((tag) => opaque(tag) === opaque(entityTag(version)));
}
