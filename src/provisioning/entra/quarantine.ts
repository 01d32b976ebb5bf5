import type { Quarantine } from "./report.ts";

export interface FailureTally {
  /** Users and groups that failed. */
  failures: number;
  /** Managers and memberships that failed. */
  referenceFailures: number;
  /** Users and groups that did not. */
  successes: number;
}

const LEAST_FAILURES = 5_000;
const MOST_FAILURES = 40_000;
const MOST_OF_ALL_KINDS = 60_000;
const GREATEST_SHARE = 0.4;

/** Whether failures put a job into quarantine (application-provisioning-quarantine-status.md, "Escrow thresholds"). */
export function quarantineByFailures(tally: FailureTally): Quarantine | null {
  const { failures, referenceFailures, successes } = tally;
  const quarantine = (reason: Quarantine["reason"], message: string): Quarantine => ({
    reason,
    error: { code: reason, message },
  });
  if (failures + referenceFailures > MOST_OF_ALL_KINDS) {
    const message = `${failures + referenceFailures} failures, references included, exceed ${MOST_OF_ALL_KINDS}.`;
    return quarantine("EncounteredTotalEscrowThreshold", message);
  }
  if (failures > MOST_FAILURES) {
    return quarantine("EncounteredBaseEscrowThreshold", `${failures} failures exceed ${MOST_FAILURES}.`);
  }
  if (failures >= LEAST_FAILURES && failures / (failures + successes) > GREATEST_SHARE) {
    const message = `${failures} of ${failures + successes} provisioning events failed, more than 40 %.`;
    return quarantine("EncounteredEscrowProportionThreshold", message);
  }
  return null;
}
