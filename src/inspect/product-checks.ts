import type { ScimClient } from "../clients/scim.ts";
import type { Conflict, Expectation } from "../desired/expectation.ts";
import { readArrived } from "../verify/arrived.ts";
import { type Check, failed, later, ok, unseen } from "./check.ts";

/** Whom the product is asked for, and what is known of them. */
export interface ProductSubjects {
  userName?: string;
  group?: string;
  /** Whether app roles reach the product; where they do not, roles are the product's own affair. */
  rolesTravel: boolean;
  /** Whether the role could be there by now: the person was in the product before, and a cycle has run. */
  roleIsDue: boolean;
}

/**
 * Asks the product's own SCIM endpoint for one user and one group, and compares them with what the spec and the directory lead
 * to expect of these two; nobody else is judged.
 * @param expect what is to be there, given the userNames that are active there: both providers treat those who are in otherwise
 */
export async function checkProduct(
  scim: ScimClient,
  expect: (previously: ReadonlySet<string>) => Expectation,
  subjects: ProductSubjects,
): Promise<Check[]> {
  const { userName, group } = subjects;
  const arrived = await readArrived({
    list: async (type) => {
      if (type === "Groups")
        return group === undefined ? [] : scim.list("Groups", named("displayName", group));
      const names = new Set([userName, ...expect(new Set()).users.map((user) => user.userName)]);
      const lists = await Promise.all(
        [...names].map((name) => (name ? scim.list("Users", named("userName", name)) : [])),
      );
      return lists.flat();
    },
  });
  const present = arrived.users.filter(({ active }) => active).map((user) => user.userName);
  const expected = expect(new Set(present));
  return [
    ...conflictChecks(expected),
    ...(userName === undefined ? [] : checkUser(userName, expected, arrived, subjects)),
    ...(group === undefined ? [] : [checkGroup(group, expected, arrived)]),
  ];
}

/** In place of what the product would have said, where its token is not at hand. */
export const NOT_ASKED = unseen(
  "the product",
  "its SCIM token is not in the environment, so it was not asked",
);

/** Whether the product has somebody of this userName. */
export async function isThere(scim: ScimClient, userName: string): Promise<boolean> {
  return (await scim.list("Users", named("userName", userName))).length > 0;
}

/** Told by the tenant's own look-up of all that the spec names, and not by a directory of a few. */
const TOLD_BY_PLAN: ReadonlySet<Conflict["kind"]> = new Set([
  "missing-principal",
  "ambiguous-principal",
  "two-roles",
]);

/** What keeps those who are looked at from arriving. */
export function conflictChecks({ conflicts }: Expectation): Check[] {
  return conflicts
    .filter(({ kind }) => !TOLD_BY_PLAN.has(kind))
    .map(({ who, message }) => failed(`${who} in the directory`, message));
}

const named = (attribute: string, value: string) => `${attribute} eq ${JSON.stringify(value)}`;

type Arrived = Awaited<ReturnType<typeof readArrived>>;

const same = (one: string) => (other: { userName: string }) =>
  one.toLowerCase() === other.userName.toLowerCase();

function checkUser(
  userName: string,
  expected: Expectation,
  arrived: Arrived,
  subjects: ProductSubjects,
): Check[] {
  const what = `${userName} in the product`;
  const wanted = expected.users.find(same(userName));
  const found = arrived.users.find(same(userName));
  if (!wanted?.active) {
    const hindrance = expected.conflicts.find(({ who }) => who.toLowerCase() === userName.toLowerCase());
    if (found?.active) return [failed(what, "is active, and nothing in the spec lets this person in")];
    return [
      hindrance
        ? failed(what, "has no access, and the spec lets this person in")
        : ok(what, "has no access, as the spec says"),
    ];
  }
  if (!found) return [failed(what, `did not arrive (in by ${wanted.via.join(", ")})`)];
  if (!found.active) return [failed(what, "is there and not active")];
  const checks = [ok(what, `arrived, active, in by ${wanted.via.join(", ")}`)];
  if (found.displayName !== undefined && found.displayName !== wanted.displayName) {
    checks.push(failed(`${userName}'s name`, `is "${found.displayName}" instead of "${wanted.displayName}"`));
  }
  return subjects.rolesTravel ? [...checks, ...checkRoles(userName, expected, arrived, subjects)] : checks;
}

const NEXT_CYCLE = "the next cycle (within 40 minutes)";

function checkRoles(
  userName: string,
  expected: Expectation,
  arrived: Arrived,
  { roleIsDue }: ProductSubjects,
): Check[] {
  const what = `${userName}'s role`;
  const wanted = expected.roles.filter(same(userName)).map(({ role }) => role);
  const has = arrived.roles.filter(same(userName)).map(({ role }) => role);
  const surplus = has.filter((role) => !wanted.includes(role));
  return [
    ...wanted.map((role) => {
      if (has.includes(role)) return ok(what, role);
      const missing = `${role} is expected, and ${has.join(", ") || "none"} is there`;
      return roleIsDue
        ? failed(
            what,
            `${missing}, though this person was in the product before; if it was given since the last cycle, ${NEXT_CYCLE} brings it`,
          )
        : later(what, `${missing}: provisioning on demand cannot carry roles, ${NEXT_CYCLE} does`);
    }),
    ...(surplus.length > 0
      ? [
          failed(
            what,
            `${surplus.join(", ")} is there, and the spec does not give it; if it was taken away since the last cycle, ${NEXT_CYCLE} takes it`,
          ),
        ]
      : []),
  ];
}

function checkGroup(group: string, expected: Expectation, arrived: Arrived): Check {
  const what = `group ${group} in the product`;
  if (!expected.groups.includes(group)) {
    return failed(what, "is not expected to arrive: it is neither assigned nor pushed by the spec");
  }
  if (!arrived.groups.includes(group)) {
    return unseen(
      what,
      "was not found by its name; some products keep groups that their SCIM endpoint does not list",
    );
  }
  const inIt = (of: { group: string; userName: string }[]) =>
    of.filter((membership) => membership.group === group);
  const wanted = inIt(expected.memberships);
  const there = inIt(arrived.memberships);
  const missing = wanted.filter(({ userName }) => !there.some(same(userName)));
  const known = there.filter(({ userName }) => arrived.users.some(same(userName)));
  const surplus = known.filter(({ userName }) => !wanted.some(same(userName)));
  if (missing.length + surplus.length > 0) {
    const wrong = [
      missing.length > 0 ? `arrived without ${listed(missing)}` : "",
      surplus.length > 0 ? `has ${listed(surplus)} in it, and should not` : "",
    ];
    return failed(what, wrong.filter(Boolean).join("; "));
  }
  const others = there.length - known.length;
  const unlooked = others > 0 ? `; of ${others} more in it nothing was asked` : "";
  return wanted.length > 0
    ? ok(what, `arrived with the members that were looked at: ${listed(wanted)}${unlooked}`)
    : unseen(what, `is there, and none of its members was looked at: name one with --user${unlooked}`);
}

const listed = (members: { userName: string }[]) => members.map(({ userName }) => userName).join(", ");
