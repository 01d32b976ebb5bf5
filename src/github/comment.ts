import { type GitHub, listAll, send } from "./client.ts";
import { findOwn } from "./own.ts";

interface Comment {
  id: number;
  body: string | null;
  user: { login: string } | null;
}

export type CommentOutcome = "created" | "updated" | "unchanged" | "deleted" | "absent";

/**
 * Keeps the one comment of a pull request that begins with `marker`, among those of the token's owner.
 * @param body undefined: there is nothing to say, and a comment of an earlier run goes
 */
export async function upsertComment(
  github: GitHub,
  pullRequest: number,
  marker: string,
  body: string | undefined,
): Promise<CommentOutcome> {
  const comments = await listAll<Comment>(github, `/issues/${pullRequest}/comments`);
  const own = await findOwn(github, comments, marker);
  if (body === undefined) {
    if (!own) return "absent";
    await send(github, "DELETE", `/issues/comments/${own.id}`);
    return "deleted";
  }
  if (!own) {
    await send(github, "POST", `/issues/${pullRequest}/comments`, { body });
    return "created";
  }
  if (sameText(own.body, body)) return "unchanged";
  await send(github, "PATCH", `/issues/comments/${own.id}`, { body });
  return "updated";
}

/** GitHub keeps line ends as they were typed, and trims. */
export const sameText = (one: string | null, other: string) =>
  one?.replaceAll("\r\n", "\n").trim() === other.trim();
