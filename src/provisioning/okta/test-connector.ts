import { type Failure, failure, listed, type ScimExchange } from "./application.ts";

/**
 * "Test Connector Configuration", also sent whenever the settings are saved: one page of users, and of groups when Import
 * Groups is among the supported actions.
 */
export function* testConnector(options: {
  importGroups: boolean;
}): ScimExchange<{ outcome: "verified" } | Failure> {
  const users = yield { method: "GET", path: "/Users?startIndex=1&count=2" };
  if (users.status === 404 || !listed(users)) return failure("verifying the connector", users);
  if (options.importGroups) {
    const groups = yield { method: "GET", path: "/Groups?startIndex=1&count=100" };
    if (groups.status === 404 || !listed(groups)) return failure("verifying the connector", groups);
  }
  return { outcome: "verified" };
}
