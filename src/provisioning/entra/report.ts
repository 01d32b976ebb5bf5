import type { ConnectorMemory } from "./memory.ts";
import type { SourceType } from "./source-attributes.ts";

/** One entry of the provisioning logs (Graph's provisioningObjectSummary), without what only the tenant knows: ids and times. */
export interface LogEntry {
  sourceIdentity: { id: string; displayName: string; identityType: SourceType };
  targetIdentity: { id: string; displayName: string; identityType: SourceType };
  action: LogAction;
  status: "success" | "failure" | "skipped";
  /** For failures and skips: EntryConflict, NotEffectivelyEntitled, RedundantExport, … */
  errorCode: string | null;
  reason: string | null;
  steps: LogStep[];
  modifiedProperties: ModifiedProperty[];
}

export type LogAction = "create" | "update" | "disable" | "delete" | "stagedDelete" | "other";

export interface LogStep {
  name: string;
  type: "import" | "scoping" | "matching" | "export" | "referenceResolution";
  status: "success" | "failure" | "skipped" | "warning";
  description: string;
}

export interface ModifiedProperty {
  displayName: string;
  oldValue: string | null;
  newValue: string | null;
}

/** As in a job's `status.lastExecution`. */
export interface CycleCounts {
  /** In scope by assignment and filter. */
  countEntitled: number;
  /** Of those, the ones that may be provisioned (not disabled, not soft-deleted). */
  countEntitledForProvisioning: number;
  /** Users and groups waiting to be tried again. */
  countEscrowed: number;
  /** With references. */
  countEscrowedRaw: number;
  /** Users and groups written without error. */
  countExported: number;
  /** Write requests sent. */
  countExports: number;
  /** Users and groups read from the directory. */
  countImported: number;
  /** Of those, the ones that changed since the last cycle. */
  countImportedDeltas: number;
  /** References sent. */
  countImportedReferenceDeltas: number;
}

export interface Quarantine {
  reason:
    | "EncounteredQuarantineException"
    | "EncounteredBaseEscrowThreshold"
    | "EncounteredEscrowProportionThreshold"
    | "EncounteredTotalEscrowThreshold"
    | "TooManyDeletes";
  error: { code: string; message: string };
}

export interface CycleReport {
  kind: "initial" | "incremental";
  state: "Succeeded" | "Failed" | "EntryLevelErrors";
  entries: LogEntry[];
  counts: CycleCounts;
  /** As in a job's status: `{"key": "User to urn:…:User", "value": 2}`. */
  synchronizedEntryCountByType: { key: string; value: number }[];
  quarantine: Quarantine | null;
  /** What a person should know beyond single entries, in sentences. */
  notes: string[];
  memory: ConnectorMemory;
}

export interface OnDemandReport {
  results: OnDemandResult[];
  notes: string[];
  memory: ConnectorMemory;
}

/** What Graph's provisionOnDemand puts into `key` and `value`. */
export interface OnDemandResult {
  objectId: string;
  result: "Success" | "Failure" | "Skipped";
  details: { errorCode: string; errorMessage: string } | null;
  action: LogAction;
  provisioningSteps: LogStep[];
  modifiedProperties: ModifiedProperty[];
  targetId: string | null;
}

export interface ConnectionReport {
  ok: boolean;
  /** Empty when `ok`. */
  errors: { code: string; message: string }[];
}
