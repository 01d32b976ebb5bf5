import type { ScimClient } from "../clients/scim.ts";
import type { Expectation } from "../desired/expectation.ts";
import { readArrived } from "../verify/arrived.ts";
import { type Check, failed, later, ok, type TestSubjects, unseen } from "./check.ts";

/**
 * Asks the product's own SCIM endpoint for one user and one group, and compares them with what the spec and the directory lead
 * to expect of these two; nobody else is judged.
 */
export async function checkProduct(
  scim: ScimClient,
  expected: Expectation,
  subjects: { userName?: string; group?: string } & Pick<TestSubjects, "user">,
): Promise<Check[]> {
  const { userName, group } = subjects;
  const arrived = await readArrived({
    list: async (type) => {
      if (type === "Groups") {
        return group === undefined ? [] : scim.list("Groups", `displayName eq ${JSON.stringify(group)}`);
      }
      const names = new Set([userName, ...expected.users.map((user) => user.userName)].filter(Boolean));
      const lists = await Promise.all(
        [...names].map((name) => scim.list("Users", `userName eq ${JSON.stringify(name)}`)),
      );
      return lists.flat();
    },
  });
  return [
    ...(userName === undefined ? [] : checkUser(userName, expected, arrived)),
    ...(group === undefined ? [] : checkGroup(group, expected, arrived)),
  ];
}

type Arrived = Awaited<ReturnType<typeof readArrived>>;

const same = (one: string) => (other: { userName: string }) =>
  one.toLowerCase() === other.userName.toLowerCase();

function checkUser(userName: string, expected: Expectation, arrived: Arrived): Check[] {
  const what = `${userName} in the product`;
  const wanted = expected.users.find(same(userName));
  const found = arrived.users.find(same(userName));
  if (!wanted?.active) {
    if (!found?.active) return [ok(what, "has no access, as the spec says")];
    return [failed(what, "is active, and nothing in the spec lets this person in")];
  }
  if (!found) return [failed(what, `did not arrive (in by ${wanted.via.join(", ")})`)];
  if (!found.active) return [failed(what, "is there and not active")];
  const checks = [ok(what, `arrived, active, in by ${wanted.via.join(", ")}`)];
  if (found.displayName !== undefined && found.displayName !== wanted.displayName) {
    checks.push(failed(`${userName}'s name`, `is "${found.displayName}" instead of "${wanted.displayName}"`));
  }
  for (const { role } of expected.roles.filter(same(userName))) {
    const has = arrived.roles.filter(same(userName)).map((one) => one.role);
    checks.push(
      has.includes(role)
        ? ok(`${userName}'s role`, role)
        : later(
            `${userName}'s role`,
            `${role} is expected, and ${has.join(", ") || "none"} is there: provisioning on demand cannot carry roles, the next cycle (within 40 minutes) does`,
          ),
    );
  }
  return checks;
}

function checkGroup(group: string, expected: Expectation, arrived: Arrived): Check[] {
  const what = `group ${group} in the product`;
  if (!expected.groups.includes(group)) {
    return [failed(what, "is not expected to arrive: it is neither assigned nor pushed by the spec")];
  }
  if (!arrived.groups.includes(group)) {
    return [
      unseen(
        what,
        "was not found by its name; some products keep groups that their SCIM endpoint does not list",
      ),
    ];
  }
  const missing = expected.memberships
    .filter((membership) => membership.group === group)
    .filter(({ userName }) => !arrived.memberships.some((one) => one.group === group && same(userName)(one)))
    .map(({ userName }) => userName);
  return missing.length === 0
    ? [ok(what, "arrived with the members that were looked at")]
    : [failed(what, `arrived without ${missing.join(", ")}`)];
}
