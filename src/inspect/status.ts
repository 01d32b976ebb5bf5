import { provisioningLogs } from "../clients/graph/provisioning-logs.ts";
import { type SynchronizationJob, synchronization } from "../clients/graph/synchronization.ts";
import { hasStatus } from "../clients/http-error.ts";
import { type AppUser, listAppUsers } from "../clients/okta/app-assignments.ts";
import { listGroupPushes } from "../clients/okta/group-push.ts";
import { groupsById, usersById } from "../clients/okta/principals.ts";
import { provisioningFailures } from "../clients/okta/system-log.ts";
import type {
  DesiredApplication,
  DesiredEntraApplication,
  DesiredOktaApplication,
} from "../desired/model.ts";
import { planEntra } from "../program/entra-plan.ts";
import { SYNCHRONIZATION_TEMPLATE } from "../program/entra-template.ts";
import { planOkta } from "../program/okta-plan.ts";
import { quarantineInWords } from "../provider/entra/job/quarantine.ts";
import { consoleUrl } from "../provider/okta/switches.ts";
import { adviceFor } from "./advice.ts";
import { locateEntra } from "./locate-entra.ts";
import { locateOkta } from "./locate-okta.ts";
import { readScimState } from "./okta-scim.ts";
import type { Tenants } from "./tenants.ts";

/** How one application's provisioning is. */
export interface Status {
  name: string;
  idp: "entra" | "okta";
  /** In a word or two: running, paused, quarantine, not made yet, SCIM is off, … */
  state: string;
  healthy: boolean;
  /** ISO 8601; Okta provisions at each change and has no cycles. */
  lastCycle?: string;
  nextCycle?: string;
  /** Sentences: counts, a quarantine and why, what waits for a person. */
  details: string[];
  failures: FailedEntry[];
}

/** A user or group that could not be provisioned. */
export interface FailedEntry {
  who: string;
  /** ISO 8601; unknown where Okta keeps no time with it. */
  when?: string;
  reason: string;
  advice?: string;
}

export function readStatus(
  application: DesiredApplication,
  tenants: Tenants,
  knownId?: string,
): Promise<Status> {
  return application.idp === "entra"
    ? entraStatus(application, tenants, knownId)
    : oktaStatus(application, tenants, knownId);
}

const DAY_MS = 24 * 60 * 60 * 1000;

