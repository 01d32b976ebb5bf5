import type { ScimResponse } from "../../scim/wire.ts";

/** Why one object could not be provisioned, with a code of Microsoft's list (entra-docs, howto-analyze-provisioning-logs.md). */
export interface Failure {
  code: string;
  message: string;
}

const INVALID_CREDENTIALS = "SystemForCrossDomainIdentityManagementInvalidCredentials";
const INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible";

/** Ends a cycle at once and quarantines the job: credentials refused, or no SCIM service at that address. */
export class CycleAborted extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function succeeded(response: ScimResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

/** Throws {@link CycleAborted} when the answer says that the credentials are wrong. */
export function refuseBadCredentials(response: ScimResponse): void {
  if (response.status === 401) throw new CycleAborted(invalidCredentials(response));
}

export function invalidCredentials(response: ScimResponse): Failure {
  return {
    code: INVALID_CREDENTIALS,
    message: `The credentials are invalid: the SCIM endpoint answered ${described(response)}. Check the secret token.`,
  };
}

/** For an answer to a query that is no ListResponse, such as 404 for a wrong tenant URL or a sign-in page. */
export function incompatible(response: ScimResponse): Failure {
  return {
    code: INCOMPATIBLE,
    message: `The tenant URL does not lead to a SCIM service: a query was answered ${described(response)}, not with 200 and a ListResponse. Check the tenant URL.`,
  };
}

/** @param doing what was tried, to stand after "Failed to": "create User 'Ada'". */
export function failureOf(response: ScimResponse, doing: string): Failure {
  return {
    code: codeOf(response),
    message: `Failed to ${doing}: the SCIM endpoint answered ${described(response)}.`,
  };
}

function codeOf(response: ScimResponse): string {
  switch (response.status) {
    case 0:
      return "WebExceptionProtocolError";
    case 400:
      return "SystemForCrossDomainIdentityManagementBadRequest";
    case 403:
      return "InsufficientRights";
    case 404:
      return "InvalidAnchor";
    case 405:
      return "MethodNotAllowed";
    case 408:
      return "Timeout";
    case 409:
      return "EntryConflict";
    case 422:
      return "UnprocessableEntity";
    case 429:
      return "TooManyRequests";
    case 501:
      return "NotImplemented";
    default:
      return response.status >= 500 ? "InternalServerError" : INCOMPATIBLE;
  }
}

const MAX_DETAIL = 300;

function described(response: ScimResponse): string {
  if (response.status === 0) return `nothing (${text(response.body)})`;
  const { body } = response;
  const detail =
    typeof body === "object" && body !== null && "detail" in body ? text(body.detail) : text(body);
  return detail === "" ? `HTTP ${response.status}` : `HTTP ${response.status} (${detail})`;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  const whole = typeof value === "string" ? value : JSON.stringify(value);
  return whole.length > MAX_DETAIL ? `${whole.slice(0, MAX_DETAIL)}…` : whole;
}
