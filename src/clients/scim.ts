import { SCHEMA } from "../scim/wire.ts";
import { type HttpClient, httpClient } from "./http.ts";
import { hasStatus } from "./http-error.ts";

/** A user or group as a SCIM server tells it. Attribute names are the server's; `id` is always there. */
export interface ScimResource {
  id: string;
  [attribute: string]: unknown;
}

export type ScimResourceType = "Users" | "Groups";

/** Reads what a product's own SCIM endpoint holds. It never writes: that is the identity provider's work. */
export interface ScimClient {
  /** All resources of a type, or those that match a SCIM filter, page by page. */
  list(type: ScimResourceType, filter?: string): Promise<ScimResource[]>;
  /** undefined when there is none. */
  get(type: ScimResourceType, id: string): Promise<ScimResource | undefined>;
}

export interface ScimClientOptions {
  /** `https://acme.acryl.io/gms/openapi/scim/v2` */
  baseUrl: string;
  token: string;
  /** Resources asked for at once; a server may give fewer. Default 100, as Entra and Okta ask. */
  pageSize?: number;
  signal?: AbortSignal;
}

interface ListResponse {
  totalResults: number;
  Resources?: ScimResource[];
}

export function scimClient(options: ScimClientOptions): ScimClient {
  const http = httpClient({
    service: "The SCIM endpoint",
    baseUrl: options.baseUrl.replace(/\/$/, ""),
    headers: { accept: "application/scim+json, application/json" },
    authorization: async () => `Bearer ${options.token}`,
    describe: describeError,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return {
    list: (type, filter) => list(http, type, filter, options.pageSize ?? 100),
    get: (type, id) => get(http, type, id),
  };
}

async function list(
  http: HttpClient,
  type: ScimResourceType,
  filter: string | undefined,
  pageSize: number,
): Promise<ScimResource[]> {
  const found = new Map<string, ScimResource>();
  for (let startIndex = 1; ; ) {
    const query = new URLSearchParams({ startIndex: String(startIndex), count: String(pageSize) });
    if (filter !== undefined) query.set("filter", filter);
    const { body } = await http.request<ListResponse>({
      method: "GET",
      path: `/${type}?${query.toString().replaceAll("+", "%20")}`,
    });
    if (typeof body !== "object" || body === null || typeof body.totalResults !== "number") {
      throw new Error(
        `GET ${http.baseUrl}/${type} is not a SCIM list (${SCHEMA.listResponse} with totalResults): is this the product's SCIM address, or a page of it?`,
      );
    }
    const page = body.Resources ?? [];
    for (const resource of page) found.set(resource.id, resource);
    startIndex += page.length;
    if (page.length === 0 || startIndex > body.totalResults) return [...found.values()];
  }
}

async function get(http: HttpClient, type: ScimResourceType, id: string): Promise<ScimResource | undefined> {
  try {
    const answer = await http.request<ScimResource>({
      method: "GET",
      path: `/${type}/${encodeURIComponent(id)}`,
    });
    return answer.body;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

function describeError(status: number, body: unknown): { code: string; detail: string; help?: string } {
  const error = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const described = {
    code: typeof error.scimType === "string" ? error.scimType : "",
    detail: typeof error.detail === "string" ? error.detail : "",
  };
  if (status !== 401 && status !== 403) return described;
  return { ...described, help: "Is this the token of the product's SCIM endpoint, and has it not expired?" };
}
