import type { GraphClient } from "../../../clients/graph/client.ts";
import { NOT_YET } from "../../../clients/http.ts";
import { hasStatus } from "../../../clients/http-error.ts";
import type { AppRoleAssignmentsInputs, AppRoleAssignmentsOutputs } from "../../contract.ts";
import { PartlyDone } from "../../engine/partly-done.ts";
import type { Context, Resource } from "../../engine/resource.ts";
import { isUnknown } from "../../engine/values.ts";
import { leftToDo } from "../../left-to-do.ts";
import { assertSameIds } from "../../pinned-names.ts";
import { assertRemovalsAllowed, listed } from "../../removal-limit.ts";
import { assertReplacementAllowed } from "../../replacement.ts";
import {
  assertTakeOverMeant,
  isImported,
  mentionStrangers,
  notOwed,
  owedRemovals,
  ownEntries,
  takenBack,
  warnOfLeft,
  warnOfUnseen,
  withOwed,
} from "../../take-over.ts";
import { applyGrants } from "./apply.ts";
import { leavingRoles, warnOfLeavingRoles, warnOfRenamedRoles } from "./leaving-roles.ts";
import { warnOfMixedRoles } from "./mixed-roles.ts";
import { observeGrants } from "./observe.ts";
import {
  type Changes,
  declaredGrants,
  type Grant,
  identity,
  type LiveGrant,
  losingAccess,
  planChanges,
  principalOf,
  principalsOf,
  recordedGrants,
  splitKey,
} from "./plan.ts";

type Inputs = AppRoleAssignmentsInputs;
type Outputs = AppRoleAssignmentsOutputs;

