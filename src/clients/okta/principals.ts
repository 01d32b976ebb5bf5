import type { OktaUserStatus } from "../../directory/okta.ts";
import type { OktaClient } from "./client.ts";

export interface OktaApiUser {
  id: string;
  status: OktaUserStatus;
  profile: { login: string; firstName: string | null; lastName: string | null; displayName?: string | null };
}

export interface OktaApiGroup {
  id: string;
  type: "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN";
  profile: { name: string; description: string | null };
}

export const usersByLogin = (okta: OktaClient, logins: string[]) =>
  findAny<OktaApiUser>(okta, "/users", "profile.login", logins);
export const usersById = (okta: OktaClient, ids: string[]) => findAny<OktaApiUser>(okta, "/users", "id", ids);
export const groupsByName = (okta: OktaClient, names: string[]) =>
  findAny<OktaApiGroup>(okta, "/groups", "profile.name", names);
export const groupsById = (okta: OktaClient, ids: string[]) =>
  findAny<OktaApiGroup>(okta, "/groups", "id", ids);

/** Groups made in Okta whose name begins so. Okta compares without regard to case; the caller decides. */
export function groupsStartingWith(okta: OktaClient, prefix: string): Promise<OktaApiGroup[]> {
  return search(okta, "/groups", `type eq "OKTA_GROUP" and profile.name sw ${literal(prefix)}`);
}

export function usersStartingWith(okta: OktaClient, prefix: string): Promise<OktaApiUser[]> {
  return search(okta, "/users", `profile.login sw ${literal(prefix)}`);
}

/** Ids of everybody in a group. */
export async function groupMemberIds(okta: OktaClient, groupId: string): Promise<string[]> {
  return (await okta.list<{ id: string }>(`/groups/${groupId}/users?limit=1000`)).map(({ id }) => id);
}

/** So many comparisons fit into an address of a few kilobytes. */
const VALUES_AT_ONCE = 40;

async function findAny<T>(okta: OktaClient, path: string, property: string, values: string[]): Promise<T[]> {
  const wanted = [...new Set(values)];
  const found: T[] = [];
  for (let start = 0; start < wanted.length; start += VALUES_AT_ONCE) {
    const some = wanted.slice(start, start + VALUES_AT_ONCE);
    found.push(
      ...(await search<T>(okta, path, some.map((value) => `${property} eq ${literal(value)}`).join(" or "))),
    );
  }
  return found;
}

function search<T>(okta: OktaClient, path: string, expression: string): Promise<T[]> {
  return okta.list(`${path}?search=${encodeURIComponent(expression)}&limit=200`);
}

function literal(value: string): string {
  return JSON.stringify(value);
}
