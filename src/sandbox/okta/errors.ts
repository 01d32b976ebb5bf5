/** An answer in Okta's error form. `causes` are for a person. */
export class OktaError extends Error {
  readonly status: number;
  readonly code: string;
  readonly causes: string[];
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, summary: string, causes: string[] = [], headers = {}) {
    super(summary);
    this.status = status;
    this.code = code;
    this.causes = causes;
    this.headers = headers;
  }

  body(errorId: string) {
    return {
      errorCode: this.code,
      errorSummary: this.message,
      errorLink: this.code,
      errorId,
      errorCauses: this.causes.map((errorSummary) => ({ errorSummary })),
    };
  }
}

/** https://developer.okta.com/docs/reference/error-codes/ */
export const refuse = {
  invalid: (what: string, ...causes: string[]) =>
    new OktaError(400, "E0000001", `Api validation failed: ${what}`, causes),
  malformed: () => new OktaError(400, "E0000003", "The request body was not well-formed."),
  unauthenticated: () => new OktaError(401, "E0000011", "Invalid token provided"),
  forbidden: (headers = {}) =>
    new OktaError(403, "E0000006", "You do not have permission to perform the requested action", [], headers),
  notFound: (id: string, type: string) =>
    new OktaError(404, "E0000007", `Not found: Resource not found: ${id} (${type})`),
  noSuchPath: () => new OktaError(404, "E0000008", "The requested path was not found"),
  internal: () => new OktaError(500, "E0000009", "Internal Server Error"),
  methodNotAllowed: () =>
    new OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method"),
  metadata: (cause: string) =>
    new OktaError(400, "E0000024", "Bad request. This operation on app metadata is not yet supported.", [
      `This operation on app metadata is not yet supported: ${cause}`,
    ]),
  search: (cause: string) => new OktaError(400, "E0000031", "Invalid search criteria.", [cause]),
  userStatus: () =>
    new OktaError(403, "E0000038", "This operation is not allowed in the user's current status."),
  alreadyActive: () => new OktaError(403, "E0000016", "Activation failed because the user is already active"),
  unassign: () =>
    new OktaError(403, "E0000046", "Deactivate application for user forbidden.", [
      "The application cannot be unassigned from the user while their group memberships grant them access.",
    ]),
  rateLimit: (headers: Record<string, string>) =>
    new OktaError(429, "E0000047", "API call exceeded rate limit due to too many requests.", [], headers),
  deleteApp: () =>
    new OktaError(403, "E0000056", "Delete application forbidden.", [
      "The application must be deactivated before it can be deleted.",
    ]),
};
