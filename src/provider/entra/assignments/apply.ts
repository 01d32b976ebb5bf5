import {
  addAppRoleAssignments,
  removeAppRoleAssignments,
} from "../../../clients/graph/app-role-assignments.ts";
import type { GraphClient } from "../../../clients/graph/client.ts";
import { NOT_YET } from "../../../clients/http.ts";
import { keepsWayIn } from "../../ways-in.ts";
import { observeGrants } from "./observe.ts";
import { type Changes, type Grant, identity, type LiveGrant, principalOf, without } from "./plan.ts";

export interface Applied {
  granted: LiveGrant[];
  /** Were not given, as far as is known. */
  missing: Grant[];
  /** Still there though they should not be. */
  owed: LiveGrant[];
  /** Of both, what was held back or not come to. */
  untried: Grant[];
  /** What Graph said, by key. */
  reasons: string[];
}

/**
 * Adds first, so that who moves from one way in, or one role, to another is never without.
 * @param declared all that is to be there in the end
 */
export async function applyGrants(
  graph: GraphClient,
  id: string,
  changes: Changes,
  declared: Grant[],
): Promise<Applied> {
  const granted: LiveGrant[] = [];
  const reasons: string[] = [];
  let missing = changes.add;
  let owed = changes.remove;
  let untried: Grant[] = [...missing, ...owed];
  try {
    const added = await add(graph, id, changes.add, reasons);
    granted.push(...added.granted);
    missing = added.refused;
    const staying = new Set(without(declared, missing).map(principalOf));
    const keeps = keepsWayIn<Grant, LiveGrant>(missing, principalOf, staying);
    const leaving = changes.remove.filter((grant) => !keeps(grant));
    untried = changes.remove;
    const removed = new Set(await remove(graph, id, leaving, reasons));
    owed = changes.remove.filter((grant) => !removed.has(grant));
    untried = changes.remove.filter(keeps);
  } catch (error) {
    reasons.push(error instanceof Error ? error.message : String(error));
  }
  return { granted, missing, owed, untried, reasons };
}

async function add(
  graph: GraphClient,
  id: string,
  grants: Grant[],
  reasons: string[],
): Promise<{ granted: LiveGrant[]; refused: Grant[] }> {
  const roles = grants.map(({ principalId, appRoleId }) => ({ principalId, appRoleId }));
  const answers = await addAppRoleAssignments(graph, id, roles);
  const granted: LiveGrant[] = [];
  const refused: Grant[] = [];
  const found: Grant[] = [];
  grants.forEach((grant, index) => {
    const answer = answers[index];
    if (!answer || "error" in answer) {
      refused.push(grant);
      reasons.push(`${grant.key}: ${answer?.error.message ?? "no answer"}`);
    } else if ("id" in answer) granted.push({ ...grant, assignmentId: answer.id });
    else found.push(grant);
  });
  if (found.length > 0) granted.push(...(await findAgain(graph, id, found)));
  return { granted, refused };
}

/** @returns those that are gone */
async function remove(
  graph: GraphClient,
  id: string,
  grants: LiveGrant[],
  reasons: string[],
): Promise<LiveGrant[]> {
  const ids = grants.map(({ assignmentId }) => assignmentId);
  const answers = await removeAppRoleAssignments(graph, id, ids);
  return grants.filter((grant, index) => {
    const answer = answers[index];
    if (!answer || !("error" in answer)) return true;
    reasons.push(`${grant.key}, to be removed: ${answer.error.message}`);
    return false;
  });
}

/** Graph said that they are there already, and lists may be behind. */
async function findAgain(graph: GraphClient, id: string, grants: Grant[]): Promise<LiveGrant[]> {
  const wanted = new Set(grants.map(identity));
  const live = await observeGrants(graph, id, { grants, roles: {} }, NOT_YET.createdEarlier);
  return live.filter((grant) => wanted.has(identity(grant)));
}
