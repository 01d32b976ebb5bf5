import {
  addAppRoleAssignments,
  removeAppRoleAssignments,
} from "../../../clients/graph/app-role-assignments.ts";
import type { GraphClient } from "../../../clients/graph/client.ts";
import { NOT_YET } from "../../../clients/http.ts";
import { observeGrants } from "./observe.ts";
import { type Changes, type Grant, identity, type LiveGrant } from "./plan.ts";

export interface Applied {
  granted: LiveGrant[];
  /** Were not given, as far as is known. */
  missing: Grant[];
  /** Still there though they should not be. */
  owed: LiveGrant[];
  /** What Graph said, by key. */
  failures: string[];
}

/** Adds first. A principal whose new role could not be given keeps the old one. */
export async function applyGrants(graph: GraphClient, id: string, changes: Changes): Promise<Applied> {
  const granted: LiveGrant[] = [];
  const failures: string[] = [];
  let missing = changes.add;
  let owed = changes.remove;
  try {
    const added = await add(graph, id, changes.add, failures);
    granted.push(...added.granted);
    missing = added.refused;
    const keeping = new Set(missing.map(({ principalId }) => principalId));
    const leaving = changes.remove.filter(({ principalId }) => !keeping.has(principalId));
    const removed = new Set(await remove(graph, id, leaving, failures));
    owed = changes.remove.filter((grant) => !removed.has(grant));
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  return { granted, missing, owed, failures };
}

async function add(
  graph: GraphClient,
  id: string,
  grants: Grant[],
  failures: string[],
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
      failures.push(`${grant.key}: ${answer?.error.message ?? "no answer"}`);
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
  failures: string[],
): Promise<LiveGrant[]> {
  const ids = grants.map(({ assignmentId }) => assignmentId);
  const answers = await removeAppRoleAssignments(graph, id, ids);
  return grants.filter((grant, index) => {
    const answer = answers[index];
    if (!answer || !("error" in answer)) return true;
    failures.push(`${grant.key}, to be removed: ${answer.error.message}`);
    return false;
  });
}

/** Graph said that they are there already, and lists may be behind. */
async function findAgain(graph: GraphClient, id: string, grants: Grant[]): Promise<LiveGrant[]> {
  const wanted = new Set(grants.map(identity));
  const live = await observeGrants(graph, id, { grants, roles: {} }, NOT_YET.createdEarlier);
  return live.filter((grant) => wanted.has(identity(grant)));
}
