import { hasStatus } from "../../clients/http-error.ts";
import type { OktaClient } from "../../clients/okta/client.ts";
import {
  activateGroupPush,
  createGroupPush,
  deleteGroupPush,
  type GroupPushMapping,
  listGroupPushes,
  pushedGroup,
} from "../../clients/okta/group-push.ts";
import type { GroupPush } from "../contract.ts";

export interface Applied {
  /** Of what is wanted, what there is now. */
  mappings: GroupPushMapping[];
  /** Were to end, and did not. */
  owed: GroupPushMapping[];
  /** What ended it early. */
  failure?: unknown;
}

/**
 * Makes what is wanted, then ends what is not; stops at the first failure.
 * @param old says of each push that ends whether its group in the product goes too
 */
export async function applyPushes(
  okta: OktaClient,
  appId: string,
  wanted: Record<string, GroupPush>,
  live: GroupPushMapping[],
  remove: GroupPushMapping[],
  old: Record<string, GroupPush>,
): Promise<Applied> {
  const bySource = new Map(live.map((push) => [push.sourceGroupId, push]));
  const mappings: GroupPushMapping[] = [];
  const owed = new Set(remove);
  try {
    for (const [group, push] of Object.entries(wanted)) {
      mappings.push(await ensure(okta, appId, group, push, bySource.get(group)));
    }
    for (const push of remove) {
      await deleteGroupPush(okta, appId, push, old[push.sourceGroupId]?.deleteTargetGroup ?? false);
      owed.delete(push);
    }
    return { mappings, owed: [] };
  } catch (failure) {
    const made = new Set(mappings.map(({ sourceGroupId }) => sourceGroupId));
    const untouched = live.filter(
      ({ sourceGroupId: group, status }) => group in wanted && !made.has(group) && status === "ACTIVE",
    );
    return { mappings: [...mappings, ...untouched], owed: [...owed], failure };
  }
}

async function ensure(
  okta: OktaClient,
  appId: string,
  sourceGroupId: string,
  wanted: GroupPush,
  live: GroupPushMapping | undefined,
): Promise<GroupPushMapping> {
  if (live?.status === "INACTIVE") return activateGroupPush(okta, appId, live.id);
  if (live?.status === "ERROR") {
    // Okta changes no mapping in this status; unlinking keeps the group in the product.
    await deleteGroupPush(okta, appId, live, false);
    return createGroupPush(okta, appId, { sourceGroupId, targetGroupId: live.targetGroupId });
  }
  return live ?? create(okta, appId, sourceGroupId, wanted.name);
}

async function create(
  okta: OktaClient,
  appId: string,
  sourceGroupId: string,
  name: string,
): Promise<GroupPushMapping> {
  try {
    return await createGroupPush(okta, appId, { sourceGroupId, targetGroupName: name });
  } catch (error) {
    if (!hasStatus(error, 0, 400, 500, 502, 503, 504)) throw error;
    // The push may have been made though the answer was lost, or an earlier one may have left its group behind.
    const made = (await listGroupPushes(okta, appId)).find((push) => push.sourceGroupId === sourceGroupId);
    if (made) return made;
    const left = await pushedGroup(okta, appId, name);
    if (!left) throw error;
    return createGroupPush(okta, appId, { sourceGroupId, targetGroupId: left.id });
  }
}
