import type { EntraUser } from "../../directory/entra.ts";
import { type Entitlement, userEntitlement } from "./access.ts";
import { evaluateMappings } from "./evaluate-mappings.ts";
import type { Exchange } from "./exchange.ts";
import { escrowKey, objectKey } from "./memory.ts";
import type { ObjectPlan } from "./plan.ts";
import { fingerprint, forget, forgetOthers, isDue, log, type Run, record } from "./run.ts";
import { passesScopingFilter } from "./scoping-filter.ts";
import { userAttributes } from "./source-attributes.ts";
import {
  deactivateObject,
  deleteObject,
  type SourceObject,
  type SyncOptions,
  synchronizeObject,
} from "./synchronize.ts";

export interface ScopedUser {
  user: EntraUser;
  entitlement: Entitlement;
  source: SourceObject;
  fingerprint: string;
}

/** Users first: created, updated, deactivated, deleted. References between them come later. */
export function* userPhase(run: Run, scoped: ScopedUser[]): Exchange<void> {
  const plan = run.userPlan;
  if (!plan) return;
  forgetOthers(
    run,
    "User",
    scoped.map((person) => person.user.id),
  );
  for (const person of scoped) yield* provisionUser(run, plan, person);
  yield* deleteVanished(run, plan);
}

/** Everybody whom the cycle looks at: who is or was in scope, or all people of the tenant. */
export function scopeUsers(run: Run): ScopedUser[] {
  const plan = run.userPlan;
  if (!plan) return [];
  return run.input.directory.users
    .filter((user) => run.input.syncAll || run.access.users.has(user.id) || run.users.has(user.id))
    .map((user) => scopeUser(run, plan, user));
}

export function scopeUser(run: Run, plan: ObjectPlan, user: EntraUser): ScopedUser {
  const { syncAll } = run.input;
  const assigned = syncAll || run.access.users.has(user.id);
  // Role functions are not compatible with "Sync all users and groups": no role arrives.
  const roles = syncAll ? [] : (run.access.users.get(user.id) ?? []);
  const passes = passesScopingFilter(plan.scope, userAttributes(user, false, roles));
  const entitlement = userEntitlement(user, assigned, passes);
  const attributes = userAttributes(user, entitlement.state !== "entitled", roles);
  const mapped = evaluateMappings(plan.attributes, attributes);
  const source: SourceObject = { id: user.id, displayName: user.displayName, type: "User", mapped };
  const values = [...mapped.values].map(([attribute, value]) => [attribute.target, value]);
  const references = plan.references.map((reference) => attributes[reference.sourceAttribute] ?? null);
  const parts = [entitlement.state, values, references, mapped.failure?.message, mapped.warnings];
  return { user, entitlement, source, fingerprint: fingerprint(parts) };
}

/** Whether bringing this person up to date takes an account away, which counts against the deletion threshold. */
export function wouldDeactivate(run: Run, plan: ObjectPlan, person: ScopedUser): boolean {
  const link = run.users.get(person.user.id);
  if (!link?.managed || !link.enabled || person.entitlement.state === "entitled") return false;
  return plan.flows.update && plan.attributes.some((attribute) => attribute.deactivates);
}

function* provisionUser(run: Run, plan: ObjectPlan, person: ScopedUser): Exchange<void> {
  const { user, entitlement, source } = person;
  const { state } = entitlement;
  if (state === "entitled" || state === "disabled") run.entitled++;
  if (state === "entitled") run.entitledForProvisioning++;
  if (!isDue(run, "User", user.id, person.fingerprint)) return;
  const link = run.users.get(user.id);
  const options = syncOptions(run, plan);

  if (state === "entitled") {
    const outcome = yield* synchronizeObject(source, link?.targetId, options);
    if (outcome.targetId !== link?.targetId && link) run.owners.delete(link.targetId);
    if (outcome.targetId === undefined) run.users.delete(user.id);
    else {
      run.owners.set(outcome.targetId, user.id);
      run.users.set(user.id, {
        targetId: outcome.targetId,
        displayName: user.displayName,
        enabled: outcome.status === "failure" ? (link?.enabled ?? true) : true,
        managed: true,
        references: link?.targetId === outcome.targetId ? link.references : {},
      });
    }
    record(run, source, outcome);
  } else if (!link?.managed) {
    skipUnentitled(run, person);
  } else if (run.staging && wouldDeactivate(run, plan, person)) {
    stage(run, source, link.targetId);
    return;
  } else {
    const outcome = yield* deactivateObject(source, link.targetId, entitlement, options);
    if (outcome.status !== "failure") {
      link.enabled = false;
      link.managed = state === "disabled" || state === "soft-deleted";
      if (outcome.targetId === undefined) {
        run.users.delete(user.id);
        run.owners.delete(link.targetId);
      }
    }
    record(run, source, outcome);
  }
  run.seen.set(objectKey("User", user.id), person.fingerprint);
}

/** Never created while disabled; never touched again after unassignment. */
function skipUnentitled(run: Run, { source, entitlement }: ScopedUser): void {
  log(run, source, {
    action: "create",
    status: "skipped",
    errorCode: "NotEffectivelyEntitled",
    reason: `The User is not effectively entitled. ${entitlement.words}`,
    steps: [
      {
        name: "EntrySynchronizationScoping",
        type: "scoping",
        status: "skipped",
        description: entitlement.words,
      },
    ],
    modifiedProperties: [],
    targetId: undefined,
  });
  run.escrows.delete(escrowKey("User", source.id));
}

/** People permanently deleted from the directory. One who was unassigned before is not the service's any more. */
function* deleteVanished(run: Run, plan: ObjectPlan): Exchange<void> {
  for (const [id, link] of vanishedUsers(run)) {
    const source: SourceObject = { id, displayName: link.displayName, type: "User", mapped: noValues() };
    if (!link.managed || !plan.flows.delete) {
      run.users.delete(id);
      run.owners.delete(link.targetId);
      forget(run, "User", id);
      continue;
    }
    if (run.staging) {
      stage(run, source, link.targetId);
      continue;
    }
    const outcome = yield* deleteObject(source, link.targetId, plan);
    record(run, source, outcome);
    if (outcome.status === "failure") continue;
    run.users.delete(id);
    run.owners.delete(link.targetId);
    forget(run, "User", id);
  }
}

export function vanishedUsers(run: Run) {
  return [...run.users].filter(([id]) => !run.directoryUsers.has(id));
}

export const noValues = () => ({ values: new Map(), warnings: [], failure: null });

/** Holds a deletion back and says so; the object is looked at again in the next cycle. */
export function stage(run: Run, source: SourceObject, targetId: string): void {
  run.staged++;
  log(run, source, {
    action: "stagedDelete",
    status: "skipped",
    errorCode: "TooManyDeletes",
    reason: "Held back: this cycle would delete or disable more than the accidental deletion threshold.",
    steps: [],
    modifiedProperties: [],
    targetId,
  });
}

export function syncOptions(run: Run, plan: ObjectPlan): SyncOptions {
  return { plan, patchFlavor: run.input.patchFlavor, ownerOf: (targetId) => run.owners.get(targetId) };
}
