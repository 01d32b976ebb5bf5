import type { ScimRequest } from "../../scim/wire.ts";
import { type Exchange, send } from "./exchange.ts";
import { failureOf, succeeded } from "./failure.ts";
import { escrowKey, type GroupLink, type UserLink } from "./memory.ts";
import type { ReferencePlan } from "./plan.ts";
import type { LogStep, ModifiedProperty } from "./report.ts";
import { isResource, type Resource, read } from "./resource.ts";
import { escrow, log, type Run } from "./run.ts";
import { addMemberRequest, patchRequest, removeMemberRequest } from "./wire-forms.ts";

/** References last, when every object that they name is there: managers, then memberships. */
export function* referencePhase(run: Run): Exchange<void> {
  dropObsolete(run);
  const due = objectsDue(run);
  for (const reference of run.userPlan?.references ?? []) {
    for (const [id, link] of run.users) if (due.has(id)) yield* sendManager(run, reference, id, link);
  }
  const members = run.groupPlan?.references.find((reference) => reference.sourceAttribute === "members");
  if (!members || !run.groupPlan?.flows.update) return;
  for (const [id, link] of run.groups) if (due.has(id)) yield* sendMembers(run, members, id, link);
}

/**
 * References are looked at when their object changed or one of them failed. One whose object was out of scope then is not
 * looked at again when that comes into scope, until a restart (known-issues.md, "Manager isn't provisioned" and "Member of
 * group not provisioned").
 */
function objectsDue(run: Run): Set<string> {
  const due = new Set(run.touched.keys());
  for (const entry of run.escrows.values()) if (entry.kind === "Reference") due.add(entry.objectId);
  return due;
}

/** Forgets failed references of objects that are gone, and of members that have left. */
function dropObsolete(run: Run): void {
  for (const [key, { kind, objectId, referencedId }] of run.escrows) {
    if (kind !== "Reference") continue;
    const group = run.groups.get(objectId);
    const members = run.directoryGroups.get(objectId)?.members;
    const stillMember = members?.includes(referencedId) || group?.members.includes(referencedId);
    const isKept = group ? stillMember : run.users.get(objectId)?.managed;
    if (!isKept) run.escrows.delete(key);
  }
}

function* sendManager(run: Run, reference: ReferencePlan, id: string, link: UserLink): Exchange<void> {
  const key = escrowKey("Reference", id, reference.target);
  const user = run.directoryUsers.get(id);
  const isSent = user && link.managed && link.enabled && run.userPlan?.flows.update;
  const wanted = isSent && reference.sourceAttribute === "manager" ? user.manager : null;
  if (wanted === null) {
    run.escrows.delete(key);
    return;
  }
  const source = { id, displayName: link.displayName, type: "User" as const };
  const target = run.users.get(wanted);
  if (!target) {
    if (run.escrows.has(escrowKey("User", wanted))) {
      const message = `${reference.target} refers to ${nameOf(run, wanted)}, who could not be provisioned.`;
      escrow(run, "Reference", id, reference.target, { code: "ReferenceNotResolved", message });
      logReference(run, source, link.targetId, "failure", "ReferenceNotResolved", message, []);
    } else {
      run.escrows.delete(key);
      const message = `${reference.target} refers to ${nameOf(run, wanted)}, who is not in scope. When that changes, restart provisioning.`;
      logReference(run, source, link.targetId, "skipped", "ReferenceOutOfScope", message, []);
    }
    return;
  }
  const current = run.touched.get(id);
  const before = current ? referenceIn(current, reference) : undefined;
  const unchanged = link.references[reference.target] === wanted && !run.initial && !run.escrows.has(key);
  if (unchanged || before === target.targetId) {
    link.references[reference.target] = wanted;
    run.escrows.delete(key);
    return;
  }
  const op = before === undefined && link.references[reference.target] === undefined ? "Add" : "Replace";
  const change = { ...reference, op, value: target.targetId, boolean: false, readsRoles: false } as const;
  const request = patchRequest("/Users", link.targetId, [change], run.input.patchFlavor);
  const modified = { displayName: reference.target, oldValue: before ?? null, newValue: target.targetId };
  if (yield* write(run, source, link.targetId, request, reference.target, modified)) {
    link.references[reference.target] = wanted;
  }
}

