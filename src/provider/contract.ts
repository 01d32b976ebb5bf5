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
  declaredApplications: "rollcall:index:DeclaredApplications",
  resolveOktaPrincipals: "rollcall:okta:resolvePrincipals",
  findOktaGroups: "rollcall:okta:findGroups",
  findOktaApplications: "rollcall:okta:findApplications",
  findPushProblems: "rollcall:okta:findPushProblems",
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
  /** Keys that were declared when the set was last written or imported; survives a refresh. */
  declared: string[];
  /** As in {@link AppAssignmentsOutputs}. */
  owed: Record<string, string>;
  /** Keys of `owed` for which nobody was counted, since the principal was to have another role. */
  uncounted: string[];
  /** key -> appRoleAssignment id. */
  assignmentIds: Record<string, string>;
  /** key without role -> principal id seen when it was first granted, by whomever; survives a refresh. */
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
  /** As in {@link AppRoleAssignmentsInputs}, for a scope that the spec narrows from everybody to those who are assigned. */
  maxRemovals: number;
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
  /**
   * Never declared: what a refresh found changed by hand around the attribute mappings, `user.enabled` -> "false",
   * `group.flowTypes` -> "Add,Update", `user.scope` -> the filter as JSON. An update sets them back to the template's.
   */
  objects?: Record<string, string>;
  /**
   * Never declared: all user mappings of a job that was imported, before it is known whether the spec lists them all (`exact`)
   * or names what it adds to the template. Gone with the first `up`.
   */
  imported?: Record<string, AttributeMapping>;
}

export const REMOVED_BY_HAND = "removed by hand";

/** Stands for a secret that Entra keeps masked, when it no longer works but the one in the state does. */
export const CHANGED_BY_HAND = "changed by hand in the tenant";

