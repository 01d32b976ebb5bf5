import { hasStatus } from "../http-error.ts";
import type { OktaClient } from "./client.ts";

export interface AppGroup {
  id: string;
}

export interface AppUser {
  id: string;
  /** USER when assigned by name, GROUP when only through a group. */
  scope: "USER" | "GROUP";
  status: string;
  /** DISABLED for somebody who was assigned while provisioning was off. */
  syncState: "DISABLED" | "OUT_OF_SYNC" | "SYNCING" | "SYNCHRONIZED" | "ERROR";
  credentials: { userName: string } | null;
}

type Options = { awaitCreation?: number };

export function listAppGroups(okta: OktaClient, appId: string, options: Options = {}): Promise<AppGroup[]> {
  return okta.list(`/apps/${appId}/groups?limit=200`, options);
}

/** Everybody who is in, by name or through a group. */
export function listAppUsers(okta: OktaClient, appId: string, options: Options = {}): Promise<AppUser[]> {
  return okta.list(`/apps/${appId}/users?limit=500`, options);
}

export async function assignGroup(okta: OktaClient, appId: string, groupId: string): Promise<void> {
  await okta.send("PUT", `/apps/${appId}/groups/${groupId}`, {}, { awaitCreation: 3 });
}

/** Also makes an assignment by name of one through a group. The user name follows the application's template. */
export async function assignUser(okta: OktaClient, appId: string, userId: string): Promise<void> {
  await okta.send(
    "POST",
    `/apps/${appId}/users`,
    { id: userId, scope: "USER" },
    { awaitCreation: 3, repeatable: true },
  );
}

export function unassignGroup(okta: OktaClient, appId: string, groupId: string): Promise<void> {
  return removed(okta.send("DELETE", `/apps/${appId}/groups/${groupId}`));
}

/** @throws HttpError E0000046 while a group gives this person access. */
export function unassignUser(okta: OktaClient, appId: string, userId: string): Promise<void> {
  return removed(okta.send("DELETE", `/apps/${appId}/users/${userId}`));
}

async function removed(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}
