import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Caller } from "./caller.ts";
import type { EntityType } from "./entity-types.ts";
import type { GraphObject } from "./filter.ts";
import { accessDenied, badRequest, malformed, synchronizationDenied } from "./graph-error.ts";
import { contextOf, type Identified, selection } from "./listing.ts";
import { type Access, isAllowed } from "./permissions.ts";
import { DroppedConnection, JSON_TYPE } from "./pipeline.ts";
import type { TenantState } from "./tenant-state.ts";

export type GraphVersion = "v1.0" | "beta";

/** One call, as the functions that answer it want it. */
export interface GraphCall {
  version: GraphVersion;
  caller: Caller;
  params: Record<string, string>;
  query: Record<string, string>;
  /** The JSON object of the body; empty when there is none. */
  body: GraphObject;
  headers: Record<string, string>;
  /** Absolute, without the query. */
  url: string;
  /** `http://127.0.0.1:8080/v1.0` */
  root: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  contentType?: string;
}

export const noContent: Answer = { status: 204 };
export const created = (body: unknown): Answer => ({ status: 201, body });
export const ok = (body: unknown): Answer => ({ status: 200, body });

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Registers Graph calls: checks permissions, hands a {@link GraphCall} over, runs each call as one transaction. */
export class GraphRouter {
  readonly tenant: TenantState;
  readonly version: GraphVersion;
  readonly #server: FastifyInstance;

  constructor(server: FastifyInstance, tenant: TenantState, version: GraphVersion) {
    this.#server = server;
    this.tenant = tenant;
    this.version = version;
  }

  /** A call that answers from the tenant's own documents; all of it happens or nothing. */
  on(method: Method, path: string, access: Access | undefined, handle: (call: GraphCall) => Answer): void {
    this.onAsync(method, path, access, async (call) => this.tenant.store.transaction(() => handle(call)));
  }

  /** A call that waits for something else, such as a SCIM server. */
  onAsync(
    method: Method,
    path: string,
    access: Access | undefined,
    handle: (call: GraphCall) => Promise<Answer>,
  ): void {
    this.#server.route({
      method,
      url: path,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const call = this.#call(request);
        if (access) this.#check(access, call);
        const answer = await handle(call).finally(() => {
          if (request.dropAnswer) throw new DroppedConnection();
        });
        reply.type(answer.contentType ?? JSON_TYPE);
        return reply.code(answer.status).send(answer.body);
      },
    });
  }

  /** One page of a list. `context` is what stands after `$metadata#`. */
  page<T extends Identified>(
    call: GraphCall,
    type: EntityType,
    context: string,
    documents: readonly T[],
    render: (document: T) => GraphObject,
  ): Answer {
    const eventual = call.headers.consistencylevel?.toLowerCase() === "eventual";
    const request = { url: call.url, query: call.query, eventual, version: call.version, context };
    return ok(this.tenant.listing.page(request, type, documents, render));
  }

  /** One object, with the properties that were asked for. */
  entity(call: GraphCall, type: EntityType, context: string, object: GraphObject): Answer {
    const chosen = selection(call.query.$select, type, call.version)(object);
    return ok({ "@odata.context": contextOf({ ...call, context: `${context}/$entity` }), ...chosen });
  }

  #call(request: FastifyRequest): GraphCall {
    const { body } = request;
    if (body !== undefined && body !== null && (typeof body !== "object" || Array.isArray(body))) {
      throw malformed("Unable to read JSON request payload: a JSON object is expected.");
    }
    return {
      version: this.version,
      caller: request.caller,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, string>,
      body: (body ?? {}) as GraphObject,
      headers: request.headers as Record<string, string>,
      url: `${this.tenant.baseUrl}${request.url.replace(/\?.*$/s, "")}`,
      root: `${this.tenant.baseUrl}/${this.version}`,
    };
  }

  #check(access: Access, { caller, params }: GraphCall): void {
    const owns = () => this.#ownersOf(params.id ?? "").includes(caller.servicePrincipalId);
    if (isAllowed(access, caller.permissions, owns)) return;
    throw access.refusal === "silent" ? synchronizationDenied() : accessDenied();
  }

  #ownersOf(key: string): string[] {
    const { owners, applications, servicePrincipals } = this.tenant.documents;
    const appId = /^appId=(.*)$/.exec(key)?.[1];
    if (appId === undefined) return owners.get(key) ?? [];
    const objects = [...applications.values(), ...servicePrincipals.values()].filter(
      (one) => one.appId === appId,
    );
    return objects.flatMap(({ id }) => owners.get(id) ?? []);
  }
}

/** Members of a body that Graph ignores or knows; @throws GraphError 400 naming the first that it does not. */
export function checkProperties(body: GraphObject, type: EntityType, also: readonly string[] = []): void {
  for (const name of Object.keys(body)) {
    if (name.startsWith("@odata.") || type.properties.has(name) || also.includes(name)) continue;
    throw malformed(
      `The property '${name}' does not exist on type '${type.name}'. Make sure to only use property names that are defined by the type.`,
    );
  }
}

/** @throws GraphError 400 when the body's `name` is absent, empty or no string. */
export function requiredString(body: GraphObject, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === "") {
    throw badRequest(`A value is required for property '${name}' of resource.`);
  }
  if (typeof value !== "string")
    throw malformed(`Cannot convert the literal '${String(value)}' to the expected type 'Edm.String'.`);
  return value;
}
