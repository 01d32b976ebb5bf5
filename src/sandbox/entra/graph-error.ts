/** A refusal by Microsoft Graph: what the caller sees. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: string;
  /** Seconds, for the Retry-After header of a 429 or 503. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.name = "GraphError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The directory's answer when an object, or one that a request refers to, is not there (yet). */
export function notFound(id: string): GraphError {
  return new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** The directory's answer to a request that it understands and does not accept. */
export function badRequest(message: string): GraphError {
  return new GraphError(400, "Request_BadRequest", message);
}

/** The gateway's answer to what is not well-formed. */
export function malformed(message: string): GraphError {
  return new GraphError(400, "BadRequest", message);
}

export function invalidProperty(property: string, resource: string): GraphError {
  return badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`);
}

export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, "Request_UnsupportedQuery", message);
}

export function unauthenticated(message: string): GraphError {
  return new GraphError(401, "InvalidAuthenticationToken", message);
}

/** What a missing permission gives everywhere but in the synchronization API. */
export function accessDenied(): GraphError {
  return new GraphError(
    403,
    "Authorization_RequestDenied",
    "Insufficient privileges to complete the operation.",
  );
}

/** What a missing permission gives in the synchronization API: a 401 that says nothing. */
export function synchronizationDenied(): GraphError {
  return new GraphError(401, "UnknownError", "");
}

export function throttled(retryAfter: number): GraphError {
  return new GraphError(429, "TooManyRequests", "Too Many Requests", retryAfter);
}

/** The answers that a test can ask for; the codes are those that the service sends with them. */
export function injectedError(status: number, retryAfter: number | undefined, path: string): GraphError {
  switch (status) {
    case 401:
      return /\/synchronization(\/|$)/.test(path)
        ? synchronizationDenied()
        : unauthenticated("Access token validation failure.");
    case 403:
      return accessDenied();
    case 404:
      return new GraphError(404, "Request_ResourceNotFound", "Resource not found for the segment.");
    case 409:
      return new GraphError(
        409,
        "Request_MultipleObjectsWithSameKeyValue",
        "Another object with the same value for property exists, or the object is being changed.",
      );
    case 429:
      return throttled(retryAfter ?? 1);
    case 503:
      return new GraphError(
        503,
        "serviceNotAvailable",
        "The service is temporarily unavailable.",
        retryAfter,
      );
    default:
      return new GraphError(
        status,
        "InternalServerError",
        "An unexpected error occurred while processing the request.",
      );
  }
}
