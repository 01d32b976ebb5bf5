import { groupMember } from "../../desired/group-member.ts";
import type { ExpectedArrivals } from "../../desired/model.ts";
import type { JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import type { Tenant } from "../protocol/tenant.ts";

/** What a tenant holds, in the terms in which a spec's expected arrivals are told. */
export interface Arrivals {
  users: { userName: string; displayName: string; active: boolean }[];
  groups: string[];
  memberships: { group: string; userName: string }[];
  roles: { userName: string; role: string }[];
}

/** A member that is neither user nor group of the tenant appears by its id. A user without `active` counts as active. */
export function readArrivals(tenant: Tenant): Arrivals {
  const arrivals: Arrivals = { users: [], groups: [], memberships: [], roles: [] };
  const names = new Map<string, string>();
  for (const row of tenant.data.users.all()) {
    const user = JSON.parse(row.body) as JsonObject;
    const userName = String(user.userName);
    names.set(row.id, userName);
    arrivals.users.push({
      userName,
      displayName: typeof user.displayName === "string" ? user.displayName : "",
      active: user.active !== false,
    });
    for (const role of Array.isArray(user.roles) ? user.roles : []) {
      if (isObject(role) && typeof role.value === "string")
        arrivals.roles.push({ userName, role: role.value });
    }
  }
  const groups = [...tenant.data.groups.all()].map(({ id, seq, body }) => ({
    id,
    seq,
    displayName: String((JSON.parse(body) as JsonObject).displayName),
  }));
  for (const { id, displayName } of groups) names.set(id, groupMember(displayName));
  for (const { seq, displayName: group } of groups) {
    arrivals.groups.push(group);
    for (const { value } of tenant.data.members.list(seq)) {
      arrivals.memberships.push({ group, userName: names.get(String(value)) ?? String(value) });
    }
  }
  return arrivals;
}

interface SetDifference {
  missing: string[];
  unexpected: string[];
}

/** Expected against arrived; `equal` when every list is empty. */
export interface ArrivalsDiff {
  equal: boolean;
  users: SetDifference & { different: { userName: string; expected: string; arrived: string }[] };
  groups: SetDifference;
  /** As `group: userName`. */
  memberships: SetDifference;
  /** As `userName: role`. */
  roles: SetDifference;
}

/** Names are compared with letters' case folded, as the receiver finds them; roles as they are written. */
export function diffArrivals(expected: ExpectedArrivals, arrived: Arrivals): ArrivalsDiff {
  const key = (name: string) => name.toLowerCase();
  const arrivedUsers = new Map(arrived.users.map((user) => [key(user.userName), user]));
  const different = expected.users.flatMap(({ userName, displayName, active }) => {
    const user = arrivedUsers.get(key(userName));
    if (!user || (user.displayName === displayName && user.active === active)) return [];
    return [
      { userName, expected: stateOf(displayName, active), arrived: stateOf(user.displayName, user.active) },
    ];
  });
  const names = (users: { userName: string }[]) => users.map((user) => key(user.userName));
  const memberships = (list: Arrivals["memberships"]) =>
    list.map((m) => `${key(m.group)}: ${key(m.userName)}`);
  const roles = (list: Arrivals["roles"]) => list.map((role) => `${key(role.userName)}: ${role.role}`);
  const diff = {
    users: { ...difference(names(expected.users), names(arrived.users)), different },
    groups: difference(expected.groups.map(key), arrived.groups.map(key)),
    memberships: difference(memberships(expected.memberships), memberships(arrived.memberships)),
    roles: difference(roles(expected.roles), roles(arrived.roles)),
  };
  const parts = [diff.users, diff.groups, diff.memberships, diff.roles];
  const equal =
    different.length === 0 && parts.every((part) => part.missing.length + part.unexpected.length === 0);
  return { equal, ...diff };
}

function stateOf(displayName: string, active: boolean): string {
  return `${displayName} (${active ? "active" : "inactive"})`;
}

function difference(expected: string[], arrived: string[]): SetDifference {
  const wanted = new Set(expected);
  const there = new Set(arrived);
  return {
    missing: [...wanted].filter((item) => !there.has(item)),
    unexpected: [...there].filter((item) => !wanted.has(item)),
  };
}
