import type { Deviation } from "../deviation.ts";
import type { Json } from "../document/json.ts";

/** One request as it came in and what became of it. Holds no token and no password; personal data it does hold. */
export interface JournalEntry {
  /** Order of arrival, per tenant, from 1 on. */
  seq: number;
  tenant: string;
  /** ISO time of arrival. */
  at: string;
  method: string;
  /** Below the tenant's base URL, with the query as sent: `/Users?filter=…`. */
  path: string;
  userAgent: string;
  /** HTTP status; 0 when the connection was dropped on purpose. */
  status: number;
  /** Milliseconds from arrival to the answer, without the commit that it waits for. */
  ms: number;
  /** The body, parsed; undefined when there was none, or it was not JSON or too large. */
  request?: Json;
  /** The Error body, when it was refused. */
  error?: Json;
  /** Where the resource is that was made, read or changed. */
  location?: string;
  deviations: Deviation[];
  /** The fault that was injected. */
  fault?: string;
  verdict: Verdict;
}

export interface Verdict {
  level: "fine" | "noted" | "refused" | "failing";
  /** What an identity provider makes of the answer, in words. */
  text: string;
}

/** What the answer means to Entra and Okta (their documents on quarantine and retries; that of 429 is not settled). */
export function judge(status: number, method: string, path: string, deviations: number): Verdict {
  if (status === 0) return { level: "failing", text: "no answer: retried in the next cycles" };
  if (status === 401 || status === 403) {
    return { level: "failing", text: "credentials refused: Entra quarantines the job at once, Okta stops" };
  }
  if (status === 404 && path.includes("filter=")) {
    return {
      level: "failing",
      text: "404 to a search: Entra takes the endpoint for wrong and quarantines the job",
    };
  }
  if (status === 404 && method === "GET")
    return { level: "fine", text: "not there: the caller creates it, or goes on" };
  if (status === 409)
    return { level: "refused", text: "duplicate: the caller must match it, or a person must" };
  if (status === 412) return { level: "refused", text: "changed in between: the caller reads it again" };
  if (status === 429)
    return { level: "failing", text: "too many requests: a later try, or a failure towards quarantine" };
  if (status >= 500 && status !== 501)
    return { level: "failing", text: "server failure: retried, counts towards quarantine" };
  if (status >= 400)
    return { level: "refused", text: "refused: fails again until the mapping or the data changes" };
  if (deviations > 0) return { level: "noted", text: "understood, though it leaves the RFC" };
  return { level: "fine", text: "as the RFC has it" };
}
