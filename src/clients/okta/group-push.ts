import { hasStatus } from "../http-error.ts";
import type { OktaClient } from "./client.ts";

export interface GroupPushMapping {
  id: string;
  sourceGroupId: string;
  targetGroupId: string;
  status: "ACTIVE" | "INACTIVE" | "ERROR";
  errorSummary?: string;
}

const mappings = (appId: string) => `/apps/${appId}/group-push/mappings`;

export function listGroupPushes(
  okta: OktaClient,
  appId: string,
  options: { awaitCreation?: number } = {},
): Promise<GroupPushMapping[]> {
  return okta.list(`${mappings(appId)}?limit=1000`, options);
}

/** The caller looks first, and again when no answer came: Okta refuses a second push of one group. */
export function createGroupPush(
  okta: OktaClient,
  appId: string,
  push: { sourceGroupId: string } & ({ targetGroupName: string } | { targetGroupId: string }),
): Promise<GroupPushMapping> {
  return okta.send("POST", mappings(appId), { ...push, status: "ACTIVE" }, { awaitCreation: 3 });
}

export function activateGroupPush(okta: OktaClient, appId: string, id: string): Promise<GroupPushMapping> {
  return okta.send("PATCH", `${mappings(appId)}/${id}`, { status: "ACTIVE" });
}

/** Unlinks. An active push has to be made inactive first. */
export async function deleteGroupPush(
  okta: OktaClient,
  appId: string,
  push: GroupPushMapping,
  deleteTargetGroup: boolean,
): Promise<void> {
  try {
    if (push.status === "ACTIVE") {
      await okta.send("PATCH", `${mappings(appId)}/${push.id}`, { status: "INACTIVE" });
    }
    await okta.send("DELETE", `${mappings(appId)}/${push.id}?deleteTargetGroup=${deleteTargetGroup}`);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

/** The copy that an earlier push of this name left behind in the application, if any. */
export async function pushedGroup(
  okta: OktaClient,
  appId: string,
  name: string,
): Promise<{ id: string } | undefined> {
  const search = `type eq "APP_GROUP" and profile.name eq ${JSON.stringify(name)}`;
  const found = await okta.list<{ id: string; source?: { id?: string }; profile: { name: string } }>(
    `/groups?search=${encodeURIComponent(search)}&limit=200`,
  );
  return found.find(({ source, profile }) => source?.id === appId && profile.name === name);
}
