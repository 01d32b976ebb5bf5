import { provisioningLogs } from "../clients/graph/provisioning-logs.ts";
import { type SynchronizationJob, synchronization } from "../clients/graph/synchronization.ts";
import { hasStatus } from "../clients/http-error.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import { planEntra } from "../program/entra-plan.ts";
import { SYNCHRONIZATION_TEMPLATE } from "../program/entra-template.ts";
import { quarantineInWords } from "../provider/entra/job/quarantine.ts";
import { adviceFor } from "./advice.ts";
import { locateEntra } from "./locate-entra.ts";
import { IN_SYNC } from "./on-demand.ts";
import type { FailedEntry, Status } from "./status.ts";
import type { Tenants } from "./tenants.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export async function entraStatus(
  desired: DesiredEntraApplication,
  tenants: Tenants,
  knownId: string | undefined,
): Promise<Status> {
  const base = {
    name: desired.name,
    idp: "entra" as const,
    healthy: false,
    details: [],
    failures: [],
    unseen: [],
  };
  const { plans } = await planEntra([{ ...desired, assignments: [] }], tenants.ask);
  const graph = await tenants.graph();
  const located = plans[0] ? await locateEntra(graph, plans[0], knownId) : undefined;
  if (!located || "problem" in located) {
    return { ...base, state: "not there", details: located ? [located.problem.message] : [] };
  }
  const jobs = await synchronization(graph, located.servicePrincipalId).jobs();
  const job = jobs.find(({ templateId }) => templateId === SYNCHRONIZATION_TEMPLATE);
  if (!job) return { ...base, state: "no provisioning job", details: ["`up` makes one."] };

  const details: string[] = [];
  const quarantine = quarantineInWords(job);
  if (quarantine !== undefined) {
    const advice = adviceFor(job.status.quarantine?.error?.code ?? "", quarantine);
    details.push(`In quarantine: ${quarantine}.${advice ? ` ${advice}` : ""}`);
  }
  const lastState = job.status.lastExecution?.state;
  const cycleFailed = quarantine === undefined && lastState === "Failed";
  if (cycleFailed) details.push(failedCycle(job));
  for (const { key, value } of job.status.synchronizedEntryCountByType ?? []) {
    const kind = key.replace(/ to .*/, "").toLowerCase();
    details.push(`${value} ${kind}${value === 1 ? "" : "s"} provisioned`);
  }
  const cycle = cycleTimes(job);
  let failures: FailedEntry[] = [];
  const unseen: string[] = [];
  try {
    failures = await entraFailures(tenants, job);
  } catch (error) {
    if (!hasStatus(error, 401, 403)) throw error;
    const which = lastState === "EntryLevelErrors" ? "Who" : "Whether anybody";
    unseen.push(
      `${which} failed is in the provisioning logs, which this identity may not read: ${error.message}`,
    );
  }
  const running = job.schedule.state === "Active";
  const state = quarantine !== undefined ? "quarantine" : running ? "running" : "paused";
  const healthy =
    quarantine === undefined &&
    !cycleFailed &&
    failures.length + unseen.length === 0 &&
    state === desired.provisioning.status;
  return { ...base, state, healthy, details, failures, unseen, ...cycle };
}

/** Entra tries again in the next cycle, and puts the job in quarantine when that goes on. */
function failedCycle({ status }: SynchronizationJob): string {
  const { code = "", message = "" } = status.lastExecution?.error ?? {};
  const why = [code, message].filter(Boolean).join(": ") || "Entra gives no reason";
  const advice = adviceFor(code, message);
  return `The last cycle failed: ${why}.${advice ? ` ${advice}` : ""}`;
}

function cycleTimes(job: SynchronizationJob): Pick<Status, "lastCycle" | "nextCycle"> {
  const ended = job.status.lastExecution?.timeEnded;
  if (!ended) return {};
  if (job.status.quarantine) return { lastCycle: ended, nextCycle: job.status.quarantine.nextAttempt };
  if (job.schedule.state !== "Active") return { lastCycle: ended };
  const next = new Date(Date.parse(ended) + minutesOf(job.schedule.interval) * 60_000);
  return { lastCycle: ended, nextCycle: next.toISOString() };
}

/** `PT40M`, `PT1H`, `PT1H30M`. Entra's cycles are 40 minutes apart, which stands in for anything else. */
function minutesOf(interval: string): number {
  const [, hours = "0", minutes = "0"] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(interval) ?? [];
  return Number(hours) * 60 + Number(minutes) || 40;
}

/** What failed in the last cycle or the day before it, and has not succeeded since; one entry for each person or group. */
async function entraFailures(tenants: Tenants, job: SynchronizationJob): Promise<FailedEntry[]> {
  const began = job.status.lastExecution?.timeBegan;
  const since = began ? new Date(Date.parse(began) - DAY_MS).toISOString() : undefined;
  const newest = new Map<string, FailedEntry | undefined>();
  for (const entry of await provisioningLogs(await tenants.graph(), job.id, since)) {
    const { id, displayName, identityType } = entry.sourceIdentity;
    if (newest.has(id)) continue;
    const { status, errorInformation } = entry.provisioningStatusInfo;
    const code = errorInformation?.errorCode ?? "";
    const reason = errorInformation?.reason ?? "Entra gives no reason";
    // Whoever was skipped or warned of is as before, unless there was nothing left to do.
    const settled = status === "success" || IN_SYNC.test(`${code} ${reason}`);
    if (status !== "failure" && !settled) continue;
    const advice = adviceFor(code, reason);
    newest.set(
      id,
      status === "failure"
        ? {
            who: `${identityType} ${displayName || id}`,
            when: entry.activityDateTime,
            reason: code ? `${code}: ${reason}` : reason,
            ...(advice ? { advice } : {}),
          }
        : undefined,
    );
  }
  return [...newest.values()].filter((entry) => entry !== undefined);
}
