import type { Intake } from "../deviation.ts";
import type { QueryParameters } from "./query.ts";

/** One request to a tenant, with its body parsed. */
export interface Call {
  method: string;
  /** Decoded segments below the tenant's base URL: `["Users", "42"]`. */
  segments: string[];
  query: QueryParameters;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The parsed body; undefined when there is none. @throws ScimError 400 when it cannot be parsed. */
  body(): unknown;
  intake: Intake;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  /** JSON text. */
  body?: string;
}
