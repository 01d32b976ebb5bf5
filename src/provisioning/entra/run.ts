import { createHash } from "node:crypto";
import type { EntraGroup, EntraUser } from "../../directory/entra.ts";
import type { Access } from "./access.ts";
import { resolveAccess } from "./access.ts";
import type { Failure } from "./failure.ts";
import type { EntraCycleInput } from "./input.ts";
import {
  type ConnectorMemory,
  type Escrow,
  escrowKey,
  type GroupLink,
  objectKey,
  type UserLink,
} from "./memory.ts";
import { type ObjectPlan, planObject } from "./plan.ts";
import type { LogEntry } from "./report.ts";
import type { Resource } from "./resource.ts";
import type { SourceType } from "./source-attributes.ts";
import type { Outcome, SourceObject } from "./synchronize.ts";

/** The state of one cycle while it runs. Starts as a copy of the memory; the input is never changed. */
export interface Run {
  input: EntraCycleInput;
  access: Access;
  userPlan: ObjectPlan | null;
  groupPlan: ObjectPlan | null;
  initial: boolean;
  users: Map<string, UserLink>;
  groups: Map<string, GroupLink>;
  escrows: Map<string, Escrow>;
  seen: Map<string, string>;
  /** Target id -> source object id. */
  owners: Map<string, string>;
  directoryUsers: Map<string, EntraUser>;
  directoryGroups: Map<string, EntraGroup>;
  /** Users and groups worked on in this cycle -> the target's copy, as far as known. */
  touched: Map<string, Resource | undefined>;
  /** Deletions are held back: more than the threshold. */
  staging: boolean;
  staged: number;
  entries: LogEntry[];
  created: number;
  imported: number;
  deltas: number;
  entitled: number;
  entitledForProvisioning: number;
  exported: number;
  exports: number;
  referencesExported: number;
  succeeded: number;
}

export function startRun(input: EntraCycleInput): Run {
  const { watermark, escrows, connectorData } = structuredClone(input.memory);
  const users = new Map(Object.entries(connectorData.users));
  const groups = new Map(Object.entries(connectorData.groups));
  const owners = new Map<string, string>();
  for (const [id, link] of [...users, ...groups]) owners.set(link.targetId, id);
  return {
    input,
    access: resolveAccess(input),
    userPlan: planObject(input.schema, "User"),
    groupPlan: planObject(input.schema, "Group"),
    initial: watermark === null,
    users,
    groups,
    escrows: new Map(Object.entries(escrows)),
    seen: new Map(Object.entries(watermark?.seen ?? {})),
    owners,
    directoryUsers: new Map(input.directory.users.map((user) => [user.id, user])),
    directoryGroups: new Map(input.directory.groups.map((group) => [group.id, group])),
    touched: new Map(),
    staging: false,
    staged: 0,
    entries: [],
    created: 0,
    imported: 0,
    deltas: 0,
    entitled: 0,
    entitledForProvisioning: 0,
    exported: 0,
    exports: 0,
    referencesExported: 0,
    succeeded: 0,
  };
}

/** The memory as the run leaves it. A cycle that was cut short keeps the old watermark's time, so an initial one starts over. */
export function memoryOf(run: Run, complete: boolean): ConnectorMemory {
  const seen = Object.fromEntries(run.seen);
  const before = run.input.memory.watermark;
  return {
    watermark: complete ? { time: run.input.now, seen } : before && { time: before.time, seen },
    escrows: Object.fromEntries(run.escrows),
    connectorData: { users: Object.fromEntries(run.users), groups: Object.fromEntries(run.groups) },
  };
}

/** Whether an object must be worked on: it changed since the watermark, failed before, or the cycle is an initial one. */
export function isDue(run: Run, type: SourceType, id: string, fingerprint: string): boolean {
  run.imported++;
  const due = run.seen.get(objectKey(type, id)) !== fingerprint || run.escrows.has(escrowKey(type, id));
  if (due) run.deltas++;
  return due;
}

export function fingerprint(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/** Writes an outcome into the logs, the counts and the escrows. */
export function record(run: Run, source: SourceObject, outcome: Outcome): void {
  run.exports += outcome.writes;
  if (outcome.status === "success") run.exported++;
  if (outcome.status === "success" && outcome.action === "create" && source.type === "User") run.created++;
  if (outcome.status === "failure") {
    escrow(run, source.type, source.id, "", {
      code: outcome.errorCode ?? "InternalError",
      message: outcome.reason ?? "",
    });
  } else {
    run.succeeded++;
    run.escrows.delete(escrowKey(source.type, source.id));
  }
  run.touched.set(source.id, outcome.resource);
  log(run, source, outcome);
}

export function log(
  run: Run,
  source: { id: string; displayName: string; type: SourceType },
  entry: Pick<
    Outcome,
    "action" | "status" | "errorCode" | "reason" | "steps" | "modifiedProperties" | "targetId"
  >,
): void {
  const { action, status, errorCode, reason, steps, modifiedProperties } = entry;
  const { id, displayName, type } = source;
  run.entries.push({
    sourceIdentity: { id, displayName, identityType: type },
    targetIdentity: {
      id: entry.targetId ?? "",
      displayName: entry.targetId ? displayName : "",
      identityType: type,
    },
    action,
    status,
    errorCode,
    reason,
    steps,
    modifiedProperties,
  });
}

export function escrow(
  run: Run,
  kind: Escrow["kind"],
  objectId: string,
  referencedId: string,
  failure: Failure,
): void {
  const key = escrowKey(kind, objectId, referencedId);
  const before = run.escrows.get(key);
  run.escrows.set(key, {
    kind,
    objectId,
    referencedId,
    since: before?.since ?? run.input.now,
    attempts: (before?.attempts ?? 0) + 1,
    code: failure.code,
    message: failure.message,
  });
}

/** Forgets what an object that is gone left behind. */
export function forget(run: Run, type: SourceType, id: string): void {
  run.seen.delete(objectKey(type, id));
  for (const [key, entry] of run.escrows) if (entry.objectId === id) run.escrows.delete(key);
}

/**
 * Forgets objects that are neither in scope nor provisioned any more: what failed for them is no longer tried, and should they
 * come back they count as changed.
 */
export function forgetOthers(run: Run, type: SourceType, considered: Iterable<string>): void {
  const kept = new Set([...considered, ...(type === "User" ? run.users : run.groups).keys()]);
  const keptKeys = new Set([...kept].map((id) => objectKey(type, id)));
  for (const key of run.seen.keys())
    if (key.startsWith(`${type}/`) && !keptKeys.has(key)) run.seen.delete(key);
  for (const [key, entry] of run.escrows) {
    if (entry.kind === type && !kept.has(entry.objectId)) run.escrows.delete(key);
  }
}
