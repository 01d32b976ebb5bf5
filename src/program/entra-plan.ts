import type { DesiredEntraApplication, EntraAssignment } from "../desired/model.ts";
import {
  type FindEntraApplicationsArgs,
  type FindEntraApplicationsResult,
  type FindRoleOverlapsArgs,
  type FindRoleOverlapsResult,
  type ResolvedPrincipal,
  type ResolveEntraPrincipalsArgs,
  type ResolveEntraPrincipalsResult,
  TOKEN,
} from "../provider/contract.ts";
import type { Ask } from "./ask.ts";
import { describeDuplicates } from "./duplicates.ts";
import { assignmentKeys } from "./entra-inputs.ts";
import { TEMPLATE_USER_ROLE } from "./entra-template.ts";
import type { Problem } from "./problems.ts";
import { describeRenamed, describeUnresolved } from "./unresolved.ts";

/** What the tenant said about one application before anything is made. */
export interface EntraPlan {
  desired: DesiredEntraApplication;
  /** `group:governance-team Reader` -> object id. */
  assignments: Record<string, string>;
  /** Applications that have its display name already. */
  namesakes: FindEntraApplicationsResult["applications"];
}

export interface EntraPlans {
  plans: EntraPlan[];
  /** Names that are missing or ambiguous, and people who would get two roles. */
  problems: Problem[];
  warnings: Problem[];
}

/** Looks up everything that the applications name in the tenant. */
export async function planEntra(
  applications: readonly DesiredEntraApplication[],
  ask: Ask,
): Promise<EntraPlans> {
  if (applications.length === 0) return { plans: [], problems: [], warnings: [] };
  const assignments = applications.flatMap((application) => application.assignments);
  const [{ principals }, { applications: namesakes }] = await Promise.all([
    ask<ResolveEntraPrincipalsArgs, ResolveEntraPrincipalsResult>(TOKEN.resolveEntraPrincipals, {
      principals: assignments.map(({ kind, name, id }) =>
        id === undefined ? { kind, name } : { kind, name, id },
      ),
    }),
    ask<FindEntraApplicationsArgs, FindEntraApplicationsResult>(TOKEN.findEntraApplications, {
      displayNames: applications.map(({ displayName }) => displayName),
    }),
  ]);
  const resolved = new Map(assignments.map((assignment, index) => [assignment, principals[index]]));
  const plans = applications.map((desired) => toPlan(desired, resolved, namesakes));
  const overlaps = await Promise.all(plans.map((plan) => findOverlaps(plan, ask)));
  return {
    plans,
    problems: [
      ...assignments.flatMap((assignment) =>
        describeUnresolved("entra", assignment, resolved.get(assignment)),
      ),
      ...overlaps.flatMap(({ conflicts }) => conflicts),
    ],
    warnings: [
      ...overlaps.flatMap(({ warnings }) => warnings),
      ...assignments.flatMap((assignment) => describeDisabled(assignment, resolved.get(assignment))),
      ...assignments.flatMap((assignment) => describeRenamed(assignment, resolved.get(assignment))),
      ...plans.flatMap(({ desired: { at, displayName }, namesakes }) =>
        describeDuplicates(
          at,
          `name "${displayName}"`,
          namesakes.map((one) => one.applicationObjectId),
        ),
      ),
    ],
  };
}

function toPlan(
  desired: DesiredEntraApplication,
  resolved: ReadonlyMap<EntraAssignment, ResolvedPrincipal | undefined>,
  namesakes: EntraPlan["namesakes"],
): EntraPlan {
  const assignments = [...assignmentKeys(desired.assignments)].flatMap(([assignment, key]) => {
    const id = resolved.get(assignment)?.id;
    return id ? [[key, id]] : [];
  });
  return {
    desired,
    assignments: Object.fromEntries(assignments),
    namesakes: namesakes.filter(({ displayName }) => displayName === desired.displayName),
  };
}

/** People whom assignments give several roles, where only one can travel, and groups inside groups. */
async function findOverlaps({ desired, assignments }: EntraPlan, ask: Ask) {
  const byKey = new Map(
    [...assignmentKeys(desired.assignments)].map(([assignment, key]) => [key, assignment]),
  );
  const { people, nested } = await ask<FindRoleOverlapsArgs, FindRoleOverlapsResult>(TOKEN.findRoleOverlaps, {
    assignments: [...byKey].flatMap(([key, { kind, role }]) => {
      const id = assignments[key];
      return id ? [{ key, kind, id, role: role ?? TEMPLATE_USER_ROLE.value }] : [];
    }),
  });
  const at = (key: string | undefined) => byKey.get(key ?? "")?.at ?? desired.at;
  const conflicts = carriesOneRole(desired)
    ? people.map(
        ({ userPrincipalName, via }): Problem => ({
          code: "role-conflict",
          at: at(via.at(-1)?.key),
          message: `${userPrincipalName} would get ${via.map(({ key, role }) => `${role} through ${key.replace(/ \S+$/, "")}`).join(" and ")}`,
          why: "Entra's SingleAppRoleAssignment carries one role, and which of them it takes is not settled",
          help: `take ${userPrincipalName} out of all but one, or give them the same role`,
        }),
      )
    : [];
  const warnings = nested.map(
    ({ key, groups }): Problem => ({
      code: "nested-group",
      at: at(key),
      message: `${key.replace(/ \S+$/, "")} contains ${groups.length === 1 ? "the group" : "the groups"} ${groups.join(", ")}, whose members do not arrive`,
      why: "Entra provisions the direct members of an assigned group only",
      help: `assign ${groups.length === 1 ? "it" : "them"} as well, if ${groups.length === 1 ? "its" : "their"} members are meant`,
    }),
  );
  return { conflicts, warnings };
}

function carriesOneRole({ mappings }: DesiredEntraApplication): boolean {
  return Object.values(mappings.user).some(({ expression }) =>
    expression.includes("SingleAppRoleAssignment("),
  );
}

function describeDisabled(assignment: EntraAssignment, principal: ResolvedPrincipal | undefined): Problem[] {
  if (principal?.problem !== "disabled") return [];
  return [
    {
      code: "disabled-user",
      at: assignment.at,
      message: `${assignment.name} is disabled in Entra`,
      why: "a disabled person is assigned all the same, and arrives inactive or not at all",
    },
  ];
}