function* sendMembers(run: Run, reference: ReferencePlan, id: string, link: GroupLink): Exchange<void> {
  const group = run.directoryGroups.get(id);
  if (!group || group.deletedDateTime !== null) return;
  const source = { id, displayName: link.displayName, type: "Group" as const };
  const wanted = new Set(group.members);
  const { patchFlavor } = run.input;
  const known = new Set(link.members);

  for (const memberId of group.members) {
    const targetId = targetOf(run, memberId);
    const key = escrowKey("Reference", id, memberId);
    if (known.has(memberId) && targetId !== undefined && !run.initial && !run.escrows.has(key)) continue;
    if (targetId === undefined) {
      reportUnresolved(run, source, link.targetId, memberId, key);
      continue;
    }
    const request = addMemberRequest(link.targetId, targetId, reference.target, patchFlavor);
    const modified = { displayName: reference.target, oldValue: null, newValue: targetId };
    if (yield* write(run, source, link.targetId, request, memberId, modified)) known.add(memberId);
  }
  for (const memberId of link.members) {
    if (wanted.has(memberId)) continue;
    const targetId = targetOf(run, memberId);
    if (targetId === undefined || isInRecycleBin(run, memberId)) {
      run.escrows.delete(escrowKey("Reference", id, memberId));
      if (targetId === undefined) known.delete(memberId);
    } else {
      const request = removeMemberRequest(link.targetId, targetId, reference.target, patchFlavor);
      const modified = { displayName: reference.target, oldValue: targetId, newValue: null };
      if (yield* write(run, source, link.targetId, request, memberId, modified)) known.delete(memberId);
    }
  }
  link.members = [...known];
}

type ReferenceSource = { id: string; displayName: string; type: "User" | "Group" };

function* write(
  run: Run,
  source: ReferenceSource,
  targetId: string,
  request: ScimRequest,
  referencedId: string,
  modified: ModifiedProperty,
): Exchange<boolean> {
  const response = yield* send(request);
  run.exports++;
  if (!succeeded(response)) {
    const failure = failureOf(
      response,
      `update ${modified.displayName} of ${source.type} '${source.displayName}'`,
    );
    escrow(run, "Reference", source.id, referencedId, failure);
    logReference(run, source, targetId, "failure", failure.code, failure.message, [modified]);
    return false;
  }
  run.referencesExported++;
  run.escrows.delete(escrowKey("Reference", source.id, referencedId));
  logReference(run, source, targetId, "success", null, null, [modified]);
  return true;
}

function reportUnresolved(
  run: Run,
  source: ReferenceSource,
  targetId: string,
  memberId: string,
  key: string,
): void {
  const name = nameOf(run, memberId);
  if (run.escrows.has(escrowKey("User", memberId)) || run.escrows.has(escrowKey("Group", memberId))) {
    const message = `${name} is a member of '${source.displayName}' but could not be provisioned.`;
    escrow(run, "Reference", source.id, memberId, { code: "ReferenceNotResolved", message });
    logReference(run, source, targetId, "failure", "ReferenceNotResolved", message, []);
    return;
  }
  run.escrows.delete(key);
  const message = `${name} is a member of '${source.displayName}' but is not in scope. When that changes, restart provisioning.`;
  logReference(run, source, targetId, "skipped", "ReferenceOutOfScope", message, []);
}

function logReference(
  run: Run,
  source: ReferenceSource,
  targetId: string,
  status: "success" | "failure" | "skipped",
  errorCode: string | null,
  reason: string | null,
  modifiedProperties: ModifiedProperty[],
): void {
  const description =
    reason ?? `Updated ${modifiedProperties.map((property) => property.displayName).join(", ")}.`;
  const steps: LogStep[] = [
    { name: "EntryReferenceResolution", type: "referenceResolution", status, description },
  ];
  log(run, source, { action: "update", status, errorCode, reason, steps, modifiedProperties, targetId });
}

/** A member that is a group is sent when it is provisioned itself; its own members are not expanded. */
function targetOf(run: Run, id: string): string | undefined {
  return run.users.get(id)?.targetId ?? run.groups.get(id)?.targetId;
}

/**
 * A soft-deleted person stays a member in the target, since restoring does not send memberships again (how-provisioning-works.md,
 * "Known limitations").
 */
function isInRecycleBin(run: Run, id: string): boolean {
  const user = run.directoryUsers.get(id);
  return user !== undefined && user.deletedDateTime !== null;
}

function nameOf(run: Run, id: string): string {
  const named = run.directoryUsers.get(id) ?? run.directoryGroups.get(id);
  return named ? `'${named.displayName}'` : id;
}

function referenceIn(current: Resource, reference: ReferencePlan): string | undefined {
  const value = read(current, reference.path);
  const id = isResource(value) ? value.value : value;
  return typeof id === "string" && id !== "" ? id : undefined;
}
