import { expect, it } from "vitest";
import type { LogEntry } from "../../src/provisioning/entra/report.ts";
import { type CycleAnswers, summarizeCycle } from "../../src/sandbox/cycle-summary.ts";

const entry = (action: LogEntry["action"], status: LogEntry["status"], displayName: string): LogEntry => ({
  sourceIdentity: { id: displayName, displayName, identityType: "User" },
  targetIdentity: { id: "", displayName: "", identityType: "User" },
  action,
  status,
  errorCode: status === "success" ? null : "EntryConflict",
  reason: status === "failure" ? "somebody else has this userName" : null,
  steps: [],
  modifiedProperties: [],
});

function cycle(entries: LogEntry[], quarantine: string | null = null, notes: string[] = []) {
  const reason = "EncounteredQuarantineException";
  return {
    ran: true,
    report: {
      entries,
      quarantine: quarantine && { reason, error: { code: "x", message: quarantine } },
      notes,
    },
  };
}

it("says of each application what was done, and below it what was not", () => {
  const entra = {
    job2: {
      application: "DataHub",
      ...cycle([
        entry("create", "success", "ada"),
        entry("create", "success", "bo"),
        entry("disable", "success", "john"),
        entry("create", "skipped", "dan"),
        entry("create", "failure", "eve"),
      ]),
    },
    job1: { application: "Collate", ran: false, why: "The job is paused." },
    job3: { application: "Idle", ...cycle([], "Too many failures.", ["Restart it."]) },
  } as unknown as CycleAnswers;
  const okta = { performed: 3, failed: [{ application: "DataHub in Okta", message: "401" }] };
  expect(summarizeCycle(entra, okta)).toBe(`Entra  Collate: The job is paused.
Entra  DataHub: 2 created, 1 deactivated, 1 skipped
       ! eve: somebody else has this userName
Entra  Idle: nothing to do
       ! The job is in quarantine: Too many failures.
       ! Restart it.
Okta   3 tasks done
       ! DataHub in Okta: 401
`);
});

it("says so where there is nothing to do", () => {
  expect(summarizeCycle({}, { performed: 0, failed: [] })).toBe(
    "Entra  no application has a provisioning job\nOkta   nothing was waiting\n",
  );
});
