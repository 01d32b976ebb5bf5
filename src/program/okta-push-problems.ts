import type { DesiredOktaApplication, OktaPush, SourcePosition } from "../desired/model.ts";
import {
  type FindPushProblemsArgs,
  type FindPushProblemsResult,
  type GroupPush,
  TOKEN,
} from "../provider/contract.ts";
import type { Ask } from "./ask.ts";
import type { Problem } from "./problems.ts";

/** Of one application, with the ids that its names stand for. */
interface PlannedPushes {
  desired: DesiredOktaApplication;
  assignments: Record<string, string>;
  /** Source group id -> push. */
  pushes: Record<string, GroupPush>;
}

/** Groups that would arrive empty, and groups that are both assigned and pushed. */
export async function checkPushes(
  { desired, assignments, pushes }: PlannedPushes,
  ask: Ask,
): Promise<{ problems: Problem[]; warnings: Problem[] }> {
  if (Object.keys(pushes).length === 0) return { problems: [], warnings: [] };
  const { withoutMembers, alsoAssigned } = await ask<FindPushProblemsArgs, FindPushProblemsResult>(
    TOKEN.findPushProblems,
    {
      assignments: Object.entries(assignments).map(([key, id]) => ({
        key,
        kind: key.startsWith("user:") ? "user" : "group",
        id,
      })),
      pushes: Object.entries(pushes).map(([id, { name }]) => ({ id, name })),
    },
  );
  const at = (name: string) => positionOf(name, desired.pushGroups) ?? desired.at;
  const byPrefix = (name: string) =>
    !desired.pushGroups.some((push) => push.by === "name" && push.name === name);
  const problems = withoutMembers
    .filter(({ members }) => members > 0)
    .map(
      ({ name, members }): Problem => ({
        code: "pushed-without-members",
        at: at(name),
        message: `the group "${name}" is pushed, and none of its ${members} members is assigned to the application`,
        why: "a pushed group carries only members who are assigned, so it would arrive empty",
        help: `add { group: ${name} } to the assignments, or a group that its members are in`,
      }),
    );
  const warnings = [
    ...withoutMembers
      .filter(({ members }) => members === 0)
      .map(
        ({ name }): Problem => ({
          code: "empty-group",
          at: at(name),
          message: `the group "${name}" has no members, and arrives empty`,
        }),
      ),
    // Of a group that is pushed by its name, validation has said it already.
    ...alsoAssigned.filter(byPrefix).map(
      (name): Problem => ({
        code: "assigned-and-pushed",
        at: at(name),
        message: `the group "${name}" is both assigned and pushed`,
        why: "Okta advises to use one group for access and another one for pushing, as memberships may arrive before the people do",
      }),
    ),
  ];
  return { problems, warnings };
}

/** Where the spec asks for a group to be pushed. */
function positionOf(name: string, pushes: readonly OktaPush[]): SourcePosition | undefined {
  const named = pushes.find((push) => push.by === "name" && push.name === name);
  return (named ?? pushes.find((push) => push.by === "prefix" && name.startsWith(push.startsWith)))?.at;
}