/** The authoritative set of who has which role of one service principal. */
export const appRoleAssignments: Resource<Inputs, Outputs> = {
  replaceOn: ["servicePrincipalId"],
  policies: ["exclusive", "maxRemovals", "pinned", "application"],

  comparable: (inputs, next, outputs) => ({
    ...inputs,
    // An import knows the ids of those roles only that somebody has.
    roles: { ...next.roles, ...inputs.roles },
    assignments: ownAssignments(inputs, outputs, next),
  }),

  async plan({ inputs, outputs, next }, context) {
    assertNamesKept(outputs, next);
    const declared = declaredGrants(next);
    const before = grantsBefore(inputs, outputs, next);
    if (isImported(inputs)) {
      assertTakeOverMeant(keysOf(without(before, declared)), "assignments", next.application, context);
    }
    warnOfLeft(inputs, Object.keys(inputs.assignments), ownAssignments(inputs, outputs, next), next, context);
    warnOfRenamedRoles(inputs, next, context);
    const leaving = leavingRoles(inputs, next);
    const looks = !next.exclusive || inputs.exclusive === false || leaving.size > 0;
    const live = looks ? await observe(next, [...before, ...declared], context) : [];
    await warnOfMixedRoles(live, before, declared, next, context);
    const takenOver = next.exclusive && inputs.exclusive === false ? without(live, declared) : [];
    if (takenOver.length > 0) {
      context.warn(
        [
          `exclusive: true takes over ${next.application}, and removes who is not declared:`,
          ...listed(keysOf(takenOver)),
        ].join("\n"),
      );
    }
    const known = [...before, ...declared, ...takenOver];
    const losing = warnOfLeavingRoles(live, known, leaving, next.application, context);
    assertRemovalsAllowed(
      losingAccess(notOwed([...before, ...takenOver, ...losing], counted(outputs), principalOf), declared),
      next.application,
      next.maxRemovals,
      context.env,
    );
    return takenBack(outputs, next.assignments);
  },

  async planReplacement({ inputs, outputs, next }, context) {
    const ids = { old: inputs.servicePrincipalId, next: next.servicePrincipalId };
    const losing = losingAccess(
      recordedGrants({ ...inputs, assignments: withOwed(inputs.assignments, outputs) }),
      [],
    );
    assertReplacementAllowed(ids, losing, next, context);
  },

  async create(inputs, context) {
    const id = inputs.servicePrincipalId;
    const declared = declaredGrants(inputs);
    if (
      context.preview &&
      [id, ...declared.flatMap((grant) => [grant.principalId, grant.appRoleId])].some(isUnknown)
    ) {
      return { id, outputs: inputs };
    }
    const graph = await context.graph();
    const known = { grants: declared, roles: inputs.roles };
    const live = await observeGrants(graph, id, known, NOT_YET.justCreated).catch((error: unknown) => {
      throw hasStatus(error, 404) ? withoutServicePrincipal(inputs, error) : error;
    });
    const changes = planChanges(live, [], declared, { exclusive: inputs.exclusive, takeOver: true });
    assertTakeOverMeant(keysOf(changes.remove), "assignments", inputs.application, context);
    await warnOfMixedRoles(live, [], declared, inputs, context);
    if (context.preview) return { id, outputs: inputs };
    return { id, outputs: await carryOut(graph, changes, live, declared, inputs) };
  },

  async read({ id, inputs, outputs }, context) {
    const graph = await context.graph();
    const owed = inputs
      ? recordedGrants({ ...inputs, assignments: outputs?.owed ?? {} }, outputs?.assignmentIds)
      : [];
    const grants = inputs ? [...owed, ...recordedGrants(inputs)] : [];
    const known = { grants, roles: inputs?.roles ?? {} };
    let live: LiveGrant[];
    try {
      live = await observeGrants(graph, id, known, NOT_YET.createdEarlier);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
    const declared = new Set(known.grants.map(identity));
    const owedIds = new Set(owed.map(({ assignmentId }) => assignmentId));
    const strangers = live.filter(
      (grant) => !declared.has(identity(grant)) && !owedIds.has(grant.assignmentId),
    );
    const managed = inputs?.exclusive === false ? live.filter((grant) => !strangers.includes(grant)) : live;
    if (inputs?.exclusive === false)
      mentionStrangers(keysOf(strangers), "assignments", inputs.application, context);
    const stillOwed = owed.flatMap((one) => {
      const found = live.find(
        (grant) => identity(grant) === identity(one) || grant.assignmentId === one.assignmentId,
      );
      return found ? [{ ...one, assignmentId: found.assignmentId }] : [];
    });
    const observed = {
      ...inputs,
      servicePrincipalId: id,
      roles: inputs?.roles ?? rolesOf(managed),
      assignments: assignmentsOf(managed, known.grants),
    } as Inputs;
    return {
      inputs: observed,
      outputs: {
        ...observed,
        assignmentIds: { ...idsOf(stillOwed), ...idsOf(managed) },
        // Whoever was let in by hand and is in the spec by now was written by nobody.
        knownPrincipals: { ...principalsOf(observed.assignments), ...outputs?.knownPrincipals },
        declared: outputs?.declared ?? Object.keys(observed.assignments),
        owed: Object.fromEntries(stillOwed.map((one) => [one.key, one.principalId])),
        uncounted: outputs?.uncounted ?? [],
      },
    };
  },

  async update({ id, inputs, outputs }, next, context) {
    assertNamesKept(outputs, next);
    const graph = await context.graph();
    const declared = declaredGrants(next);
    const before = grantsBefore(inputs, outputs, next);
    const live = await observeGrants(
      graph,
      id,
      { grants: [...before, ...declared], roles: next.roles },
      NOT_YET.createdEarlier,
    );
    const changes = planChanges(live, before, declared, {
      exclusive: next.exclusive,
      takeOver: inputs.exclusive === false,
    });
    const known = [...before, ...declared, ...changes.remove];
    const others = warnOfLeavingRoles(live, known, leavingRoles(inputs, next), next.application, context);
    const losing = losingAccess(
      notOwed([...changes.remove, ...others], counted(outputs), principalOf),
      declared,
    );
    assertRemovalsAllowed(losing, next.application, next.maxRemovals, context.env);
    warnOfUnseen(keysOf(changes.unseen), "assignments", next.application, context);
    return carryOut(graph, changes, live, declared, next);
  },

  async delete({ id, inputs, outputs }, context) {
    const graph = await context.graph();
    try {
      const assignments = withOwed(inputs.assignments, outputs);
      const grants = recordedGrants({ ...inputs, assignments }, outputs.assignmentIds);
      const live = await observeGrants(graph, id, { grants, roles: inputs.roles }, 0);
      const remove = planChanges(live, grants, [], { exclusive: inputs.exclusive, takeOver: false }).remove;
      const { reasons, left } = await applyGrants(graph, id, { add: [], remove, unseen: [] });
      if (reasons.length > 0) throw new Error(leftToDo(inputs.application, reasons, left));
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  },
};

const keysOf = (grants: Grant[]) => grants.map(({ key }) => key);

function assertNamesKept(outputs: Outputs, next: Inputs): void {
  const pinned = new Set(next.pinned.map((key) => splitKey(key).name));
  assertSameIds(outputs.knownPrincipals ?? {}, principalsOf(next.assignments), pinned, next.application);
}

function ownAssignments(inputs: Inputs, outputs: Outputs, next: Inputs): Inputs["assignments"] {
  return ownEntries(inputs, withOwed(inputs.assignments, outputs), next, next.assignments, outputs.declared);
}

/** What rollcall gave, and with it may take away. Of an import that is not to be exclusive, nothing. */
function grantsBefore(inputs: Inputs, outputs: Outputs, next: Inputs) {
  if (isImported(inputs) && !next.exclusive) return [];
  const assignments = ownAssignments(inputs, outputs, next);
  return recordedGrants({ ...inputs, assignments }, outputs.assignmentIds);
}

async function observe(next: Inputs, grants: Grant[], context: Context): Promise<LiveGrant[]> {
  const known = { grants, roles: next.roles };
  return observeGrants(await context.graph(), next.servicePrincipalId, known, NOT_YET.createdEarlier);
}

function withoutServicePrincipal({ application, servicePrincipalId }: Inputs, cause: unknown): Error {
  return new Error(
    `${application}: there is no service principal ${servicePrincipalId} in the tenant, though its app registration is there: somebody deleted the enterprise application alone. Restore it (Entra keeps what was deleted for 30 days), or delete the app registration as well; the next \`up\` then goes on, or makes both anew.`,
    { cause },
  );
}

/** @throws PartlyDone when some of it failed. */
async function carryOut(
  graph: GraphClient,
  changes: Changes,
  live: LiveGrant[],
  declared: Grant[],
  inputs: Inputs,
): Promise<Outputs> {
  const id = inputs.servicePrincipalId;
  const { granted, missing, owed, reasons, left } = await applyGrants(graph, id, changes);
  const outputs = outputsOf(inputs, without(declared, missing), [...live, ...granted], owed);
  if (reasons.length === 0) return outputs;
  throw new PartlyDone(id, outputs, leftToDo(inputs.application, reasons, left));
}

/** Owed removals that were counted when they were first tried. */
function counted({ owed = {}, uncounted = [] }: Outputs): { owed: Record<string, string> } {
  return { owed: Object.fromEntries(Object.entries(owed).filter(([key]) => !uncounted.includes(key))) };
}

function without(grants: Grant[], others: Grant[]): Grant[] {
  const had = new Set(others.map(identity));
  return grants.filter((grant) => !had.has(identity(grant)));
}

/** As a name that two principals share: the role stays last. */
function apart(key: string, id: string): string {
  const { name, role } = splitKey(key);
  return `${name} (${id}) ${role}`;
}

/** @param there of what is declared, what is there now */
function outputsOf(inputs: Inputs, there: Grant[], live: LiveGrant[], owed: LiveGrant[]): Outputs {
  const ids = new Map(live.map((grant) => [identity(grant), grant.assignmentId]));
  const assignmentIds: Record<string, string> = {};
  for (const grant of there) {
    const id = ids.get(identity(grant));
    if (id) assignmentIds[grant.key] = id;
  }
  const principals = there.map(({ key, principalId }) => [key, principalId]);
  const owedBy = (value: (grant: LiveGrant) => string) =>
    owedRemovals(
      owed.map((grant) => ({ key: grant.key, id: grant.principalId, value: value(grant) })),
      inputs.assignments,
      apart,
    );
  const owing = owedBy(principalOf);
  const staying = new Set(Object.values(inputs.assignments));
  return {
    ...inputs,
    assignmentIds: { ...assignmentIds, ...owedBy(({ assignmentId }) => assignmentId) },
    knownPrincipals: principalsOf(Object.fromEntries(principals)),
    declared: Object.keys({ ...inputs.assignments, ...owing }),
    owed: owing,
    uncounted: Object.keys(owing).filter((key) => staying.has(owing[key] ?? "")),
  };
}

/** Declared keys first and in their order, so that a refresh that finds nothing new changes nothing. */
function assignmentsOf(live: LiveGrant[], declared: Grant[]): Record<string, string> {
  const present = new Set(live.map(identity));
  const stated = declared.filter((grant) => present.has(identity(grant)));
  const keys = new Set(stated.map((grant) => grant.key));
  const others = live.filter((grant) => !keys.has(grant.key)).sort((a, b) => a.key.localeCompare(b.key));
  return Object.fromEntries([...stated, ...others].map((grant) => [grant.key, grant.principalId]));
}

function idsOf(live: LiveGrant[]): Record<string, string> {
  return Object.fromEntries(live.map((grant) => [grant.key, grant.assignmentId]));
}

function rolesOf(live: LiveGrant[]): Record<string, string> {
  return Object.fromEntries(live.map((grant) => [splitKey(grant.key).role, grant.appRoleId]));
}
