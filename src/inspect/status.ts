/** How one application's provisioning is. */
export interface Status {
  name: string;
  idp: "entra" | "okta";
  /** In a word or two: running, paused, quarantine, not made yet, SCIM is off, … */
  state: string;
  healthy: boolean;
  /** ISO 8601; Okta provisions at each change and has no cycles. */
  lastCycle?: string;
  nextCycle?: string;
  /** Sentences: counts, a quarantine and why, what waits for a person. */
  details: string[];
  failures: FailedEntry[];
  /** What this identity may not see, so that nobody knows whether all is well: sentences. Never healthy with any. */
  unseen: string[];
}

/** A user or group that could not be provisioned. */
export interface FailedEntry {
  who: string;
  /** ISO 8601; unknown where Okta keeps no time with it. */
  when?: string;
  reason: string;
  advice?: string;
}
