import {
  addAppRoleAssignments,
  type NotDone,
  removeAppRoleAssignments,
} from "../../../clients/graph/app-role-assignments.ts";
import type { GraphClient } from "../../../clients/graph/client.ts";
import { NOT_YET } from "../../../clients/http.ts";
import { NOT_DONE, toBeRemoved } from "../../left-to-do.ts";
import { KEPT, keepsWayIn } from "../../ways-in.ts";
import { observeGrants } from "./observe.ts";
import { type Changes, type Grant, identity, type LiveGrant, principalOf } from "./plan.ts";

export interface Applied {
  granted: LiveGrant[];
  /** Were not given, as far as is known. */
  missing: Grant[];
  /** Still there though they should not be, as far as is known. */
  owed: LiveGrant[];
  /** What Graph said, by key. */
  reasons: string[];
  /** What else was not done, under why, as {@link leftToDo} takes it. */
  left: [string, string[]][];
}

/** Adds first, so that who moves from one way in, or one role, to another is never without. */
export async function applyGrants(graph: GraphClient, id: string, changes: Changes): Promise<Applied> {
  const added = await add(graph, id, changes.add);
  const missing = [...added.refused, ...added.unanswered];
  const keeps = keepsWayIn<Grant>(missing, principalOf);
  const { stopped } = added;
  const kept = stopped ? [] : changes.remove.filter(keeps);
  const unreached = stopped ? changes.remove : [];
  const removed = await remove(graph, id, stopped ? [] : changes.remove.filter((grant) => !keeps(grant)));
  return {
    granted: added.granted,
    missing,
    owed: [...kept, ...unreached, ...removed.refused, ...removed.unanswered],
    reasons: [...new Set([...added.reasons, ...removed.reasons])],
    left: [
      [NOT_DONE, [...added.unanswered.map(keyOf), ...[...unreached, ...removed.unanswered].map(removalOf)]],
      [KEPT, kept.map(keyOf)],
    ],
  };
}

const keyOf = ({ key }: Grant) => key;
const removalOf = ({ key }: Grant) => toBeRemoved(key);

interface Done<Item> {
  refused: Item[];
  unanswered: Item[];
  reasons: string[];
}

async function add(
  graph: GraphClient,
  id: string,
  grants: Grant[],
): Promise<Done<Grant> & { granted: LiveGrant[]; stopped: boolean }> {
  const roles = grants.map(({ principalId, appRoleId }) => ({ principalId, appRoleId }));
  const answers = await addAppRoleAssignments(graph, id, roles);
  const { done, ...failed } = sorted(grants, answers, keyOf);
  const granted = done.flatMap(([grant, answer]) =>
    "id" in answer ? [{ ...grant, assignmentId: answer.id }] : [],
  );
  const found = done.flatMap(([grant, answer]) => ("alreadyThere" in answer ? [grant] : []));
  if (failed.unanswered.length > 0) return { ...failed, granted, stopped: true };
  try {
    if (found.length > 0) granted.push(...(await findAgain(graph, id, found)));
    return { ...failed, granted, stopped: false };
  } catch (error) {
    failed.reasons.push(error instanceof Error ? error.message : String(error));
    return { ...failed, granted, stopped: true };
  }
}

async function remove(graph: GraphClient, id: string, grants: LiveGrant[]): Promise<Done<LiveGrant>> {
  const ids = grants.map(({ assignmentId }) => assignmentId);
  return sorted(grants, await removeAppRoleAssignments(graph, id, ids), removalOf);
}

/** Tells what was done from what was not; a failure that is not one grant's is told once. */
function sorted<Item, Answer extends object>(
  grants: Item[],
  answers: (Answer | NotDone)[],
  nameOf: (grant: Item) => string,
): Done<Item> & { done: [Item, Answer][] } {
  const result: Done<Item> & { done: [Item, Answer][] } = {
    done: [],
    refused: [],
    unanswered: [],
    reasons: [],
  };
  for (const [index, grant] of grants.entries()) {
    const answer = answers[index];
    if (!answer) throw new TypeError("every request has an answer");
    if ("error" in answer) {
      result.refused.push(grant);
      result.reasons.push(`${nameOf(grant)}: ${answer.error.message}`);
    } else if ("unanswered" in answer) {
      result.unanswered.push(grant);
      result.reasons.push(answer.unanswered.message);
    } else result.done.push([grant, answer]);
  }
  return result;
}

/** Graph said that they are there already, and lists may be behind. */
async function findAgain(graph: GraphClient, id: string, grants: Grant[]): Promise<LiveGrant[]> {
  const wanted = new Set(grants.map(identity));
  const live = await observeGrants(graph, id, { grants, roles: {} }, NOT_YET.createdEarlier);
  return live.filter((grant) => wanted.has(identity(grant)));
}
