import type { OktaGroup, OktaUser } from "../../directory/okta.ts";
import type { ProvisioningActions, ScimAuthentication, ScimStyle } from "../../provisioning/okta/index.ts";

/** JSON objects that the org keeps and gives back as they came. */
export type Json = Record<string, unknown>;

export interface StoredUser extends OktaUser {
  created: string;
  activated: string | null;
  statusChanged: string | null;
  lastUpdated: string;
  passwordChanged: string | null;
}

export interface StoredGroup extends OktaGroup {
  created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  /** The application whose copy it is, and its id there; for APP_GROUP only. */
  source?: { appId: string; scimId: string | null };
}

export interface StoredApp {
  id: string;
  name: string;
  label: string;
  status: "ACTIVE" | "INACTIVE";
  created: string;
  lastUpdated: string;
  signOnMode: string | null;
  accessibility: Json;
  visibility: Json;
  credentials: Json;
  settings: Json;
  /** Made in the wizard, or by API in its form: no name in the request. */
  custom: boolean;
  scim: ScimSettings | null;
  /** The documented connection of six applications of the Okta Integration Network. */
  connection: Connection | null;
  /** Custom properties of the application user's schema. */
  customProperties: Record<string, Json>;
  accessPolicyId: string | null;
}

/**
 * What a person sets under Provisioning. No public API reads or writes it: only `features` shows of it.
 */
export interface ScimSettings {
  /** "Enable API integration"; off is what a guide calls a pause. */
  enabled: boolean;
  style: ScimStyle;
  baseUrl: string;
  uniqueId: string;
  authentication: ScimAuthentication;
  importGroups: boolean;
  actions: ProvisioningActions;
}

export interface Connection {
  authScheme: "TOKEN" | "OAUTH2";
  status: "ENABLED" | "DISABLED";
  baseUrl: string | null;
  clientId: string | null;
  /** Capabilities of USER_PROVISIONING. */
  capabilities: Json;
}

/** One person and one application. Key: {@link appUserKey}. */
export interface StoredAppUser {
  appId: string;
  userId: string;
  /** Assigned by name, and not only through groups. */
  direct: boolean;
  /** False once unassigned and until the account is deactivated; the API does not show it then. */
  assigned: boolean;
  status: "ACTIVE" | "STAGED" | "PROVISIONED";
  syncState: "DISABLED" | "OUT_OF_SYNC" | "SYNCHRONIZED" | "ERROR";
  assignedBeforeScim: boolean;
  scimId: string | null;
  created: string;
  lastUpdated: string;
  statusChanged: string;
  lastSync: string | null;
  userName: string;
  /** What the assignment itself set, over what the mappings give. */
  assignedProfile: Record<string, string | null>;
  profile: Record<string, string | null>;
  error: string | null;
}

/** Key: {@link appGroupKey}. */
export interface StoredAppGroup {
  appId: string;
  groupId: string;
  priority: number;
  profile: Record<string, string | null>;
  lastUpdated: string;
}

export interface StoredPush {
  id: string;
  appId: string;
  sourceGroupId: string;
  targetGroupId: string;
  status: "ACTIVE" | "INACTIVE" | "ERROR";
  errorSummary: string | null;
  created: string;
  lastUpdated: string;
  /** SCIM ids last sent, with their userNames. */
  sent: { value: string; display: string }[] | null;
}

export interface StoredMapping {
  id: string;
  appId: string;
  direction: "toApp" | "toUser";
  properties: Record<string, { expression: string; pushStatus: "PUSH" | "DONT_PUSH" }>;
}

/** What Okta has still to tell a SCIM server. */
export type Task =
  | { kind: "user"; appId: string; userId: string }
  | { kind: "push"; appId: string; pushId: string }
  | { kind: "deleteGroup"; appId: string; scimId: string; displayName: string };

/** A task in the queue. `notBefore`: epoch milliseconds, after a 429. */
export interface Work {
  task: Task;
  notBefore: number;
  tries: number;
}

export interface LogEvent {
  uuid: string;
  published: string;
  eventType: string;
  severity: "INFO" | "WARN" | "ERROR";
  displayMessage: string;
  outcome: { result: "SUCCESS" | "FAILURE"; reason: string | null };
  target: LogTarget[];
}

export interface LogTarget {
  id: string;
  type: "User" | "AppUser" | "AppInstance" | "UserGroup" | "AppGroup";
  alternateId: string;
  displayName: string;
}

export function appUserKey(appId: string, userId: string): string {
  return `${appId}:${userId}`;
}

export function appGroupKey(appId: string, groupId: string): string {
  return `${appId}:${groupId}`;
}
