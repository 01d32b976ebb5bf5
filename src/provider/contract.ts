/**
 * What the program and the provider say to each other: tokens, inputs, outputs and invokes of the package "rollcall".
 * Shapes are JSON; every secret travels as a Pulumi secret.
 */
import type { AttributeMapping, TargetAttribute } from "../desired/model.ts";

export const TOKEN = {
  appRoleAssignments: "rollcall:entra:AppRoleAssignments",
  provisioningJob: "rollcall:entra:ProvisioningJob",
  resolveEntraPrincipals: "rollcall:entra:resolvePrincipals",
  findRoleOverlaps: "rollcall:entra:findRoleOverlaps",
  findEntraApplications: "rollcall:entra:findApplications",
  appAssignments: "rollcall:okta:AppAssignments",
  groupPushes: "rollcall:okta:GroupPushes",
  scimSettings: "rollcall:okta:ScimSettings",
} as const;

/** Provider configuration. What is absent comes from the environment the azuread and okta providers read (ARM_*, OKTA_*). */
export interface ProviderConfig {
  entra?: { tenantId?: string; clientId?: string; clientSecret?: string; metadataHost?: string };
  okta?: { orgName?: string; baseUrl?: string; apiToken?: string; httpProxy?: string };
}

// ---- entra.AppRoleAssignments: the authoritative set of one service principal ----

export interface AppRoleAssignmentsInputs {
  /** Object id (bare UUID). A change replaces the resource. */
  servicePrincipalId: string;
  /** Role value -> app role id. */
  roles: Record<string, string>;
  /** `group:governance-team Reader` -> principal object id. The key's last word is a key of `roles`. */
  assignments: Record<string, string>;
  exclusive: boolean;
  /** Removing more principals than this in one update is refused, naming them. ROLLCALL_ALLOW_REMOVALS="<application>=<n>" allows it once. */
  maxRemovals: number;
  /** Keys whose id the spec pins; for others an id that changes behind a name is an error. */
  pinned: string[];
  /** The application's key in the spec, for messages. */
  application: string;
}

export interface AppRoleAssignmentsOutputs extends AppRoleAssignmentsInputs {
  /** key -> appRoleAssignment id. */
  assignmentIds: Record<string, string>;
  /** key without role -> principal id seen when it was first granted; survives a refresh. */
  knownPrincipals: Record<string, string>;
}

// ---- entra.ProvisioningJob: credentials, scope, mappings and state of one synchronization job ----

export interface ProvisioningJobInputs {
  /** Object id (bare UUID). A change replaces the resource. */
  servicePrincipalId: string;
  /** Synchronization template, "scim". A change replaces the resource. */
  templateId: string;
  /** Tenant URL, sent as the secret BaseAddress. A change restarts the job in full. */
  baseAddress: string;
  /** Always a Pulumi secret. */
  secretToken: string;
  scope: "assigned" | "all";
  notifications: { recipient?: string; deleteThreshold?: number };
  status: "running" | "paused";
  mappings: JobMappings;
  onDelete: "reset" | "leave";
  application: string;
}

export interface JobMappings {
  base: "template" | "exact";
  /**
   * Target attribute -> mapping. A refresh adds what deviates from base + declared: an undeclared or altered mapping as it
   * is, and a missing one as {@link REMOVED_BY_HAND}; so a deviation reads as one line of a diff.
   */
  user: Record<string, AttributeMapping | typeof REMOVED_BY_HAND>;
  group: Record<string, AttributeMapping | typeof REMOVED_BY_HAND>;
  targetAttributes: TargetAttribute[];
}

export const REMOVED_BY_HAND = "removed by hand";

export interface ProvisioningJobOutputs extends ProvisioningJobInputs {
  jobId: string;
  /** status.code of the job: NotConfigured | NotRun | Active | Paused | Quarantine. */
  statusCode: string;
  /** In words, when the job is quarantined. */
  quarantine?: string;
}

// ---- invokes ----

export interface ResolveEntraPrincipalsArgs {
  principals: { kind: "user" | "group"; name: string; id?: string }[];
}

export interface ResolveEntraPrincipalsResult {
  /** In the order asked. */
  principals: ResolvedPrincipal[];
}

export interface ResolvedPrincipal {
  kind: "user" | "group";
  name: string;
  /** Empty unless `problem` is absent. */
  id: string;
  displayName: string;
  /** "disabled" still resolves. */
  problem?: "missing" | "ambiguous" | "disabled";
  /** Exact name-sakes when ambiguous; the nearest names when missing. */
  candidates: { id: string; name: string; description?: string }[];
}

export interface FindRoleOverlapsArgs {
  assignments: { key: string; kind: "user" | "group"; id: string; role: string }[];
}

export interface FindRoleOverlapsResult {
  /** People whom assignments give more than one role. */
  people: { userPrincipalName: string; via: { key: string; role: string }[] }[];
  /** Groups inside an assigned group; Entra does not expand them. */
  nested: { key: string; groups: string[] }[];
}

export interface FindEntraApplicationsArgs {
  displayNames: string[];
}

export interface FindEntraApplicationsResult {
  applications: {
    displayName: string;
    applicationObjectId: string;
    servicePrincipalObjectId: string;
    appId: string;
    applicationTemplateId: string | null;
  }[];
}
