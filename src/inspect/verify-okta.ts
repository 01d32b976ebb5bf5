import { type AppUser, listAppUsers } from "../clients/okta/app-assignments.ts";
import type { OktaClient } from "../clients/okta/client.ts";
import { listGroupPushes } from "../clients/okta/group-push.ts";
import { groupMemberIds, usersById, usersByLogin } from "../clients/okta/principals.ts";
import type { ScimClient } from "../clients/scim.ts";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import type { OktaGroup, OktaUser } from "../directory/okta.ts";
import { oktaAssignmentKeys } from "../program/okta-inputs.ts";
import { type OktaPlan, planOkta } from "../program/okta-plan.ts";
import { asCheck, type Check, failed, ok, type TestSubjects, unseen } from "./check.ts";
import { locateOkta } from "./locate-okta.ts";
import { readScimState } from "./okta-scim.ts";
import { checkProduct, conflictChecks, NOT_ASKED } from "./product-checks.ts";
import type { Tenants } from "./tenants.ts";

/** So many members of the test group are looked for in the product. */
const MOST_MEMBERS = 5;

/** Reads what Okta says of one assigned user and one pushed group, and asks the product. Okta has no provisioning on demand. */
export async function verifyOkta(
  desired: DesiredOktaApplication,
  subjects: TestSubjects,
  tenants: Tenants,
  scim: ScimClient | undefined,
  knownId?: string,
): Promise<Check[]> {
  const okta = tenants.okta();
  const { plans, problems } = await planOkta([desired], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const located = await locateOkta(okta, plan, knownId);
  const named = problems.map(asCheck);
  if (!("application" in located)) {
    return [...named, failed("the application", located.problem?.message ?? "it was not found in Okta")];
  }
  const { application } = located;
  const { on, missing, setupUrl } = await readScimState(okta, application, desired);
  const checks: Check[] = [
    ...named,
    on && missing.length === 0
      ? ok("SCIM in Okta", "is switched on as it has to be")
      : failed("SCIM in Okta", `${on ? missing.join("; ") : "is not switched on"}: ${setupUrl}`),
    unseen(
      "the token that Okta has",
      "no API shows or tests it: Provisioning > Integration > Test Connector Configuration does",
    ),
  ];
  const { user, directory } = await readPeople(okta, plan, subjects);
  if (subjects.user !== undefined) {
    const assigned = user && (await listAppUsers(okta, application.id)).find(({ id }) => id === user.id);
    checks.push(
      user
        ? syncOf(subjects.user, assigned)
        : failed(subjects.user, "is nobody in Okta; name somebody by login"),
    );
  }
  if (subjects.group !== undefined) checks.push(await pushOf(okta, application.id, plan, subjects.group));
  const directories = { entra: { users: [], groups: [] }, okta: directory };
  const expect = (previously: ReadonlySet<string>) => expectedArrivals(desired, directories, previously);
  if (!scim) return [...checks, ...conflictChecks(expect(new Set())), NOT_ASKED];
  const userName = desired.userNameTemplate.includes("email") ? user?.profile.email : user?.profile.login;
  return [
    ...checks,
    ...(await checkProduct(scim, expect, {
      ...(userName ? { userName } : {}),
      ...(subjects.group === undefined ? {} : { group: subjects.group }),
      rolesTravel: false,
      roleIsDue: false,
    })),
  ];
}

function syncOf(login: string, assigned: AppUser | undefined): Check {
  const what = `${login} in Okta`;
  if (!assigned) return ok(what, "is not assigned, so nothing is sent for this person");
  switch (assigned.syncState) {
    case "SYNCHRONIZED":
      return ok(
        what,
        `is assigned (${assigned.scope === "USER" ? "by name" : "through a group"}) and synchronized`,
      );
    case "DISABLED":
      return failed(what, 'was assigned while SCIM was off: press "Provision User" in the Assignments tab');
    case "ERROR":
      return failed(what, "could not be provisioned; `rollcall status` tells why");
    default:
      return { what, verdict: "later", detail: "is on its way; ask again in a minute" };
  }
}

async function pushOf(okta: OktaClient, appId: string, { pushes }: OktaPlan, name: string): Promise<Check> {
  const what = `push of ${name} in Okta`;
  const wanted = Object.entries(pushes).find(([, push]) => push.name === name);
  if (!wanted) return failed(what, "the spec does not push it");
  const found = (await listGroupPushes(okta, appId)).find(({ sourceGroupId }) => sourceGroupId === wanted[0]);
  if (!found) return failed(what, "there is no push; `up` makes it");
  if (found.status === "ACTIVE") return ok(what, "is active");
  return failed(what, `is ${found.status}${found.errorSummary ? `: ${found.errorSummary}` : ""}`);
}

/** The test user and the assigned and pushed groups, with those members that are looked at. */
async function readPeople(okta: OktaClient, plan: OktaPlan, { user: login, group }: TestSubjects) {
  const { desired, assignments, pushes } = plan;
  const groups = new Map<string, string>(Object.entries(pushes).map(([id, { name }]) => [id, name]));
  for (const [assignment, key] of oktaAssignmentKeys(desired.assignments)) {
    const id = assignments[key];
    if (assignment.kind === "group" && id) groups.set(id, assignment.name);
  }
  const members = new Map<string, string[]>();
  for (const id of groups.keys()) members.set(id, await groupMemberIds(okta, id));
  const user = login === undefined ? undefined : (await usersByLogin(okta, [login]))[0];
  const groupId = [...groups].find(([, name]) => name === group)?.[0];
  const others = (groupId ? (members.get(groupId) ?? []) : []).slice(0, MOST_MEMBERS);
  const found = await usersById(okta, [...(user ? [user.id] : []), ...others]);
  const users = found.map(
    ({ id, status, profile }) =>
      ({ id, status, profile: { email: null, displayName: null, ...profile } }) as OktaUser,
  );
  const seen = new Set(users.map(({ id }) => id));
  const directory = {
    users,
    groups: [...groups].map(
      ([id, name]): OktaGroup => ({
        id,
        type: "OKTA_GROUP",
        profile: { name, description: null },
        members: (members.get(id) ?? []).filter((member) => seen.has(member)),
      }),
    ),
  };
  return { user: users.find(({ id }) => id === user?.id), directory };
}
