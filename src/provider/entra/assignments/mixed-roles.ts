import type { AppRoleAssignmentsInputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { listed } from "../../removal-limit.ts";
import { membersOf, peopleWithSeveralRoles } from "../find-role-overlaps.ts";
import { type Grant, identity, type LiveGrant, splitKey } from "./plan.ts";

/**
 * Names people whom an assignment outside the spec gives another role than the spec does. Only a set that is not exclusive
 * leaves both in place; conflicts within the spec are the program's to refuse.
 * @param before grants that the state holds: an update takes them away, so that they are no conflict
 */
export async function warnOfMixedRoles(
  live: LiveGrant[],
  before: Grant[],
  declared: Grant[],
  { exclusive, roles, application }: AppRoleAssignmentsInputs,
  context: Context,
): Promise<void> {
  if (exclusive || Object.keys(roles).length < 2) return;
  const ours = new Set([...before, ...declared].map(identity));
  const others = live.filter((grant) => !ours.has(identity(grant)));
  if (others.length === 0) return;
  const assignments = [...declared, ...others].map(asAssignment);
  const outside = new Set(others.map(({ key }) => key));
  const members = await membersOf(
    assignments.filter(({ kind }) => kind === "group"),
    context,
  );
  const mixed = peopleWithSeveralRoles(assignments, members).filter(
    ({ via }) => via.some(({ key }) => outside.has(key)) && via.some(({ key }) => !outside.has(key)),
  );
  if (mixed.length === 0) return;
  context.warn(
    [
      `${application} has assignments that the spec does not declare, and they give people other roles than the spec does; which of them arrives is not settled:`,
      ...listed(
        mixed.map(
          ({ userPrincipalName, via }) => `${userPrincipalName}: ${via.map(way(outside)).join(", ")}`,
        ),
      ),
    ].join("\n"),
  );
}

const way = (outside: ReadonlySet<string>) => (one: { key: string; role: string }) =>
  `${one.role} through ${splitKey(one.key).name}${outside.has(one.key) ? " (not in the spec)" : ""}`;

function asAssignment({ key, principalId }: Grant) {
  const kind = key.startsWith("user:") ? ("user" as const) : ("group" as const);
  return { key, kind, id: principalId, role: splitKey(key).role };
}