async function entraStatus(
  desired: DesiredEntraApplication,
  tenants: Tenants,
  knownId: string | undefined,
): Promise<Status> {
  const base = { name: desired.name, idp: "entra" as const, healthy: false, details: [], failures: [] };
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
  for (const { key, value } of job.status.synchronizedEntryCountByType ?? []) {
    const kind = key.replace(/ to .*/, "").toLowerCase();
    details.push(`${value} ${kind}${value === 1 ? "" : "s"} provisioned`);
  }
  const cycle = cycleTimes(job);
  let failures: FailedEntry[] = [];
  try {
    failures = await entraFailures(tenants, job);
  } catch (error) {
    if (!hasStatus(error, 401, 403)) throw error;
    details.push(`The provisioning logs are not visible to this identity: ${error.message}`);
  }
  const running = job.schedule.state === "Active";
  const state = quarantine !== undefined ? "quarantine" : running ? "running" : "paused";
  const healthy = quarantine === undefined && failures.length === 0 && state === desired.provisioning.status;
  return { ...base, state, healthy, details, failures, ...cycle };
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

async function oktaStatus(
  desired: DesiredOktaApplication,
  tenants: Tenants,
  knownId: string | undefined,
): Promise<Status> {
  const base = { name: desired.name, idp: "okta" as const, healthy: false, details: [], failures: [] };
  const { plans } = await planOkta([{ ...desired, assignments: [], pushGroups: [] }], tenants.ask);
  const okta = tenants.okta();
  const located = plans[0] ? await locateOkta(okta, plans[0], knownId) : {};
  if (!("application" in located)) {
    const problem = "problem" in located ? located.problem?.message : undefined;
    return { ...base, state: "not there", details: problem ? [problem] : [] };
  }
  const { application } = located;
  const { on, missing, setupUrl } = await readScimState(okta, application, desired);
  const users = await listAppUsers(okta, application.id);
  const failures = [
    ...(await userProblems(tenants, application.id, users)),
    ...(await pushProblems(tenants, application.id)),
  ];
  const details = [
    `${users.length} people assigned, ${users.filter(({ syncState }) => syncState === "SYNCHRONIZED").length} of them provisioned`,
    ...(on ? missing.map((one) => `Not as it should be: ${one}; ${setupUrl}`) : []),
    ...(failures.length > 0
      ? [
          `What failed is tried again by hand: ${consoleUrl(okta.org, application)}, or Dashboard > Tasks > Retry Selected.`,
        ]
      : []),
  ];
  const state = on ? "running" : desired.scim === "paused" ? "paused" : "SCIM is off";
  const expected = desired.scim === "enabled" ? "running" : state;
  const healthy = failures.length === 0 && state === expected && (!on || missing.length === 0);
  return { ...base, state, healthy, details, failures };
}

async function userProblems(tenants: Tenants, appId: string, users: AppUser[]): Promise<FailedEntry[]> {
  const failed = users.some(({ syncState }) => syncState === "ERROR");
  const logged = failed ? await loggedReasons(tenants, appId) : new Map<string, never>();
  const people = new Map(
    (
      await usersById(
        tenants.okta(),
        users.map(({ id }) => id),
      )
    ).map((user) => [user.id, user]),
  );
  return users.flatMap((user): FailedEntry[] => {
    const person = people.get(user.id);
    const who = `User ${person?.profile.login ?? user.credentials?.userName ?? user.id}`;
    if (person && person.status !== "ACTIVE") {
      const reason = `is ${person.status} in Okta, and so not provisioned`;
      return [
        {
          who,
          reason,
          advice: "Okta provisions only people who are ACTIVE: activate this one, or take them out.",
        },
      ];
    }
    if (user.syncState === "DISABLED") {
      const reason = "was assigned while SCIM was off";
      return [{ who, reason, advice: 'Press "Provision User" in the Assignments tab.' }];
    }
    if (user.syncState !== "ERROR") return [];
    const { when, reason = "could not be provisioned, and the system log does not say why" } =
      logged.get(user.id) ?? {};
    const advice = adviceFor("", reason);
    return [{ who, reason, ...(when ? { when } : {}), ...(advice ? { advice } : {}) }];
  });
}

async function pushProblems(tenants: Tenants, appId: string): Promise<FailedEntry[]> {
  const broken = (await listGroupPushes(tenants.okta(), appId)).filter(({ status }) => status === "ERROR");
  const names = new Map(
    (
      await groupsById(
        tenants.okta(),
        broken.map(({ sourceGroupId }) => sourceGroupId),
      )
    ).map(({ id, profile }) => [id, profile.name]),
  );
  return broken.map(({ sourceGroupId, errorSummary }) => {
    const reason = errorSummary ?? "could not be pushed";
    const advice = adviceFor("", reason) ?? "`up` links it anew.";
    return { who: `Group ${names.get(sourceGroupId) ?? sourceGroupId}`, reason, advice };
  });
}

/** Id of a user -> what the system log says of the last failure, over the seven days that Okta looks back. */
async function loggedReasons(
  tenants: Tenants,
  appId: string,
): Promise<Map<string, { when: string; reason: string }>> {
  const reasons = new Map<string, { when: string; reason: string }>();
  for (const { published, target, outcome, displayMessage } of await provisioningFailures(
    tenants.okta(),
    appId,
  )) {
    for (const { id } of target ?? []) {
      if (!reasons.has(id)) reasons.set(id, { when: published, reason: outcome.reason ?? displayMessage });
    }
  }
  return reasons;
}
