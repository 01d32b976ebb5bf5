import type { Exchange } from "./exchange.ts";
import { CycleAborted, type Failure } from "./failure.ts";
import { groupPhase, groupsToDelete } from "./groups.ts";
import type { EntraCycleInput } from "./input.ts";
import { quarantineByFailures } from "./quarantine.ts";
import { referencePhase } from "./references.ts";
import type { CycleReport, Quarantine } from "./report.ts";
import { memoryOf, type Run, startRun } from "./run.ts";
import { type ScopedUser, scopeUsers, userPhase, vanishedUsers, wouldDeactivate } from "./users.ts";

/**
 * One provisioning cycle of Microsoft Entra ID: initial when the memory has no watermark, else incremental. Yields the SCIM
 * requests in their order and returns what came of it; the input is not changed, the new memory is in the report.
 */
export function* entraCycle(input: EntraCycleInput): Exchange<CycleReport> {
  const run = startRun(input);
  const people = scopeUsers(run);
  const deletions = countDeletions(run, people);
  const { deleteThreshold, allowDeletes } = input;
  run.staging = deleteThreshold !== undefined && !allowDeletes && deletions > deleteThreshold;
  let aborted: Failure | null = null;
  try {
    yield* userPhase(run, people);
    yield* groupPhase(run);
    yield* referencePhase(run);
  } catch (error) {
    if (!(error instanceof CycleAborted)) throw error;
    aborted = error.failure;
  }
  return report(run, aborted, deletions);
}

/** Accounts that this cycle would disable or delete, and groups that it would delete (accidental-deletions.md). */
function countDeletions(run: Run, people: ScopedUser[]): number {
  const { userPlan, groupPlan } = run;
  let count = 0;
  if (userPlan) {
    count += people.filter((person) => wouldDeactivate(run, userPlan, person)).length;
    if (userPlan.flows.delete) count += vanishedUsers(run).filter(([, link]) => link.managed).length;
  }
  if (groupPlan?.flows.delete) count += groupsToDelete(run, groupPlan).length;
  return count;
}

function report(run: Run, aborted: Failure | null, deletions: number): CycleReport {
  const escrows = [...run.escrows.values()];
  const references = escrows.filter((entry) => entry.kind === "Reference").length;
  const failures = escrows.length - references;
  return {
    kind: run.initial ? "initial" : "incremental",
    state: aborted ? "Failed" : escrows.length > 0 ? "EntryLevelErrors" : "Succeeded",
    entries: run.entries,
    counts: {
      countEntitled: run.entitled,
      countEntitledForProvisioning: run.entitledForProvisioning,
      countEscrowed: failures,
      countEscrowedRaw: escrows.length,
      countExported: run.exported,
      countExports: run.exports,
      countImported: run.imported,
      countImportedDeltas: run.deltas,
      countImportedReferenceDeltas: run.referencesExported,
    },
    synchronizedEntryCountByType: synchronized(run),
    quarantine: quarantine(run, aborted, deletions, failures, references),
    notes: notes(run),
    memory: memoryOf(run, aborted === null),
  };
}

function quarantine(
  run: Run,
  aborted: Failure | null,
  deletions: number,
  failures: number,
  referenceFailures: number,
): Quarantine | null {
  if (aborted) return { reason: "EncounteredQuarantineException", error: aborted };
  if (run.staging) {
    const message = `This cycle would delete or disable ${deletions} objects, more than the threshold of ${run.input.deleteThreshold}. Allow the deletions, or undo what caused them and restart.`;
    return { reason: "TooManyDeletes", error: { code: "TooManyDeletes", message } };
  }
  return quarantineByFailures({ failures, referenceFailures, successes: run.succeeded });
}

function synchronized(run: Run): CycleReport["synchronizedEntryCountByType"] {
  const counts: CycleReport["synchronizedEntryCountByType"] = [];
  const users = [...run.users.values()].filter((link) => link.managed).length;
  if (run.userPlan) counts.push({ key: `User to ${run.userPlan.targetObjectName}`, value: users });
  if (run.groupPlan)
    counts.push({ key: `Group to ${run.groupPlan.targetObjectName}`, value: run.groups.size });
  return counts;
}

function notes(run: Run): string[] {
  const { input, userPlan, groupPlan } = run;
  const notes = [...(userPlan?.problems ?? []), ...(groupPlan?.problems ?? [])];
  if (!userPlan) notes.push("The mapping of users is disabled or missing: no user is provisioned.");
  if (run.created > 0) {
    notes.push(
      `No password was sent for the ${run.created} created ${run.created === 1 ? "user" : "users"}: Entra never provisions passwords. They need single sign-on, or a password set in the product.`,
    );
  }
  if (input.syncAll && userPlan?.attributes.some((attribute) => attribute.readsRoles)) {
    notes.push('Roles are not sent: role mappings do not work with the scope "Sync all users and groups".');
  }
  const groupIds = new Set(input.directory.groups.map((group) => group.id));
  for (const group of input.directory.groups) {
    if (!run.access.groups.has(group.id) || !group.members.some((member) => groupIds.has(member))) continue;
    notes.push(`Group '${group.displayName}' contains groups. Entra does not expand them: assign them too.`);
  }
  for (const group of input.directory.groups) {
    const assigned = input.assignments.some((assignment) => assignment.principalId === group.id);
    if (assigned && !group.securityEnabled) {
      notes.push(
        `Group '${group.displayName}' is assigned but not security-enabled, so it gives nobody access.`,
      );
    }
  }
  return notes;
}
