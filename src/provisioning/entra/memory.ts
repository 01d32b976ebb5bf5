import type { SourceType } from "./source-attributes.ts";

/** What the service keeps between cycles of one job; a JSON document. Its parts are those that a restart can clear one by one. */
export interface ConnectorMemory {
  /** Null before the first complete cycle: the next one is an initial cycle, which evaluates everything again. */
  watermark: Watermark | null;
  /** What failed and is tried again in the next cycle, by {@link escrowKey}. */
  escrows: Record<string, Escrow>;
  /** Source object id -> its object in the target system. */
  connectorData: { users: Record<string, UserLink>; groups: Record<string, GroupLink> };
}

export interface Watermark {
  /** When the cycle began that wrote it. */
  time: string;
  /** {@link objectKey} -> fingerprint of what was evaluated; an object whose fingerprint is the same is not touched. */
  seen: Record<string, string>;
}

export interface UserLink {
  targetId: string;
  displayName: string;
  /** Whether the account was last left enabled. */
  enabled: boolean;
  /** False after unassignment: the service does not manage the person any more and sends no DELETE later. */
  managed: boolean;
  /** Target attribute -> object id of the person last sent, such as the manager. */
  references: Record<string, string>;
}

export interface GroupLink {
  targetId: string;
  displayName: string;
  /** Object ids of the members last sent. */
  members: string[];
}

export interface Escrow {
  /** "Reference": a manager or a membership; the others count towards quarantine differently. */
  kind: SourceType | "Reference";
  objectId: string;
  /** For a reference: the member's object id, or the target attribute; else empty. */
  referencedId: string;
  since: string;
  attempts: number;
  code: string;
  message: string;
}

export function emptyMemory(): ConnectorMemory {
  return { watermark: null, escrows: {}, connectorData: { users: {}, groups: {} } };
}

/**
 * The memory after `restart` with Graph's comma list `resetScope`. `Full` is every part; `QuarantineState` and `ForceDeletes`
 * concern the job, not this document. An empty list, the portal's "Restart provisioning", clears what Microsoft says of it:
 * watermark and escrows, while the links between source and target stay.
 */
export function restarted(memory: ConnectorMemory, resetScope: string): ConnectorMemory {
  const named = resetScope
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
  const scopes = new Set(named.length === 0 ? ["Watermark", "Escrows"] : named);
  const clears = (part: string) => scopes.has(part) || scopes.has("Full");
  const empty = emptyMemory();
  return {
    watermark: clears("Watermark") ? empty.watermark : memory.watermark,
    escrows: clears("Escrows") ? empty.escrows : memory.escrows,
    connectorData: clears("ConnectorDataStore") ? empty.connectorData : memory.connectorData,
  };
}

export function objectKey(type: SourceType, id: string): string {
  return `${type}/${id}`;
}

export function escrowKey(kind: Escrow["kind"], objectId: string, referencedId = ""): string {
  return [kind, objectId, referencedId].join("/");
}
