import { type GroupMember, groupMembers } from "../../clients/graph/principals.ts";
import type { FindRoleOverlapsArgs, FindRoleOverlapsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

type Assignment = FindRoleOverlapsArgs["assignments"][number];

/**
 * People to whom assignments give more than one role, which SingleAppRoleAssignment cannot carry, and groups inside
 * assigned groups that are not assigned themselves, whose members Entra does not provision. Direct members count, as in a
 * cycle.
 */
export async function findRoleOverlaps(
  args: FindRoleOverlapsArgs,
  context: Context,
): Promise<FindRoleOverlapsResult> {
  const groups = args.assignments.filter(({ kind }) => kind === "group");
  const members = await membersOf(groups, context);
  return { people: peopleWithSeveralRoles(args.assignments, members), nested: nestedGroups(groups, members) };
}

/** Direct members of assigned groups, by the groups' ids. */
export async function membersOf(
  groups: Assignment[],
  context: Context,
): Promise<ReadonlyMap<string, GroupMember[]>> {
  const ids = [...new Set(groups.map(({ id }) => id))];
  if (ids.length === 0) return new Map();
  const lists = await groupMembers(await context.graph(), ids);
  return new Map(ids.map((id, index) => [id, lists[index] ?? []]));
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
  const assigned = new Set(groups.map(({ id }) => id));
  return groups.flatMap(({ key, id }) => {
    const inside = (members.get(id) ?? []).filter((one) => one.kind === "group" && !assigned.has(one.id));
    return inside.length > 0
      ? [{ key, groups: inside.map((group) => group.displayName ?? group.id).sort() }]
      : [];
  });
}
