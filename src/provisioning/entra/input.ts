import type { SynchronizationSchema } from "../../clients/graph/synchronization-schema.ts";
import type { EntraDirectory } from "../../directory/entra.ts";
import type { ConnectorMemory } from "./memory.ts";
import type { SourceType } from "./source-attributes.ts";

/** What one provisioning job reads before it acts. All of it is data: the cycle has no clock, no chance and no network. */
export interface EntraCycleInput {
  /** With soft-deleted objects (`deletedDateTime` set); what is permanently deleted is absent. */
  directory: EntraDirectory;
  /** The application's appRoleAssignedTo. */
  assignments: AppRoleAssignment[];
  appRoles: { id: string; displayName: string; value: string | null }[];
  /** The one stored in the tenant, so that a wrong mapping shows. */
  schema: SynchronizationSchema;
  /** The secret SyncAll: everybody instead of those assigned. */
  syncAll: boolean;
  memory: ConnectorMemory;
  patchFlavor: PatchFlavor;
  /** More deletions and deactivations than this in one cycle are held back and quarantine the job. */
  deleteThreshold?: number;
  /** The restart scope ForceDeletes, the portal's "Allow deletes": the threshold does not hold this cycle. */
  allowDeletes?: boolean;
  /** ISO 8601, UTC. */
  now: string;
}

export interface AppRoleAssignment {
  principalId: string;
  principalType: "User" | "Group";
  appRoleId: string;
}

/**
 * How a job writes PATCH. `default`: capitalised operations, booleans as strings, a path in each operation, members removed by
 * a value list. `aadOptscim062020`, named after the flag in the tenant URL: as RFC 7644 has it.
 */
export type PatchFlavor = "default" | "aadOptscim062020";

/** One target of provisionOnDemand, as Graph's request names it. */
export interface OnDemandSubject {
  objectId: string;
  objectTypeName: SourceType;
  /** For a group: at most five of its members. */
  links?: { members: { objectId: string; objectTypeName: SourceType }[] };
}
