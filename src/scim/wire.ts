/** One HTTP exchange with a SCIM server as data, so that those who decide what to send need no network. */
export interface ScimRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Relative to the tenant's base URL, with the query: `/Users?filter=…`, percent-encoded. */
  path: string;
  body?: unknown;
}

export interface ScimResponse {
  /** HTTP status; 0 when no answer came (connection refused, reset, timed out). */
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The parsed JSON body; undefined when there is none, the text when it is not JSON. */
  body: unknown;
}

export const SCHEMA = {
  user: "urn:ietf:params:scim:schemas:core:2.0:User",
  enterpriseUser: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  group: "urn:ietf:params:scim:schemas:core:2.0:Group",
  listResponse: "urn:ietf:params:scim:api:messages:2.0:ListResponse",
  patchOp: "urn:ietf:params:scim:api:messages:2.0:PatchOp",
  searchRequest: "urn:ietf:params:scim:api:messages:2.0:SearchRequest",
  bulkRequest: "urn:ietf:params:scim:api:messages:2.0:BulkRequest",
  bulkResponse: "urn:ietf:params:scim:api:messages:2.0:BulkResponse",
  error: "urn:ietf:params:scim:api:messages:2.0:Error",
} as const;
