import type { EntraGroup } from "../../directory/entra.ts";
import { evaluateMappings } from "./evaluate-mappings.ts";
import type { Exchange } from "./exchange.ts";
import { objectKey } from "./memory.ts";
import type { ObjectPlan } from "./plan.ts";
import { fingerprint, forget, forgetOthers, isDue, type Run, record } from "./run.ts";
import { passesScopingFilter } from "./scoping-filter.ts";
import { groupAttributes } from "./source-attributes.ts";
import { deleteObject, type SourceObject, synchronizeObject } from "./synchronize.ts";
import { noValues, stage, syncOptions } from "./users.ts";

/** Groups after users, without their members. */
export function* groupPhase(run: Run): Exchange<void> {
  const plan = run.groupPlan;
  if (!plan) return;
  const inScope = groupsInScope(run, plan);
  forgetOthers(
    run,
    "Group",
    inScope.map((group) => group.id),
  );
  for (const group of inScope) yield* provisionGroup(run, plan, group);
  for (const [id, displayName, targetId] of groupsToDelete(run, plan)) {
    yield* removeGroup(run, plan, { id, displayName, type: "Group", mapped: noValues() }, targetId);
  }
}

export function groupsInScope(run: Run, plan: ObjectPlan): EntraGroup[] {
  return run.input.directory.groups.filter(
    (group) =>
      group.deletedDateTime === null &&
      (run.input.syncAll || run.access.groups.has(group.id)) &&
      passesScopingFilter(plan.scope, groupAttributes(group)),
  );
}

/**
 * Provisioned groups that are unassigned, fail the filter or are gone. A SCIM group has no `active` to switch off, and where
 * the target knows no soft deletion the service sends DELETE for each of these (how-provisioning-works.md, "Configure your
 * application to delete a user"). That an unassigned group is deleted is also what vendors report of Entra (Atlassian's
 * groups: MicrosoftDocs/azure-docs issues 63942 and 97984).
 */
export function groupsToDelete(
  run: Run,
  plan: ObjectPlan,
): [id: string, displayName: string, targetId: string][] {
  const inScope = new Set(groupsInScope(run, plan).map((group) => group.id));
  return [...run.groups]
    .filter(([id]) => !inScope.has(id))
    .map(([id, link]) => [id, link.displayName, link.targetId]);
}

export function scopeGroup(
  plan: ObjectPlan,
  group: EntraGroup,
): { source: SourceObject; fingerprint: string } {
  const mapped = evaluateMappings(plan.attributes, groupAttributes(group));
  const values = [...mapped.values].map(([attribute, value]) => [attribute.target, value]);
  const parts = [values, [...group.members].sort(), mapped.failure?.message, mapped.warnings];
  return {
    source: { id: group.id, displayName: group.displayName, type: "Group", mapped },
    fingerprint: fingerprint(parts),
  };
}

function* provisionGroup(run: Run, plan: ObjectPlan, group: EntraGroup): Exchange<void> {
  const { source, fingerprint: print } = scopeGroup(plan, group);
  run.entitled++;
  run.entitledForProvisioning++;
  if (!isDue(run, "Group", group.id, print)) return;
  const link = run.groups.get(group.id);
  const outcome = yield* synchronizeObject(source, link?.targetId, syncOptions(run, plan));
  if (link && outcome.targetId !== link.targetId) run.owners.delete(link.targetId);
  if (outcome.targetId === undefined) run.groups.delete(group.id);
  else {
    run.owners.set(outcome.targetId, group.id);
    const { targetId } = outcome;
    const members = link?.targetId === targetId ? link.members : [];
    run.groups.set(group.id, { targetId, displayName: group.displayName, members });
  }
  record(run, source, outcome);
  run.seen.set(objectKey("Group", group.id), print);
}

function* removeGroup(run: Run, plan: ObjectPlan, source: SourceObject, targetId: string): Exchange<void> {
  if (!plan.flows.delete) return;
  if (run.staging) {
    stage(run, source, targetId);
    return;
  }
  const outcome = yield* deleteObject(source, targetId, plan);
  record(run, source, outcome);
  if (outcome.status === "failure") return;
  run.groups.delete(source.id);
  run.owners.delete(targetId);
  forget(run, "Group", source.id);
}
