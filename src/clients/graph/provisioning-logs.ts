import type { GraphClient } from "./client.ts";
import { literal, query } from "./odata.ts";

/** One entry of Entra's provisioning logs: what a cycle did, or failed to do, to one object. */
export interface ProvisioningLogEntry {
  id: string;
  activityDateTime: string;
  jobId: string;
  cycleId: string;
  /** create, update, delete, disable, stagedDelete, other. */
  provisioningAction: string;
  provisioningStatusInfo: {
    status: "success" | "failure" | "skipped" | "warning";
    errorInformation: { errorCode: string; reason: string; recommendedAction?: string | null } | null;
  };
  sourceIdentity: { id: string; displayName: string; identityType: string };
  targetIdentity: { id: string; displayName: string; identityType: string };
  provisioningSteps: { name: string; status: string; description: string }[];
}

/**
 * Entries of one job since a moment (ISO 8601), newest first. Graph allows five such requests in ten seconds, and
 * keeps entries for 7 days without a premium licence.
 */
export async function provisioningLogs(
  graph: GraphClient,
  jobId: string,
  since?: string,
): Promise<ProvisioningLogEntry[]> {
  const job = `jobId eq ${literal(jobId)}`;
  const filter = since ? `${job} and activityDateTime ge ${since}` : job;
  const entries = await graph.list<ProvisioningLogEntry>(
    query("/auditLogs/provisioning", { filter, top: 999 }),
  );
  return entries.sort((one, other) => other.activityDateTime.localeCompare(one.activityDateTime));
}
