/** What a service answered, or that it did not, as a sentence for the person who has to act on it. */
export class HttpError extends Error {
  override name = "HttpError";
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The service's own code: Graph's `error.code`, Okta's `E0000007`, SCIM's `scimType`. */
  readonly code: string;
  readonly requestId: string;
  /** Method and path, without query. */
  readonly request: string;
  /** The service's own message. */
  readonly detail: string;

  constructor(fields: HttpErrorFields) {
    super(sentence(fields), fields.cause === undefined ? undefined : { cause: fields.cause });
    this.status = fields.status;
    this.code = fields.code;
    this.requestId = fields.requestId;
    this.request = fields.request;
    this.detail = fields.detail;
  }
}

export interface HttpErrorFields {
  service: string;
  request: string;
  status: number;
  code: string;
  detail: string;
  requestId: string;
  /** How often the request was sent. */
  attempts: number;
  /** What to do, when that is known. */
  help?: string;
  cause?: unknown;
}

function sentence(fields: HttpErrorFields): string {
  const what =
    fields.status === 0
      ? `${fields.service} did not answer ${fields.request}`
      : `${fields.service} refused ${fields.request}: ${[fields.status, fields.code].filter(Boolean).join(" ")}`;
  const parts = [fields.detail ? `${what}: ${fields.detail}` : what];
  const notes = [
    fields.attempts > 1 ? `tried ${fields.attempts} times` : "",
    fields.requestId ? `request id ${fields.requestId}` : "",
  ].filter(Boolean);
  if (notes.length > 0) parts.push(`(${notes.join(", ")})`);
  const text = parts.join(" ");
  return fields.help ? `${text.replace(/[.!]$/, "")}. ${fields.help}` : text;
}

/** Whether `error` is a service's answer with this status. */
export function hasStatus(error: unknown, ...statuses: number[]): error is HttpError {
  return error instanceof HttpError && statuses.includes(error.status);
}
