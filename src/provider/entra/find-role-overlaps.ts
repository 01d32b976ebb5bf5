import { type GroupMember, groupMembers } from "../../clients/graph/principals.ts";
import type { FindRoleOverlapsArgs, FindRoleOverlapsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

type Assignment = FindRoleOverlapsArgs["assignments"][number];

/**
 * People to whom assignments give more than one role, which SingleAppRoleAssignment cannot carry, and groups inside
 * assigned groups, whose members Entra does not provision. Direct members count, as in a cycle.
 */
export async function findRoleOverlaps(
  args: FindRoleOverlapsArgs,
  context: Context,
): Promise<FindRoleOverlapsResult> {
  const groups = args.assignments.filter(({ kind }) => kind === "group");
  const ids = [...new Set(groups.map(({ id }) => id))];
  const members = new Map<string, GroupMember[]>();
  if (ids.length > 0) {
    const lists = await groupMembers(await context.graph(), ids);
    ids.forEach((id, index) => {
      members.set(id, lists[index] ?? []);
    });
  }
  return { people: peopleWithSeveralRoles(args.assignments, members), nested: nestedGroups(groups, members) };
}

export function peopleWithSeveralRoles(
  assignments: Assignment[],
  members: ReadonlyMap<string, GroupMember[]>,
): FindRoleOverlapsResult["people"] {
  const names = new Map<string, string>();
  const ways = new Map<string, { key: string; role: string }[]>();
  const give = (id: string, { key, role }: Assignment) =>
    ways.set(id, [...(ways.get(id) ?? []), { key, role }]);
  for (const assignment of assignments) {
    if (assignment.kind === "user") {
      give(assignment.id, assignment);
      if (!names.has(assignment.id)) names.set(assignment.id, nameInKey(assignment.key));
      continue;
    }
    for (const member of members.get(assignment.id) ?? []) {
      if (member.kind !== "user") continue;
      give(member.id, assignment);
      names.set(member.id, member.userPrincipalName ?? member.displayName ?? member.id);
    }
  }
  return [...ways]
    .filter(([, via]) => new Set(via.map(({ role }) => role)).size > 1)
    .map(([id, via]) => ({ userPrincipalName: names.get(id) ?? id, via }))
    .sort((one, other) => one.userPrincipalName.localeCompare(other.userPrincipalName));
}

/** `user:ada@acme.com Admin` -> `ada@acme.com` */
function nameInKey(key: string): string {
  return key.replace(/^user:/, "").replace(/ \S+$/, "");
}

function nestedGroups(
  groups: Assignment[],
  members: ReadonlyMap<string, GroupMember[]>,
): FindRoleOverlapsResult["nested"] {
  return groups.flatMap(({ key, id }) => {
    const inside = (members.get(id) ?? []).filter(({ kind }) => kind === "group");
    return inside.length > 0
      ? [{ key, groups: inside.map((group) => group.displayName ?? group.id).sort() }]
      : [];
  });
}
