import type { SynchronizationJob } from "../../../clients/graph/synchronization.ts";

const REASONS: Record<string, string> = {
  EncounteredBaseEscrowThreshold: "too many users and groups failed",
  EncounteredTotalEscrowThreshold: "too many users and groups failed",
  EncounteredEscrowProportionThreshold: "too large a share of the users and groups failed",
  EncounteredQuarantineException: "the endpoint refused the credentials or could not be reached",
  QuarantinedOnDemand: "Microsoft stopped it",
  TooManyDeletes: "it was about to delete more than the accidental deletion threshold allows",
  IngestionInterrupted: "reading from Entra was interrupted",
};

/** Why a job is in quarantine, for a person; undefined when it is not. */
export function quarantineInWords(job: SynchronizationJob): string | undefined {
  const { quarantine, code } = job.status;
  if (!quarantine) return code === "Quarantine" ? "Entra gives no reason" : undefined;
  const parts = [REASONS[quarantine.reason] ?? quarantine.reason];
  if (quarantine.error)
    parts.push(`${quarantine.error.code}: ${quarantine.error.message}`.replace(/: $/, ""));
  parts.push(`since ${quarantine.currentBegan}, next attempt ${quarantine.nextAttempt}`);
  return parts.join("; ");
}
