import type { ScimRequest, ScimResponse } from "../../scim/wire.ts";

/** Yields what Okta sends, is resumed with what the server answered, and returns a report. */
export type ScimExchange<Report> = Generator<ScimRequest, Report, ScimResponse>;

/** The switches under "Provisioning > To App", and whether groups may be pushed. */
export interface ProvisioningActions {
  createUsers: boolean;
  updateUsers: boolean;
  deactivateUsers: boolean;
  syncPassword: boolean;
  pushGroups: boolean;
}

/**
 * How an application speaks SCIM. Integrations made in the App Integration Wizard send GET and PUT for everything, groups
 * included; applications of the Okta Integration Network (the "SCIM 2.0 Test App" too) send PATCH for `active` and for groups.
 * There is no switch between the two.
 */
export type ScimStyle = "wizard" | "oin";

/** A request that the server did not answer as Okta needs it. */
export interface Failure {
  outcome: "failed";
  /** HTTP status; 0 when no answer came. */
  status: number;
  /** In Okta's words, as its Tasks page and system log show it. */
  message: string;
  /** Seconds from an integer Retry-After of a 429. */
  retryAfter?: number;
}

/** Describes an answer that is not a success. Bodies that are no SCIM error are reported as Okta does. */
export function failure(doing: string, response: ScimResponse): Failure {
  const retryAfter = /^\d+$/.test(response.headers["retry-after"] ?? "")
    ? Number(response.headers["retry-after"])
    : undefined;
  return {
    outcome: "failed",
    status: response.status,
    message: `Error while ${doing}: ${describe(response)}`,
    ...(response.status === 429 && retryAfter !== undefined ? { retryAfter } : {}),
  };
}

function describe(response: ScimResponse): string {
  if (response.status === 0) return `No answer from the SCIM server (${String(response.body)})`;
  if (typeof response.body === "string") return `${response.status}, Invalid JSON: Unrecognized token`;
  const detail = isObject(response.body) ? response.body.detail : undefined;
  return typeof detail === "string" && detail !== ""
    ? `${response.status}. Errors reported by remote server: ${detail}`
    : `${response.status}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The resources of a ListResponse. A 404 counts as an empty list, as Okta takes it. Undefined when the answer is neither. */
export function listed(response: ScimResponse): Record<string, unknown>[] | undefined {
  if (response.status === 404) return [];
  if (response.status !== 200 || !isObject(response.body)) return undefined;
  const { totalResults, Resources } = response.body;
  if (typeof totalResults !== "number") return undefined;
  return totalResults > 0 && Array.isArray(Resources) ? Resources.filter(isObject) : [];
}

/** `attribute eq "value"` as a query, with the value quoted for the filter and the whole percent-encoded. */
export function filterQuery(attribute: string, value: string): string {
  const filter = `${attribute} eq ${JSON.stringify(value)}`;
  return `filter=${encodeURIComponent(filter)}&startIndex=1&count=100`;
}
