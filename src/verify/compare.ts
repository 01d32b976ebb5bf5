import type { ExpectedArrivals } from "../desired/model.ts";
import type { Arrived } from "./arrived.ts";

export type MismatchKind = "user" | "group" | "membership" | "role" | "active" | "displayName";

export interface Mismatch {
  kind: MismatchKind;
  /** "missing": expected and not there. "unexpected": there and not expected. "different": there with another value. */
  problem: "missing" | "unexpected" | "different";
  /** A sentence for a person. */
  message: string;
}

export interface Counts {
  users: number;
  groups: number;
  memberships: number;
  roles: number;
}

export interface Comparison {
  expected: Counts;
  arrived: Counts;
  mismatches: Mismatch[];
}

/** RFC 7643 makes userName case-insensitive; products and providers agree on nothing more. */
const fold = (text: string) => text.toLowerCase();

/**
 * Compares as sets what a spec promises with what a product holds. An inactive user that nobody expects is no mismatch:
 * Entra and Okta leave people behind deactivated on purpose.
 */
export function compare(expected: ExpectedArrivals, arrived: Arrived): Comparison {
  const mismatches: Mismatch[] = [];
  const there = new Map(arrived.users.map((user) => [fold(user.userName), user]));
  const wanted = new Map(expected.users.map((user) => [fold(user.userName), user]));

  for (const [key, user] of wanted) {
    const found = there.get(key);
    if (!found) {
      if (user.active) {
        const via = user.via.length ? ` (in by ${user.via.join(", ")})` : "";
        mismatches.push({
          kind: "user",
          problem: "missing",
          message: `${user.userName} did not arrive${via}`,
        });
      }
      continue;
    }
    if (found.active !== user.active) {
      const message = user.active
        ? `${user.userName} should be active and is not`
        : `${user.userName} should have lost access and is still active`;
      mismatches.push({ kind: "active", problem: "different", message });
    }
    if (user.active && found.displayName !== undefined && found.displayName !== user.displayName) {
      const message = `${user.userName} is shown as "${found.displayName}" instead of "${user.displayName}"`;
      mismatches.push({ kind: "displayName", problem: "different", message });
    }
  }
  for (const [key, user] of there) {
    if (!wanted.has(key) && user.active) {
      const message = `${user.userName} is active and nothing in the spec lets them in`;
      mismatches.push({ kind: "user", problem: "unexpected", message });
    }
  }

  compareSets(expected.groups, arrived.groups, (name) => name, "group", mismatches, {
    missing: (name) => `group ${name} did not arrive`,
    unexpected: (name) => `group ${name} is there and is not in the spec`,
  });
  compareSets(
    expected.memberships,
    arrived.memberships,
    (m) => `${m.group}\0${fold(m.userName)}`,
    "membership",
    mismatches,
    {
      missing: (m) => `${m.userName} is not a member of ${m.group} and should be`,
      unexpected: (m) => `${m.userName} is a member of ${m.group} and should not be`,
    },
  );
  // What a deactivated person once was grants nothing, and products keep it.
  const effectiveRoles = arrived.roles.filter((role) => there.get(fold(role.userName))?.active);
  compareSets(expected.roles, effectiveRoles, (r) => `${fold(r.userName)}\0${r.role}`, "role", mismatches, {
    missing: (r) => `${r.userName} does not have the role ${r.role}`,
    unexpected: (r) => `${r.userName} has the role ${r.role}, which the spec does not give`,
  });

  return {
    expected: {
      users: expected.users.filter((user) => user.active).length,
      groups: expected.groups.length,
      memberships: expected.memberships.length,
      roles: expected.roles.length,
    },
    arrived: {
      users: arrived.users.filter((user) => user.active).length,
      groups: arrived.groups.length,
      memberships: arrived.memberships.length,
      roles: effectiveRoles.length,
    },
    mismatches,
  };
}

function compareSets<T>(
  expected: T[],
  arrived: T[],
  keyOf: (item: T) => string,
  kind: MismatchKind,
  mismatches: Mismatch[],
  say: { missing: (item: T) => string; unexpected: (item: T) => string },
): void {
  const wanted = new Map(expected.map((item) => [keyOf(item), item]));
  const there = new Map(arrived.map((item) => [keyOf(item), item]));
  for (const [key, item] of wanted) {
    if (!there.has(key)) mismatches.push({ kind, problem: "missing", message: say.missing(item) });
  }
  for (const [key, item] of there) {
    if (!wanted.has(key)) mismatches.push({ kind, problem: "unexpected", message: say.unexpected(item) });
  }
}
