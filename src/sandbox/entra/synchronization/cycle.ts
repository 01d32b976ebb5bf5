import { entraCycle } from "../../../provisioning/entra/cycle.ts";
import type { ConnectorMemory } from "../../../provisioning/entra/memory.ts";
import type { CycleReport, Quarantine } from "../../../provisioning/entra/report.ts";
import { drive, exchange } from "../../exchange.ts";
import type { JobDocument, JobStatus } from "../documents.ts";
import { GraphError } from "../graph-error.ts";
import type { TenantState } from "../tenant-state.ts";
import { cycleInput } from "./cycle-input.ts";
import { inTurn } from "./job-queue.ts";
import { logProvisioning } from "./provisioning-log.ts";
import { type Credentials, credentialsOf } from "./target.ts";

/** What came of asking for a cycle. */
export type CycleOutcome =
  /** The job is paused, or never got as far as a request. */
  { ran: false; why: string } | { ran: true; report: CycleReport };

const DAY = 24 * 60 * 60 * 1000;

/**
 * Runs one provisioning cycle of a job against its SCIM server, now: the real service does so every 40 minutes. A job that is not
 * started does nothing. Cycles of one job run one after the other.
 * @throws RangeError when there is no such job
 */
export function runCycle(tenant: TenantState, jobId: string): Promise<CycleOutcome> {
  return inTurn(tenant, jobId, () => cycleNow(tenant, jobId));
}

async function cycleNow(tenant: TenantState, jobId: string): Promise<CycleOutcome> {
  const job = tenant.documents.jobs.get(jobId);
  if (!job) throw new RangeError(`There is no synchronization job '${jobId}' in this tenant.`);
  if (job.schedule.state !== "Active")
    return { ran: false, why: `The job is ${job.status.code.toLowerCase()}.` };

  const began = tenant.clock.now().toISOString();
  let credentials: Credentials;
  try {
    credentials = credentialsOf(tenant, tenant.documents.secrets.get(job.servicePrincipalId) ?? []);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const quarantine: Quarantine = {
      reason: "EncounteredQuarantineException",
      error: { code: error.code, message: error.message },
    };
    finish(tenant, jobId, {
      code: "Quarantine",
      quarantine: quarantineStatus(tenant, job.status, quarantine, began),
    });
    return { ran: false, why: error.message };
  }

  tenant.consistency.settle();
  const input = cycleInput(tenant, job, credentials);
  const report = await drive(entraCycle(input), (request) => exchange(request, credentials.target));
  tenant.store.transaction(() => record(tenant, job, report, began, input.memory));
  return { ran: true, report };
}

/** A restart or a changed schema during the cycle is not forgotten: the next one evaluates everybody. */
function record(
  tenant: TenantState,
  job: JobDocument,
  report: CycleReport,
  began: string,
  memoryBefore: ConnectorMemory,
): void {
  const { documents, random, clock } = tenant;
  const cycleId = random.uuid();
  logProvisioning(tenant, job, cycleId, report.entries);
  if (!documents.jobs.has(job.id)) return;
  const restarted = documents.memories.get(job.id) !== memoryBefore;
  documents.memories.put(job.id, restarted ? { ...report.memory, watermark: null } : report.memory);
  const ended = clock.now().toISOString();
  const execution = {
    activityIdentifier: cycleId,
    ...report.counts,
    state: report.state,
    timeBegan: began,
    timeEnded: ended,
    error: report.quarantine && { ...report.quarantine.error, tenantActionable: true },
  };
  const { status } = documents.jobs.get(job.id) ?? job;
  const succeeded = report.state === "Succeeded";
  finish(tenant, job.id, {
    code: report.quarantine ? "Quarantine" : "Active",
    quarantine: report.quarantine && quarantineStatus(tenant, status, report.quarantine, began),
    countSuccessiveCompleteFailures:
      report.state === "Failed" ? status.countSuccessiveCompleteFailures + 1 : 0,
    lastExecution: execution,
    ...(succeeded ? { lastSuccessfulExecution: execution, ...steadyState(status, ended) } : {}),
    ...(succeeded && report.counts.countExports > 0 ? { lastSuccessfulExecutionWithExports: execution } : {}),
    synchronizedEntryCountByType: report.synchronizedEntryCountByType,
    progress: [
      {
        completedUnits: report.counts.countImported,
        progressObservationDateTime: ended,
        totalUnits: report.counts.countImported,
        units: "Imported objects",
      },
    ],
  });
}

/** Writes what a cycle says of its job, unless somebody paused it meanwhile: then it stays paused. */
function finish({ documents }: TenantState, jobId: string, result: Partial<JobStatus>): void {
  const job = documents.jobs.get(jobId);
  if (!job) return;
  const paused = job.schedule.state !== "Active";
  const status = { ...job.status, ...result, ...(paused ? { code: "Paused" as const } : {}) };
  documents.jobs.put(jobId, { ...job, allowDeletes: false, status });
}

function quarantineStatus(
  { clock }: TenantState,
  before: JobStatus,
  { reason, error }: Quarantine,
  began: string,
): Record<string, unknown> {
  const series = before.quarantine;
  return {
    currentBegan: began,
    nextAttempt: new Date(clock.now().getTime() + DAY).toISOString(),
    reason,
    seriesBegan: series?.seriesBegan ?? began,
    seriesCount: Number(series?.seriesCount ?? 0) + 1,
    error: { ...error, tenantActionable: true },
  };
}

function steadyState(status: JobStatus, ended: string): Partial<JobStatus> {
  const first = status.steadyStateFirstAchievedTime;
  return {
    steadyStateFirstAchievedTime: first.startsWith("0001") ? ended : first,
    steadyStateLastAchievedTime: ended,
  };
}
