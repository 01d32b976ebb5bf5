import type { Exchange } from "./exchange.ts";
import { send } from "./exchange.ts";
import { CycleAborted, type Failure, failureOf, succeeded } from "./failure.ts";
import { groupsInScope, scopeGroup } from "./groups.ts";
import type { EntraCycleInput, OnDemandSubject } from "./input.ts";
import type { ObjectPlan } from "./plan.ts";
import type { OnDemandReport, OnDemandResult } from "./report.ts";
import { memoryOf, type Run, startRun } from "./run.ts";
import { deactivateObject, type Outcome, type SourceObject, synchronizeObject } from "./synchronize.ts";
import { testConnection } from "./test-connection.ts";
import { scopeUser, syncOptions } from "./users.ts";
import { addMemberRequest } from "./wire-forms.ts";

const MOST_MEMBERS = 5;

/**
 * Provisions single people or groups at once: test connection, import, scope, match, act (entra-docs, provision-on-demand.md). Roles are
 * not part of it, nobody is disabled for being disabled or deleted in the directory, and the flag aadOptscim062020 does not
 * hold. The watermark stays as it is, so that the next cycle evaluates these objects again.
 *
 * @param input `probe` is a GUID that nobody has.
 */
export function* provisionOnDemand(
  input: EntraCycleInput & { probe: string },
  subjects: OnDemandSubject[],
): Exchange<OnDemandReport> {
  const run = startRun({ ...input, patchFlavor: "default" });
  const { schema, probe } = input;
  const connection = yield* testConnection({ schema, probe });
  const results: OnDemandResult[] = [];
  for (const subject of subjects) {
    const [error] = connection.errors;
    results.push(error ? failed(subject, error) : yield* provisionSubject(run, subject));
  }
  const mapsRoles = run.userPlan?.attributes.some((attribute) => attribute.readsRoles);
  const notes = mapsRoles
    ? ["Roles cannot be provisioned on demand; they follow in the next provisioning cycle."]
    : [];
  return { results, notes, memory: memoryOf(run, false) };
}

function* provisionSubject(run: Run, subject: OnDemandSubject): Exchange<OnDemandResult> {
  try {
    return subject.objectTypeName === "User"
      ? yield* provisionUser(run, subject)
      : yield* provisionGroup(run, subject);
  } catch (error) {
    if (!(error instanceof CycleAborted)) throw error;
    return failed(subject, error.failure);
  }
}

function* provisionUser(run: Run, subject: OnDemandSubject): Exchange<OnDemandResult> {
  const user = run.input.directory.users.find((candidate) => candidate.id === subject.objectId);
  if (!user || !run.userPlan) return missing(subject);
  const plan = withoutRoles(run.userPlan);
  const { entitlement, source } = scopeUser(run, plan, user);
  const link = run.users.get(user.id);
  if (entitlement.state === "unassigned" && link?.managed) {
    const outcome = yield* deactivateObject(source, link.targetId, entitlement, syncOptions(run, plan));
    if (outcome.status !== "failure") Object.assign(link, { enabled: false, managed: false });
    return result(subject, outcome);
  }
  if (entitlement.state !== "entitled") return notEntitled(subject, source, entitlement.words);
  const outcome = yield* synchronizeObject(source, link?.targetId, syncOptions(run, plan));
  if (outcome.targetId !== undefined) {
    const { targetId } = outcome;
    const references = link?.targetId === targetId ? link.references : {};
    run.users.set(user.id, {
      targetId,
      displayName: user.displayName,
      enabled: true,
      managed: true,
      references,
    });
    run.owners.set(targetId, user.id);
  }
  scoped(outcome, entitlement.words);
  return result(subject, outcome);
}

function* provisionGroup(run: Run, subject: OnDemandSubject): Exchange<OnDemandResult> {
  const plan = run.groupPlan;
  const group = run.input.directory.groups.find((candidate) => candidate.id === subject.objectId);
  if (!group || !plan) return missing(subject);
  const members = subject.links?.members ?? [];
  if (members.length > MOST_MEMBERS) {
    const message = `On demand takes at most ${MOST_MEMBERS} members of a group, not ${members.length}.`;
    return failed(subject, { code: "RequestParameterInvalid", message });
  }
  const { source } = scopeGroup(plan, group);
  if (!groupsInScope(run, plan).includes(group)) {
    return notEntitled(
      subject,
      source,
      "Assigned to application: False, or the scoping filter was not passed.",
    );
  }
  const link = run.groups.get(group.id);
  const outcome = yield* synchronizeObject(source, link?.targetId, syncOptions(run, plan));
  scoped(outcome, "Assigned to application: True. Passed scoping filter: True.");
  if (outcome.targetId !== undefined) {
    const { targetId } = outcome;
    const known = link?.targetId === targetId ? link.members : [];
    run.groups.set(group.id, { targetId, displayName: group.displayName, members: known });
    run.owners.set(targetId, group.id);
    for (const member of members) yield* addMember(run, plan, group.id, member.objectId, outcome);
  }
  return result(subject, outcome);
}

