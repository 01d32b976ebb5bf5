import { ScimError } from "../errors.ts";
import type { ResourceType } from "../schema/model.ts";
import { runBulk } from "./bulk.ts";
import type { Call, Reply } from "./call.ts";
import { DISCOVERY_ENDPOINTS, discover, serviceProviderConfig } from "./discovery.ts";
import { listResources, searchResources } from "./lists.ts";
import { createOne, deleteOne, patchOne, readOne, replaceOne } from "./resources.ts";
import type { Tenant } from "./tenant.ts";

type Handler = () => Reply | Promise<Reply>;

/** The endpoints of RFC 7644 section 3.2. @throws ScimError 404, 405 with Allow, 501, and what the endpoints throw. */
export function route(tenant: Tenant, call: Call): Reply | Promise<Reply> {
  const [name = "", id, ...more] = call.segments;
  const endpoint = canonicalEndpoint(name, call);
  if (
    tenant.dialect.product?.missing?.includes(endpoint) ||
    (id === ".search" && isMissing(tenant, ".search"))
  ) {
    throw notThere(call);
  }
  const handlers = more.length > 0 ? undefined : handlersOf(tenant, call, endpoint, id);
  if (!handlers) throw notThere(call);
  const handler = handlers[call.method];
  if (handler) return handler();
  const allow = Object.keys(handlers).join(", ");
  throw new ScimError(405, undefined, `${call.method} is not allowed here; allowed: ${allow}.`, { allow });
}

const ENDPOINTS = ["Users", "Groups", "Bulk", "Me", ...DISCOVERY_ENDPOINTS];

/** Microsoft's collection asks for `/users` too. */
function canonicalEndpoint(name: string, call: Call): string {
  if (!call.intake.lenient || ENDPOINTS.includes(name)) return name;
  const meant = ENDPOINTS.find((endpoint) => endpoint.toLowerCase() === name.toLowerCase());
  if (meant === undefined) return name;
  call.intake.note("endpoint-case", meant);
  call.segments[0] = meant;
  return meant;
}

function isMissing(tenant: Tenant, endpoint: string): boolean {
  return tenant.dialect.product?.missing?.includes(endpoint) ?? false;
}

function notThere(call: Call): ScimError {
  return new ScimError(404, undefined, `There is no endpoint \`/${call.segments.join("/").slice(0, 200)}\`.`);
}

function handlersOf(
  tenant: Tenant,
  call: Call,
  endpoint: string,
  id: string | undefined,
): Record<string, Handler> | undefined {
  const both: ResourceType[] = ["User", "Group"];
  if (endpoint === "Users" || endpoint === "Groups") {
    const type: ResourceType = endpoint === "Users" ? "User" : "Group";
    if (id === ".search") return { POST: () => searchResources(tenant, [type], call) };
    if (id === undefined) {
      return { GET: () => listResources(tenant, [type], call), POST: () => createOne(tenant, type, call) };
    }
    return {
      GET: () => readOne(tenant, type, id, call),
      PUT: () => replaceOne(tenant, type, id, call),
      PATCH: () => patchOne(tenant, type, id, call),
      DELETE: () => deleteOne(tenant, type, id, call),
    };
  }
  if (DISCOVERY_ENDPOINTS.includes(endpoint)) return { GET: () => discover(tenant, call) };
  if (endpoint === "Me") {
    throw new ScimError(501, undefined, "`/Me` is not served: the token belongs to no user.");
  }
  if (id !== undefined) return undefined;
  switch (endpoint) {
    case "":
      return { GET: () => listResources(tenant, both, call) };
    case ".search":
      return { POST: () => searchResources(tenant, both, call) };
    case "Bulk":
      return { POST: () => runBulk(tenant, call) };
    case "serviceConfiguration":
      // Microsoft's collection asks for this one, which no RFC names.
      return tenant.dialect.name === "microsoft" ? { GET: () => configuration(tenant) } : undefined;
    default:
      return undefined;
  }
}

function configuration(tenant: Tenant): Reply {
  return { status: 200, headers: {}, body: JSON.stringify(serviceProviderConfig(tenant)) };
}
