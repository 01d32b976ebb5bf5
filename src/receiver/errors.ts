import { SCHEMA } from "../scim/wire.ts";

/** RFC 7644 table 9, and what RFC 9865 adds. */
export type ScimType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue"
  | "invalidVers"
  | "sensitive"
  | "invalidCursor"
  | "expiredCursor"
  | "invalidCount";

/** What a request is refused with: an HTTP status and the Error body of RFC 7644 section 3.12. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    scimType: ScimType | undefined,
    detail: string,
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = "ScimError";
    this.status = status;
    this.scimType = scimType;
    this.headers = headers;
  }

  get body(): Record<string, unknown> {
    return {
      schemas: [SCHEMA.error],
      status: String(this.status),
      ...(this.scimType === undefined ? {} : { scimType: this.scimType }),
      detail: this.message,
    };
  }
}

export const badSyntax = (detail: string) => new ScimError(400, "invalidSyntax", detail);
export const badValue = (detail: string) => new ScimError(400, "invalidValue", detail);
export const badPath = (detail: string) => new ScimError(400, "invalidPath", detail);
export const badFilter = (detail: string) => new ScimError(400, "invalidFilter", detail);
export const noTarget = (detail: string) => new ScimError(400, "noTarget", detail);
export const immutable = (detail: string) => new ScimError(400, "mutability", detail);
