import { SCHEMA } from "../../scim/wire.ts";
import type { Json, JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import { badSyntax, badValue, ScimError } from "../errors.ts";
import type { ResourceType } from "../schema/model.ts";
import type { Call, Reply } from "./call.ts";
import { MAX_BULK_OPERATIONS } from "./discovery.ts";
import { newId } from "./new-id.ts";
import { entityTag, locationOf } from "./render.ts";
import type { Tenant } from "./tenant.ts";
import { createResource, deleteResource, existing, patchResource, replaceResource } from "./write.ts";

interface BulkOperation {
  method: string;
  path: string;
  bulkId: string | undefined;
  version: string | undefined;
  data: Json | undefined;
}

interface Outcome {
  method: string;
  bulkId?: string;
  version?: string;
  location?: string;
  status: string;
  response?: unknown;
}

/**
 * A BulkRequest, RFC 7644 section 3.7. The ids of what is created are chosen beforehand, so that references by bulkId may
 * point forward and in circles. Each operation stands for itself; after `failOnErrors` failures the rest is not tried.
 *
 * @throws ScimError 400 for a body that is none, 413 for too many operations.
 */
export function runBulk(tenant: Tenant, call: Call): Reply {
  const body = call.body();
  if (!isObject(body)) throw badSyntax("The body is no JSON object; a BulkRequest is needed.");
  if (!Array.isArray(body.schemas) || !body.schemas.includes(SCHEMA.bulkRequest)) {
    throw badSyntax(`\`schemas\` must hold \`${SCHEMA.bulkRequest}\`.`);
  }
  if (!Array.isArray(body.Operations)) throw badSyntax("`Operations` must be an array.");
  if (body.Operations.length > MAX_BULK_OPERATIONS) {
    throw new ScimError(
      413,
      "tooMany",
      `At most ${MAX_BULK_OPERATIONS} operations are taken in one request.`,
    );
  }
  const limit = typeof body.failOnErrors === "number" && body.failOnErrors > 0 ? body.failOnErrors : Infinity;
  const operations = body.Operations.map(readOperation);
  const bulk = new Bulk(tenant, call, operations);
  const outcomes: Outcome[] = [];
  // All of them or, where the disk fails, none: the request is then refused as a whole.
  tenant.data.batch.run(() => {
    let failures = 0;
    for (const operation of operations) {
      if (failures >= limit) break;
      const outcome = bulk.run(operation);
      if (Number(outcome.status) >= 400) failures++;
      outcomes.push(outcome);
    }
  });
  return {
    status: 200,
    headers: {},
    body: JSON.stringify({ schemas: [SCHEMA.bulkResponse], Operations: outcomes }),
  };
}

function readOperation(operation: Json): BulkOperation {
  if (!isObject(operation)) throw badSyntax("Each of `Operations` must be an object.");
  const { method, path, bulkId, version, data } = operation;
  return {
    method: typeof method === "string" ? method.toUpperCase() : "",
    path: typeof path === "string" ? path : "",
    bulkId: typeof bulkId === "string" ? bulkId : undefined,
    version: typeof version === "string" ? version : undefined,
    data,
  };
}

class Bulk {
  readonly #tenant: Tenant;
  readonly #call: Call;
  /** Ids by bulkId; the operations that failed have none. */
  readonly #ids = new Map<string, string>();

  constructor(tenant: Tenant, call: Call, operations: BulkOperation[]) {
    this.#tenant = tenant;
    this.#call = call;
    for (const { method, path, bulkId, data } of operations) {
      if (method !== "POST" || bulkId === undefined) continue;
      const type = typeOf(path.split("/")[1]);
      const known = type && isObject(data) ? tenant.dialect.product?.newId?.(type, data) : undefined;
      this.#ids.set(bulkId, known ?? newId());
    }
  }

  run(operation: BulkOperation): Outcome {
    const { method, bulkId } = operation;
    const echo = { method, ...(bulkId === undefined ? {} : { bulkId }) };
    try {
      return { ...echo, ...this.#tenant.data.batch.run(() => this.#apply(operation)) };
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      if (method === "POST" && bulkId !== undefined) this.#ids.delete(bulkId);
      return { ...echo, status: String(error.status), response: error.body };
    }
  }

  #apply({ method, path, bulkId, version, data }: BulkOperation): Omit<Outcome, "method"> {
    const tenant = this.#tenant;
    const [, endpoint, rawId, ...more] = this.#resolveText(path).split("/");
    const type = typeOf(endpoint);
    if (!type || more.length > 0)
      throw badSyntax(`\`${path.slice(0, 200)}\` is no path that bulk operations take.`);
    const resolved = this.#resolve(data ?? null);
    if (method === "POST") {
      if (bulkId === undefined) throw badSyntax("A POST in a bulk request needs a `bulkId`.");
      if (rawId !== undefined) throw badSyntax("A POST goes to the endpoint of a resource type.");
      const row = createResource(tenant, type, resolved, this.#call.intake, this.#ids.get(bulkId));
      return { location: locationOf(tenant, type, row.id), version: entityTag(row.version), status: "201" };
    }
    const before = existing(tenant, type, decodeURIComponent(rawId ?? ""));
    const location = locationOf(tenant, type, before.id);
    if (version !== undefined && version !== entityTag(before.version)) {
      throw new ScimError(
        412,
        undefined,
        `The resource has changed since: its version is ${entityTag(before.version)}.`,
      );
    }
    switch (method) {
      case "PUT": {
        const row = replaceResource(tenant, type, before, resolved, this.#call.intake);
        return { location, version: entityTag(row.version), status: "200" };
      }
      case "PATCH": {
        const row = patchResource(tenant, type, before, resolved, this.#call.intake);
        return { location, version: entityTag(row.version), status: "200" };
      }
      case "DELETE":
        deleteResource(tenant, type, before);
        return { location, status: "204" };
      default:
        throw badSyntax("`method` must be POST, PUT, PATCH or DELETE.");
    }
  }

  #resolve(value: Json): Json {
    if (typeof value === "string") return this.#resolveText(value);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (!isObject(value)) return value;
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      if (key !== "__proto__") result[key] = this.#resolve(item);
    }
    return result;
  }

  #resolveText(text: string): string {
    if (!text.includes("bulkId:")) return text;
    return text.replace(/bulkId:([^/\s"\]]+)/g, (_whole, bulkId: string) => {
      const id = this.#ids.get(bulkId);
      if (id === undefined)
        throw badValue(`\`bulkId:${bulkId.slice(0, 100)}\` names no resource that was created.`);
      return id;
    });
  }
}

function typeOf(endpoint: string | undefined): ResourceType | undefined {
  return endpoint === "Users" ? "User" : endpoint === "Groups" ? "Group" : undefined;
}
