import { hasStatus } from "../clients/http-error.ts";
import { type AppUser, listAppUsers } from "../clients/okta/app-assignments.ts";
import { listGroupPushes } from "../clients/okta/group-push.ts";
import { groupsById, usersById } from "../clients/okta/principals.ts";
import { provisioningFailures } from "../clients/okta/system-log.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { planOkta } from "../program/okta-plan.ts";
import { consoleUrl } from "../provider/okta/switches.ts";
import { adviceFor } from "./advice.ts";
import { locateOkta } from "./locate-okta.ts";
import { compareScim, readScimState, type ScimState } from "./okta-scim.ts";
import type { FailedEntry, Status } from "./status.ts";
import type { Tenants } from "./tenants.ts";

export async function oktaStatus(
  desired: DesiredOktaApplication,
  tenants: Tenants,
  knownId: string | undefined,
): Promise<Status> {
  const base = {
    name: desired.name,
    idp: "okta" as const,
    healthy: false,
    details: [],
    failures: [],
    unseen: [],
  };
  const { plans } = await planOkta([{ ...desired, assignments: [], pushGroups: [] }], tenants.ask);
  const okta = tenants.okta();
  const located = plans[0] ? await locateOkta(okta, plans[0], knownId) : {};
  if (!("application" in located)) {
    const problem = "problem" in located ? located.problem?.message : undefined;
    return { ...base, state: "not there", details: problem ? [problem] : [] };
  }
  const { application } = located;
  const scim = await readScimState(okta, application, desired);
  const wrong = wrongScim(desired, scim);
  const users = await listAppUsers(okta, application.id);
  const { reasons, notes } = users.some(({ syncState }) => syncState === "ERROR")
    ? await loggedReasons(tenants, application.id)
    : { reasons: new Map<string, never>(), notes: [] };
  const failures = [
    ...(await userProblems(tenants, users, reasons)),
    ...(await pushProblems(tenants, application.id)),
  ];
  const details = [
    `${users.length} people assigned, ${users.filter(({ syncState }) => syncState === "SYNCHRONIZED").length} of them provisioned`,
    ...wrong,
    ...notes,
    ...(failures.length > 0
      ? [
          `What failed is tried again by hand: ${consoleUrl(okta.org, application)}, or Dashboard > Tasks > Retry Selected.`,
        ]
      : []),
  ];
  const state = scim.on ? "running" : desired.scim === "paused" ? "paused" : "SCIM is off";
  const healthy = failures.length + wrong.length === 0;
  return { ...base, state, healthy, details, failures };
}

/** What of SCIM in Okta is otherwise than the spec says. Before somebody has confirmed it, off is as it should be. */
function wrongScim(desired: DesiredOktaApplication, scim: ScimState): string[] {
  if (desired.scim !== "pending")
    return compareScim(desired, scim).drift.map(({ message, help }) => `${message} ${help}`);
  return scim.on ? scim.missing.map((one) => `Not as it should be: ${one}; ${scim.setupUrl}`) : [];
}

type Reasons = ReadonlyMap<string, { when: string; reason: string }>;

async function userProblems(tenants: Tenants, users: AppUser[], logged: Reasons): Promise<FailedEntry[]> {
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
    const { when, reason = "could not be provisioned, and no system log says why" } =
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
): Promise<{ reasons: Reasons; notes: string[] }> {
  const reasons = new Map<string, { when: string; reason: string }>();
  try {
    for (const { published, target, outcome, displayMessage } of await provisioningFailures(
      tenants.okta(),
      appId,
    )) {
      for (const { id } of target ?? []) {
        if (!reasons.has(id)) reasons.set(id, { when: published, reason: outcome.reason ?? displayMessage });
      }
    }
    return { reasons, notes: [] };
  } catch (error) {
    if (!hasStatus(error, 401, 403)) throw error;
    const why = `Why somebody failed is in the system log, which this identity may not read: ${error.message}`;
    return { reasons, notes: [why] };
  }
}
