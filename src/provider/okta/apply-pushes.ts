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
import { NOT_DONE, toBeRemoved } from "../left-to-do.ts";
import { oneByOne } from "./one-by-one.ts";

export interface Applied {
  /** Of what is wanted, what there is now. */
  mappings: GroupPushMapping[];
  /** Were to end, and did not. */
  owed: GroupPushMapping[];
  /** Why, of each that was refused. */
  reasons: string[];
  /** What else was not done, under why, as {@link leftToDo} takes it. */
  left: [string, string[]][];
}

/**
 * Makes what is wanted, then ends what is not, unless some could not be made: the one may be there in place of the other.
 * @param old says of each push that ends whether its group in the product goes too, and what it is called
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
  const mappings = live.filter((push) => push.sourceGroupId in wanted && push.status === "ACTIVE");
  const open = Object.entries(wanted).filter(([group]) => bySource.get(group)?.status !== "ACTIVE");
  const made = await oneByOne(open, nameOf, async ([group, push]) =>
    mappings.push(await ensure(okta, appId, group, push, bySource.get(group))),
  );
  const isComplete = made.reasons.length === 0;
  const endOf = ({ sourceGroupId: group }: GroupPushMapping) => toBeRemoved(old[group]?.name ?? group);
  const ended = await oneByOne(isComplete ? remove : [], endOf, (push) =>
    deleteGroupPush(okta, appId, push, old[push.sourceGroupId]?.deleteTargetGroup ?? false),
  );
  const kept = isComplete ? [] : remove;
  return {
    mappings,
    owed: [...kept, ...ended.refused, ...ended.untried],
    reasons: [...made.reasons, ...ended.reasons],
    left: [
      [NOT_DONE, [...made.untried.map(nameOf), ...ended.untried.map(endOf)]],
      ["Not ended, since what could not be pushed may be meant in its place", kept.map(endOf)],
    ],
  };
}

const nameOf = ([, { name }]: [string, GroupPush]) => name;

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
  return create(okta, appId, sourceGroupId, wanted.name);
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
