import type { Expectation } from "../desired/expected-arrivals.ts";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import type { DesiredApplication, EntraAssignment, OktaAssignment } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import type { Say } from "./change.ts";

/** Who gains or loses access, and whose role changes, down to people; an application that is absent lets nobody in. */
export function comparePeople(
  before: DesiredApplication | undefined,
  after: DesiredApplication | undefined,
  directories: Directories,
  label: string,
  say: Say,
): void {
  const old = before && expectedArrivals(before, directories);
  const now = after && expectedArrivals(after, directories);
  const was = accessOf(old);
  const is = accessOf(now);
  for (const [userName, { via, roles }] of was) {
    const kept = is.get(userName);
    if (!kept) {
      say("removal", `${userName} loses access to ${label}: ${whyLost(waysOf(via, before), before, after)}`);
      continue;
    }
    if (roles === kept.roles) continue;
    if (!kept.roles) say("removal", `${userName} loses the role ${roles} on ${label}`);
    else if (!roles) say("gain", `${userName} gains the role ${kept.roles} on ${label}`);
    else say("change", `${userName} changes from ${roles} to ${kept.roles} on ${label}`);
  }
  for (const [userName, { via, roles }] of is) {
    if (was.has(userName)) continue;
    say(
      "gain",
      `${userName} gains ${roles ? `${roles} on` : "access to"} ${label} through ${waysOf(via, after).map(spoken).join(" and ")}`,
    );
  }
  const known = new Set(old?.conflicts.map(({ message }) => message));
  for (const { kind, message } of now?.conflicts ?? [])
    if (kind !== "missing-principal" && !known.has(message)) say("warning", `${label}: ${message}`);
  const missing = [...(old?.conflicts ?? []), ...(now?.conflicts ?? [])].filter(
    ({ kind, who }) => kind === "missing-principal" && grantsOf(before, who) !== grantsOf(after, who),
  );
  for (const message of new Set(missing.map((one) => one.message)))
    say("warning", `${label}: ${message}, so whom its change concerns is not known here`);
}

const grantsOf = (application: DesiredApplication | undefined, name: string) =>
  JSON.stringify(
    application?.assignments.filter((one) => one.name === name).map(({ at: _, ...grant }) => grant),
  );

interface Access {
  via: string[];
  /** "" without one. */
  roles: string;
}

function accessOf(expectation: Expectation | undefined): Map<string, Access> {
  const { users = [], roles = [] } = expectation ?? {};
  return new Map(
    users
      .filter(({ active }) => active)
      .map(({ userName, via }) => {
        const own = roles.filter((one) => one.userName === userName).map(({ role }) => role);
        return [userName, { via, roles: own.sort().join(" and ") }];
      }),
  );
}

type Assignment = EntraAssignment | OktaAssignment;

/** Each `via` of an expectation as the assignment it comes from; what comes from none, as scope all, stays a text. */
function waysOf(via: string[], application: DesiredApplication | undefined): (Assignment | string)[] {
  const assignments = new Map(
    application?.assignments.map((one) => {
      const role = "role" in one && one.role !== undefined ? ` as ${one.role}` : "";
      return [`${spoken(one)}${role}`, one];
    }),
  );
  return via.map((way) => assignments.get(way) ?? way);
}

const spoken = (way: Assignment | string) => (typeof way === "string" ? way : `${way.kind} ${way.name}`);

function whyLost(
  ways: (Assignment | string)[],
  before: DesiredApplication | undefined,
  after: DesiredApplication | undefined,
): string {
  if (!after) return "the application is removed";
  if (before?.idp === "entra" && before.scope === "all" && !(after.idp === "entra" && after.scope === "all"))
    return "no assignment reaches this person";
  const assigned = ways.filter((way) => typeof way !== "string");
  const namesakes = (way: Assignment) => after.assignments.filter((one) => spoken(one) === spoken(way));
  const gone = assigned.filter((way) => namesakes(way).length === 0);
  const [only] = gone;
  if (gone.length > 1) return `${gone.map(spoken).join(" and ")} are unassigned`;
  if (only)
    return only.kind === "group"
      ? `the only group, ${only.name}, is unassigned`
      : "the assignment is removed";
  const other = assigned.find((way) => namesakes(way).every(({ id }) => id !== way.id));
  return other
    ? `${spoken(other)} stands for another object`
    : "what is sent for this person no longer makes a user";
}
