import type { OktaClient } from "./client.ts";

/** One entry of Okta's system log. */
export interface LogEvent {
  published: string;
  eventType: string;
  displayMessage: string;
  outcome: { result: "SUCCESS" | "FAILURE" | "SKIPPED" | "UNKNOWN"; reason: string | null };
  target: { id: string; type: string; alternateId: string | null; displayName: string | null }[] | null;
}

/** What failed of one application's provisioning in the last seven days, newest first; 100 entries at most. */
export function provisioningFailures(okta: OktaClient, appId: string): Promise<LogEvent[]> {
  const filter = `target.id eq ${JSON.stringify(appId)} and eventType sw "application.provision" and outcome.result eq "FAILURE"`;
  const query = new URLSearchParams({ filter, sortOrder: "DESCENDING", limit: "100" });
  // One page: without `until` the log has always a next one.
  return okta.get(`/logs?${query.toString().replaceAll("+", "%20")}`);
}
