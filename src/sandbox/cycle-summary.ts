import type { LogAction, LogEntry } from "../provisioning/entra/report.ts";
import type { CycleOutcome } from "./entra/synchronization/cycle.ts";
import type { SettleReport } from "./okta/provisioner.ts";

/** What the tenant answers to `POST /_sandbox/cycles`, by job id. */
export type CycleAnswers = Record<string, { application: string } & CycleOutcome>;

const DONE: Partial<Record<LogAction, string>> = {
  create: "created",
  update: "updated",
  disable: "deactivated",
  delete: "deleted",
};

/** One line for each application of Entra and one for Okta's org, each with what went wrong below it; ends in a newline. */
export function summarizeCycle(entra: CycleAnswers, okta: SettleReport): string {
  const outcomes = Object.values(entra).sort((a, b) => (a.application < b.application ? -1 : 1));
  const lines = [
    ...(outcomes.length === 0 ? ["Entra  no application has a provisioning job"] : []),
    ...outcomes.flatMap((outcome) => [
      `Entra  ${outcome.application}: ${outcome.ran ? done(outcome.report.entries) : outcome.why}`,
      ...(outcome.ran ? problems(outcome) : []).map((problem) => `       ! ${problem}`),
    ]),
    `Okta   ${okta.performed === 0 ? "nothing was waiting" : `${counted(okta.performed, "task")} done`}`,
    ...okta.failed.map(({ application, message }) => `       ! ${application}: ${message}`),
  ];
  return `${lines.join("\n")}\n`;
}

function done(entries: LogEntry[]): string {
  const parts = Object.entries(DONE).flatMap(([action, word]) => {
    const objects = entries.filter((entry) => entry.action === action && entry.status === "success");
    return objects.length > 0 ? [`${objects.length} ${word}`] : [];
  });
  const skipped = entries.filter(({ status }) => status === "skipped").length;
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(", ") || "nothing to do";
}

function problems({ report }: Extract<CycleOutcome, { ran: true }>): string[] {
  const failed = report.entries.filter(({ status }) => status === "failure");
  return [
    ...(report.quarantine ? [`The job is in quarantine: ${report.quarantine.error.message}`] : []),
    ...failed.map(
      ({ sourceIdentity, reason, errorCode }) => `${sourceIdentity.displayName}: ${reason ?? errorCode}`,
    ),
    ...report.notes,
  ];
}

const counted = (count: number, noun: string) => (count === 1 ? `one ${noun}` : `${count} ${noun}s`);
