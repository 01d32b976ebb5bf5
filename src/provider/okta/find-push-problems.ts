import { groupMemberIds } from "../../clients/okta/principals.ts";
import type { FindPushProblemsArgs, FindPushProblemsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

/** Pushed groups that would arrive empty because none of their members is assigned, and groups both assigned and pushed. */
export async function findPushProblems(
  args: FindPushProblemsArgs,
  context: Context,
): Promise<FindPushProblemsResult> {
  const okta = context.okta();
  const membersOf = memoized((id: string) => groupMemberIds(okta, id));
  await someAtOnce([...args.assignments.filter(({ kind }) => kind === "group"), ...args.pushes], ({ id }) =>
    membersOf(id),
  );
  const assigned = new Set(args.assignments.filter(({ kind }) => kind === "user").map(({ id }) => id));
  const groups = args.assignments.filter(({ kind }) => kind === "group").map(({ id }) => id);
  for (const group of groups) for (const member of await membersOf(group)) assigned.add(member);
  const withoutMembers: FindPushProblemsResult["withoutMembers"] = [];
  for (const { id, name } of args.pushes) {
    const members = await membersOf(id);
    if (!members.some((member) => assigned.has(member)))
      withoutMembers.push({ id, name, members: members.length });
  }
  const alsoAssigned = args.pushes.filter(({ id }) => groups.includes(id)).map(({ name }) => name);
  return { withoutMembers, alsoAssigned };
}

/** Okta has no list of the members of several groups: that is a request for each, which take long one after the other. */
async function someAtOnce<T>(items: T[], ask: (item: T) => Promise<unknown>): Promise<void> {
  const AT_ONCE = 5;
  for (let start = 0; start < items.length; start += AT_ONCE)
    await Promise.all(items.slice(start, start + AT_ONCE).map(ask));
}

function memoized<T>(load: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const loaded = new Map<string, Promise<T>>();
  return (id) => {
    const known = loaded.get(id) ?? load(id);
    loaded.set(id, known);
    return known;
  };
}
