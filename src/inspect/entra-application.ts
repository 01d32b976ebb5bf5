import { servicePrincipal } from "../clients/graph/applications.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import { pinnedKeys } from "../program/distinct-keys.ts";
import { assignmentKeys, roleIds } from "../program/entra-inputs.ts";
import { planEntra } from "../program/entra-plan.ts";
import { appRoleAssignments } from "../provider/entra/assignments/resource.ts";
import { compareAssignments } from "./compare-assignments.ts";
import { inspectJob } from "./entra-job.ts";
import { type Finding, fromProblem, type Inspection, REPAIRED_BY_UP } from "./finding.ts";
import { locateEntra } from "./locate-entra.ts";
import type { Tenants } from "./tenants.ts";

/**
 * Compares one application of Entra with what the spec says. It reads only; the one POST is Entra's own "Test Connection".
 * @param knownId object id of the service principal, when the stack has told it
 */
export async function inspectEntra(
  desired: DesiredEntraApplication,
  tenants: Tenants,
  knownId?: string,
): Promise<Inspection> {
  const { plans, problems, warnings } = await planEntra([desired], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const graph = await tenants.graph();
  const inspection = { name: desired.name, idp: "entra", product: desired.product } as const;
  const drift = problems.map(fromProblem);
  const notes = warnings.map(({ message, why }) => `${message}${why ? `: ${why}` : ""}`);

  const located = await locateEntra(graph, plan, knownId);
  if ("problem" in located) return { ...inspection, drift: [...drift, located.problem], notes };
  if (located.renamed) drift.push(located.renamed);
  const { servicePrincipalId } = located;

  const { appRoles } = await servicePrincipal(graph, servicePrincipalId);
  drift.push(...compareRoles(desired, appRoles));

  const declared = {
    servicePrincipalId,
    roles: roleIds(desired.roles),
    assignments: plan.assignments,
    // Everything undeclared is to be seen beside them.
    exclusive: true,
    maxRemovals: desired.maxRemovals,
    pinned: pinnedKeys(assignmentKeys(desired.assignments)),
    application: desired.name,
  };
  const observed = await appRoleAssignments.read(
    { id: servicePrincipalId, inputs: declared },
    tenants.context,
  );
  const assignments = compareAssignments(
    Object.keys(declared.assignments),
    Object.keys(observed?.inputs.assignments ?? {}),
    { exclusive: desired.exclusive, endInRole: true },
  );
  drift.push(...assignments.drift);
  notes.push(...assignments.notes);

  const job = await inspectJob(desired, servicePrincipalId, tenants);
  return { ...inspection, drift: [...drift, ...job.drift], notes: [...notes, ...job.notes] };
}

type AppRoles = Awaited<ReturnType<typeof servicePrincipal>>["appRoles"];

function compareRoles({ roles }: DesiredEntraApplication, live: AppRoles): Finding[] {
  return roles.flatMap((role): Finding[] => {
    const found = live.find(({ id }) => id === role.id);
    const say = (message: string): Finding[] => [{ aspect: "role", message, help: REPAIRED_BY_UP }];
    if (!found) return say(`The app role ${role.value} is missing.`);
    if (!found.isEnabled) return say(`The app role ${role.value} is disabled: nobody can be given it.`);
    const differs = [
      ...(found.value === role.value ? [] : [`its value is ${found.value}`]),
      ...(found.displayName === role.displayName ? [] : [`its name is "${found.displayName}"`]),
      ...(sameSet(found.allowedMemberTypes, role.allowedMemberTypes)
        ? []
        : [`it can be given to ${found.allowedMemberTypes.join(" and ") || "nobody"}`]),
    ];
    return differs.length > 0 ? say(`The app role ${role.value} was changed: ${differs.join(", ")}.`) : [];
  });
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
