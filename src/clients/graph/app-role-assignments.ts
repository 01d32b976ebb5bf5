import { type BatchAnswer, type BatchPart, batch, partError } from "./batch.ts";
import type { GraphClient } from "./client.ts";
import { query } from "./odata.ts";

export interface AppRoleAssignment {
  id: string;
  appRoleId: string;
  principalId: string;
  principalType: "User" | "Group" | "ServicePrincipal";
  principalDisplayName: string | null;
}

/** Everybody who has a role of this service principal; 999 to a page. */
export function listAppRoleAssignments(
  graph: GraphClient,
  servicePrincipalId: string,
  options: { awaitCreation?: number } = {},
): Promise<AppRoleAssignment[]> {
  return graph.list(
    query(`/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`, { top: 999 }),
    options,
  );
}

/** Graph's no to one request, or why it is not known what came of it. */
export type NotDone = { error: Error } | { unanswered: Error };

/** One result for each request, in its order. */
export type WriteResult = { id: string } | { alreadyThere: true } | NotDone;

/** Gives roles. A role that the principal has already is reported, not an error: a killed run may have given it. */
export async function addAppRoleAssignments(
  graph: GraphClient,
  servicePrincipalId: string,
  grants: { principalId: string; appRoleId: string }[],
): Promise<WriteResult[]> {
  const parts = grants.map<BatchPart>((grant) => ({
    method: "POST",
    path: `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`,
    body: { ...grant, resourceId: servicePrincipalId },
  }));
  const answers = await batch(graph, parts, isNotYetReplicated);
  return answers.map((answer, index) => {
    if (answer.status === 201 || answer.status === 200) return { id: (answer.body as { id: string }).id };
    if (isAlreadyThere(answer)) return { alreadyThere: true };
    return notDone(parts[index] as BatchPart, answer);
  });
}

/** Takes roles away. One that is gone already counts as done. */
export async function removeAppRoleAssignments(
  graph: GraphClient,
  servicePrincipalId: string,
  assignmentIds: string[],
): Promise<({ done: true } | NotDone)[]> {
  const parts = assignmentIds.map<BatchPart>((id) => ({
    method: "DELETE",
    path: `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo/${id}`,
  }));
  const answers = await batch(graph, parts);
  return answers.map((answer, index) =>
    answer.status === 204 || answer.status === 404
      ? { done: true }
      : notDone(parts[index] as BatchPart, answer),
  );
}

function notDone(part: BatchPart, answer: BatchAnswer): NotDone {
  return answer.failure ? { unanswered: answer.failure } : { error: partError(part, answer) };
}

function message(answer: BatchAnswer): string {
  const body = answer.body as { error?: { message?: string } } | undefined;
  return body?.error?.message ?? "";
}

function isAlreadyThere(answer: BatchAnswer): boolean {
  return answer.status === 400 && /already exists/i.test(message(answer));
}

/** A service principal, a role or a principal that was made a moment ago is not yet known everywhere in Graph. */
function isNotYetReplicated(answer: BatchAnswer): boolean {
  if (answer.status === 404) return true;
  return (
    answer.status === 400 &&
    /not a valid reference update|was not found on application|does not reference a valid|resource .* does not exist/i.test(
      message(answer),
    )
  );
}
