import type { SynchronizationSchema } from "../../clients/graph/synchronization-schema.ts";
import type { EntraGroup, EntraUser } from "../../directory/entra.ts";
import type { Collection, Store } from "../store.ts";

/** A user with what the directory model leaves out. */
export interface UserDocument extends EntraUser {
  /** Further properties that somebody has set through Graph. */
  more?: Record<string, unknown>;
}

/** A group with what the directory model leaves out. */
export interface GroupDocument extends EntraGroup {
  owners: string[];
}

export interface AppRoleDocument {
  id: string;
  allowedMemberTypes: string[];
  description: string | null;
  displayName: string;
  isEnabled: boolean;
  origin: "Application" | "ServicePrincipal";
  value: string | null;
}

export interface ApplicationDocument {
  id: string;
  appId: string;
  applicationTemplateId: string | null;
  displayName: string;
  appRoles: AppRoleDocument[];
  [property: string]: unknown;
}

export interface ServicePrincipalDocument {
  id: string;
  appId: string;
  applicationTemplateId: string | null;
  displayName: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  servicePrincipalType: string;
  appRoles: AppRoleDocument[];
  tags: string[];
  [property: string]: unknown;
}

export interface AssignmentDocument {
  id: string;
  appRoleId: string;
  createdDateTime: string;
  principalDisplayName: string;
  principalId: string;
  principalType: "User" | "Group" | "ServicePrincipal";
  resourceDisplayName: string;
  resourceId: string;
}

/** One key of `synchronization/secrets`, in clear. */
export interface SecretDocument {
  key: string;
  value: string;
}

export interface JobDocument {
  id: string;
  servicePrincipalId: string;
  /** Whether the next cycle may delete more than the threshold: set by a restart with ForceDeletes. */
  allowDeletes: boolean;
  templateId: string;
  schedule: { expiration: string | null; interval: string; state: "Active" | "Disabled" | "Paused" };
  status: JobStatus;
  synchronizationJobSettings: { name: string; value: string }[];
}

export interface JobStatus {
  code: "NotConfigured" | "NotRun" | "Active" | "Paused" | "Quarantine";
  countSuccessiveCompleteFailures: number;
  escrowsPruned: boolean;
  lastExecution: Record<string, unknown> | null;
  lastSuccessfulExecution: Record<string, unknown> | null;
  lastSuccessfulExecutionWithExports: Record<string, unknown> | null;
  quarantine: Record<string, unknown> | null;
  steadyStateFirstAchievedTime: string;
  steadyStateLastAchievedTime: string;
  troubleshootingUrl: string | null;
  progress: Record<string, unknown>[];
  synchronizedEntryCountByType: { key: string; value: number }[];
}

/** What the tenant holds. Everything that must outlive a restart is here. */
export interface TenantDocuments {
  users: Collection<UserDocument>;
  groups: Collection<GroupDocument>;
  applications: Collection<ApplicationDocument>;
  servicePrincipals: Collection<ServicePrincipalDocument>;
  /** Object id of an application or service principal -> object ids of its owners. */
  owners: Collection<string[]>;
  /** By assignment id, of all service principals. */
  assignments: Collection<AssignmentDocument>;
  /** By service principal. */
  secrets: Collection<SecretDocument[]>;
  jobs: Collection<JobDocument>;
  /** By job. */
  schemas: Collection<SynchronizationSchema>;
  /** What the provisioning service remembers between cycles, by job. */
  memories: Collection<unknown>;
  /** Entries of the provisioning log, by id. */
  logs: Collection<Record<string, unknown> & { id: string }>;
  /** Single values: the tenant's id, the key of its access tokens. */
  settings: Collection<string>;
}

export function tenantDocuments(store: Store): TenantDocuments {
  return {
    users: store.collection("users"),
    groups: store.collection("groups"),
    applications: store.collection("applications"),
    servicePrincipals: store.collection("servicePrincipals"),
    owners: store.collection("owners"),
    assignments: store.collection("assignments"),
    secrets: store.collection("secrets"),
    jobs: store.collection("jobs"),
    schemas: store.collection("schemas"),
    memories: store.collection("memories"),
    logs: store.collection("logs"),
    settings: store.collection("settings"),
  };
}
