import { SCHEMA } from "../../scim/wire.ts";
import { ScimError } from "../errors.ts";
import type { ResourceModel } from "../schema/model.ts";
import type { Call, Reply } from "./call.ts";
import { CURSOR_TIMEOUT } from "./cursor.ts";
import { DEFAULT_PAGE, MAX_PAGE } from "./query.ts";
import type { Tenant } from "./tenant.ts";

export const MAX_BULK_OPERATIONS = 1000;
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

const SCHEMA_URN = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const RESOURCE_TYPE_URN = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const CONFIG_URN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

export const DISCOVERY_ENDPOINTS = ["ServiceProviderConfig", "ResourceTypes", "Schemas"];

/** The three discovery endpoints, RFC 7644 section 4. @throws ScimError 403 for a filter, 404 for an unknown id. */
export function discover(tenant: Tenant, call: Call): Reply {
  const [endpoint, id] = call.segments;
  if (call.query.filter !== undefined) {
    throw new ScimError(403, undefined, "Discovery endpoints take no filter.");
  }
  if (endpoint === "ServiceProviderConfig") {
    if (id !== undefined)
      throw new ScimError(404, undefined, "ServiceProviderConfig has no resources below it.");
    return json(serviceProviderConfig(tenant));
  }
  const resources = endpoint === "Schemas" ? schemas(tenant) : resourceTypes(tenant);
  if (id === undefined) {
    return json({
      schemas: [SCHEMA.listResponse],
      totalResults: resources.length,
      startIndex: 1,
      itemsPerPage: resources.length,
      Resources: resources,
    });
  }
  const found = resources.find((resource) => resource.id.toLowerCase() === id.toLowerCase());
  if (!found)
    throw new ScimError(404, undefined, `There is no \`${id.slice(0, 200)}\` among the ${endpoint}.`);
  return json(found);
}

function json(value: unknown): Reply {
  return { status: 200, headers: {}, body: JSON.stringify(value) };
}

export function serviceProviderConfig(tenant: Tenant) {
  return {
    schemas: [CONFIG_URN],
    documentationUri: "https://www.rfc-editor.org/rfc/rfc7644",
    patch: { supported: true },
    bulk: { supported: true, maxOperations: MAX_BULK_OPERATIONS, maxPayloadSize: MAX_BODY_BYTES },
    filter: { supported: true, maxResults: MAX_PAGE },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      defaultPageSize: DEFAULT_PAGE,
      maxPageSize: MAX_PAGE,
      cursorTimeout: CURSOR_TIMEOUT,
    },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "Bearer token",
        description: "A long-lived token in the Authorization header.",
        specUri: "https://www.rfc-editor.org/rfc/rfc6750",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: `${tenant.baseUrl}/ServiceProviderConfig` },
  };
}

function models(tenant: Tenant): ResourceModel[] {
  return [tenant.models.User, tenant.models.Group];
}

function resourceTypes(tenant: Tenant) {
  return models(tenant).map((model) => ({
    schemas: [RESOURCE_TYPE_URN],
    id: model.type,
    name: model.type,
    description: model.schema.description,
    endpoint: model.endpoint,
    schema: model.schema.id,
    schemaExtensions: model.extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: "ResourceType", location: `${tenant.baseUrl}/ResourceTypes/${model.type}` },
  }));
}

function schemas(tenant: Tenant) {
  const all = models(tenant).flatMap((model) => [model.schema, ...model.extensions]);
  return all.map((schema) => ({
    schemas: [SCHEMA_URN],
    ...schema,
    meta: { resourceType: "Schema", location: `${tenant.baseUrl}/Schemas/${schema.id}` },
  }));
}