export interface ProvisioningJobOutputs extends ProvisioningJobInputs {
  jobId: string;
  /** status.code of the job: NotConfigured | NotRun | Active | Paused | Quarantine. */
  statusCode: string;
  /** In words, when the job is quarantined. */
  quarantine?: string;
  /**
   * The endpoint and scope that the job's cycles have run with: what its store of ids and watermarks belongs to. Empty where
   * another was seen in between, so that a restart is owed. A new endpoint restarts the job in full.
   */
  cycled: { endpoint: string; scope: string };
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

// ---- okta.AppAssignments: the authoritative set of groups and users of one application ----

export interface AppAssignmentsInputs {
  /** A change replaces the resource. */
  appId: string;
  /** `group:datahub-users` or `user:sid@acme.com` -> id. People who are in through a group are not listed. */
  assignments: Record<string, string>;
  exclusive: boolean;
  /** As in {@link AppRoleAssignmentsInputs}. */
  maxRemovals: number;
  /** Keys whose id the spec pins. */
  pinned: string[];
  /**
   * What Okta tells the product of who comes and goes. on: everything. paused: nothing, and it makes up for none of it later.
   * none: the application is for signing on only.
   */
  provisioning: "on" | "paused" | "none";
  application: string;
}

export interface AppAssignmentsOutputs extends AppAssignmentsInputs {
  /** Keys that were declared when the set was last written or imported; survives a refresh. */
  declared: string[];
  /** key -> id of those who were to be taken out and still are in: that was refused, or something before it failed. */
  owed: Record<string, string>;
  /** key -> id seen when it was first assigned, by whomever; survives a refresh. */
  knownPrincipals: Record<string, string>;
  /** Logins that were assigned while SCIM was off: somebody has to press "Provision User" for each. */
  notProvisioned: string[];
}

// ---- okta.GroupPushes: the authoritative set of pushed groups of one application ----

export interface GroupPushesInputs {
  /** A change replaces the resource. */
  appId: string;
  /** Source group id -> push, so that a renamed group stays the same push. */
  pushes: Record<string, GroupPush>;
  /** Prefixes the spec pushes by. A group that was pushed by one of them and was renamed stays pushed, with a warning. */
  prefixes: string[];
  exclusive: boolean;
  /** Source group ids that the spec gives; for other pushes by name, an id that changes behind the name is an error. */
  pinned: string[];
  application: string;
}

export interface GroupPush {
  /** The source group's name, which is also the pushed group's. */
  name: string;
  /** The prefix it was found by; absent when the spec names the group. */
  prefix?: string;
  /** Declared ACTIVE; a refresh shows what is. */
  status: "ACTIVE" | "INACTIVE" | "ERROR";
  /** Whether the group in the product is deleted when the push is removed. */
  deleteTargetGroup: boolean;
}

export interface GroupPushesOutputs extends GroupPushesInputs {
  /** Source group id -> mapping id. */
  mappingIds: Record<string, string>;
  /** Source group id -> prefix it was found by, kept when the group was renamed and no longer begins so. */
  prefixOf: Record<string, string>;
  /** Name of a group that is pushed by name -> id seen when it was first pushed, by whomever; survives a refresh. */
  knownGroups: Record<string, string>;
  /** Source group ids that were declared when the set was last written or imported; survives a refresh. */
  declared: string[];
  /** Pushes that were to end and did not, because something before them failed. */
  owed: Record<string, GroupPush>;
}

// ---- okta.ScimSettings: the step that only a person can do. It reads and never writes. ----

export interface ScimSettingsInputs {
  /** A change replaces the resource. */
  appId: string;
  application: string;
  /**
   * pending: what is missing is an output and nothing is an error. enabled: a switch that is not as given is an error of
   * create and update, and drift. paused: SCIM is expected to be off.
   */
  scim: "pending" | "enabled" | "paused";
  /** What the person is told to switch; one that is absent may stand either way. `scim: paused` expects no provisioning and looks at no other. */
  switches: ScimSwitches;
  /** The application's label and whether its icon is hidden, drift when they differ; reported and not repaired, since a PUT may wipe SCIM. */
  label?: string;
  hidden?: boolean;
  /** The label that the spec knows an existing application by; absent where rollcall made it, or the spec gives its id. */
  foundBy?: string;
  /** More that is reported and not repaired. */
  settings?: { userNameTemplate?: string; ssoUrl?: string; audience?: string };
}

/** The application's own status, Okta's "Enable SCIM provisioning", and the switches of its "To App" tab and of group push. */
export type ScimSwitch =
  | "active"
  | "provisioning"
  | "createUsers"
  | "updateUserAttributes"
  | "deactivateUsers"
  | "syncPassword"
  | "pushGroups";

export type ScimSwitches = Partial<Record<ScimSwitch, boolean>>;

export interface ScimSettingsOutputs extends ScimSettingsInputs {
  /** ACTIVE, or INACTIVE when somebody deactivated the application. */
  status: string;
  /** As Okta lists them: PUSH_NEW_USERS, GROUP_PUSH, … */
  features: string[];
  /** Switches that are not as declared. */
  missing: ScimSwitch[];
  /** The page of Okta's console where they are. */
  setupUrl: string;
}

// ---- invokes for Okta ----

/** Exact logins and group names; `disabled` is a user who is not ACTIVE. Same shapes as for Entra. */
export type ResolveOktaPrincipalsArgs = ResolveEntraPrincipalsArgs;
export type ResolveOktaPrincipalsResult = ResolveEntraPrincipalsResult;

export interface FindOktaGroupsArgs {
  /** Case-sensitive beginnings of names of groups of type OKTA_GROUP. */
  prefixes: string[];
}

export interface FindOktaGroupsResult {
  /** One entry for each prefix, in the order asked; groups sorted by name. */
  matches: { prefix: string; groups: { id: string; name: string }[] }[];
}

export interface FindOktaApplicationsArgs {
  labels: string[];
  ids: string[];
}

export interface FindOktaApplicationsResult {
  /** All whose label is exactly one of `labels` or whose id is one of `ids`. */
  applications: {
    id: string;
    label: string;
    /** Okta's key of the application's kind; generated for one made in the wizard. */
    name: string;
    status: string;
    signOnMode: string;
    features: string[];
  }[];
}

export interface FindPushProblemsArgs {
  assignments: { key: string; kind: "user" | "group"; id: string }[];
  pushes: { id: string; name: string }[];
}

export interface FindPushProblemsResult {
  /** Pushed groups of which no member is assigned: they would arrive empty. `members` counts all of the group's. */
  withoutMembers: { id: string; name: string; members: number }[];
  /** Names of groups that are both assigned and pushed, which Okta advises against. */
  alsoAssigned: string[];
}

// ---- DeclaredApplications: which applications the spec declares, one for each stack ----

export interface DeclaredApplicationsInputs {
  /**
   * An application's key in the spec -> who is in, as the spec names them, and how many one run may take out. By the name in the
   * tenant, displayName or label, an application is recognised under another key, and found when it leaves the spec, since
   * others may have been assigned by then.
   */
  applications: Record<string, DeclaredApplication>;
}

export interface DeclaredApplication {
  idp: string;
  principals: string[];
  maxRemovals: number;
  displayName?: string;
  /** Of Okta, what carries SCIM: another carrier is another application, though it has the same key. */
  carrier?: "swa" | "saml" | "existing";
  /** Of a carrier that exists already, the application's id in Okta. */
  appId?: string;
  /** Whether everybody who is not declared is taken out. */
  exclusive?: boolean;
  /** Of Okta, the label of the application for signing in by OIDC, where there is one. */
  signOn?: string;
}