/** A member must have been provisioned before; on demand does not provision it along. */
function* addMember(
  run: Run,
  plan: ObjectPlan,
  groupId: string,
  memberId: string,
  outcome: Outcome,
): Exchange<void> {
  const reference = plan.references.find((candidate) => candidate.sourceAttribute === "members");
  const link = run.groups.get(groupId);
  if (!reference || !link) return;
  const isMember = run.input.directory.groups.find(({ id }) => id === groupId)?.members.includes(memberId);
  const targetId = run.users.get(memberId)?.targetId;
  if (!isMember || targetId === undefined) {
    const why = isMember
      ? "is not provisioned yet: provision the person first"
      : "is not a member of the group";
    referenceFailed(outcome, { code: "ReferenceNotResolved", message: `${memberId} ${why}.` });
    return;
  }
  const response = yield* send(addMemberRequest(link.targetId, targetId, reference.target, "default"));
  if (!succeeded(response)) {
    referenceFailed(outcome, failureOf(response, `add ${memberId} to the group`));
    return;
  }
  if (!link.members.includes(memberId)) link.members.push(memberId);
  outcome.status = "success";
  outcome.modifiedProperties.push({ displayName: reference.target, oldValue: null, newValue: targetId });
}

function referenceFailed(outcome: Outcome, failure: Failure): void {
  outcome.status = "failure";
  outcome.errorCode = failure.code;
  outcome.reason = failure.message;
  outcome.steps.push({
    name: "EntryReferenceResolution",
    type: "referenceResolution",
    status: "failure",
    description: failure.message,
  });
}

function withoutRoles(plan: ObjectPlan): ObjectPlan {
  return { ...plan, attributes: plan.attributes.filter((attribute) => !attribute.readsRoles) };
}

function scoped(outcome: Outcome, words: string): void {
  const at = outcome.steps.findIndex((step) => step.type !== "import");
  outcome.steps.splice(at < 0 ? outcome.steps.length : at, 0, {
    name: "EntrySynchronizationScoping",
    type: "scoping",
    status: "success",
    description: words,
  });
}

function result(subject: OnDemandSubject, outcome: Outcome): OnDemandResult {
  const words = { success: "Success", failure: "Failure", skipped: "Skipped" } as const;
  const code = outcome.status === "success" ? null : outcome.errorCode;
  return {
    objectId: subject.objectId,
    result: words[outcome.status],
    details: code === null ? null : { errorCode: code, errorMessage: outcome.reason ?? "" },
    action: outcome.action,
    provisioningSteps: outcome.steps,
    modifiedProperties: outcome.modifiedProperties,
    targetId: outcome.targetId ?? null,
  };
}

function notEntitled(subject: OnDemandSubject, source: SourceObject, words: string): OnDemandResult {
  const received = `Received ${source.type} '${source.displayName}' from Microsoft Entra ID.`;
  return {
    ...failed(subject, { code: "NotEffectivelyEntitled", message: `Not effectively entitled. ${words}` }),
    result: "Skipped",
    provisioningSteps: [
      { name: "EntryImport", type: "import", status: "success", description: received },
      { name: "EntrySynchronizationScoping", type: "scoping", status: "skipped", description: words },
    ],
  };
}

function missing(subject: OnDemandSubject): OnDemandResult {
  const message = `There is no ${subject.objectTypeName} ${subject.objectId} to import, or its mapping is disabled.`;
  return failed(subject, { code: "ImportSkipped", message });
}

function failed(subject: OnDemandSubject, failure: Failure): OnDemandResult {
  return {
    objectId: subject.objectId,
    result: "Failure",
    details: { errorCode: failure.code, errorMessage: failure.message },
    action: "other",
    provisioningSteps: [
      { name: "EntryImport", type: "import", status: "failure", description: failure.message },
    ],
    modifiedProperties: [],
    targetId: null,
  };
}
