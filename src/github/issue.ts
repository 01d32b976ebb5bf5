import { type GitHub, listAll, send } from "./client.ts";
import { sameText } from "./comment.ts";
import { findOwn } from "./own.ts";

interface Issue {
  number: number;
  body: string | null;
  user: { login: string } | null;
  pull_request?: unknown;
}

export type IssueOutcome =
  | { done: "created" | "updated" | "unchanged" | "closed"; number: number }
  | { done: "absent" };

export interface Tracking {
  /** Begins the issue's text, so that the next run finds it. */
  marker: string;
  title: string;
  label: string;
  /** undefined: clean again, so that an open issue is closed. */
  body: string | undefined;
  /** What is said when it is closed. */
  closing: string;
}

/**
 * Keeps the one open issue of the token's owner that begins with `marker`: never a second one, and none when there is
 * nothing to track.
 */
export async function trackIssue(github: GitHub, tracking: Tracking): Promise<IssueOutcome> {
  const { marker, title, label, body, closing } = tracking;
  const open = await listAll<Issue>(github, `/issues?state=open&labels=${encodeURIComponent(label)}`);
  const issues = open.filter((issue) => !issue.pull_request);
  const own = await findOwn(github, issues, marker);
  if (body === undefined) {
    if (!own) return { done: "absent" };
    await send(github, "POST", `/issues/${own.number}/comments`, { body: closing });
    await send(github, "PATCH", `/issues/${own.number}`, { state: "closed", state_reason: "completed" });
    return { done: "closed", number: own.number };
  }
  if (!own) {
    const made = await send<Issue>(github, "POST", "/issues", { title, body, labels: [label] });
    return { done: "created", number: made.number };
  }
  if (sameText(own.body, body)) return { done: "unchanged", number: own.number };
  await send(github, "PATCH", `/issues/${own.number}`, { title, body });
  return { done: "updated", number: own.number };
}
