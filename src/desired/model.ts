import type { Mappings } from "../products/product.ts";
import type { SourcePosition } from "../yaml/source.ts";

export type { AttributeMapping, TargetAttribute } from "../products/product.ts";
export type { SourcePosition } from "../yaml/source.ts";

export interface DesiredState {
  environment: string;
  applications: DesiredApplication[];
}

export type DesiredApplication = DesiredEntraApplication | DesiredOktaApplication;

interface DesiredApplicationBase {
  /** The application's key in the spec; also the prefix of every Pulumi resource name. */
  name: string;
  /** A key of the product registry. */
  product: string;
  /** The SCIM base URL, without a trailing slash: `https://acme.acryl.io/gms/openapi/scim/v2`. */
  scimUrl: string;
  token: {
    /** Name of the stack secret; a spec never holds the token. */
    secret: string;
    /** ISO date after which the token is dead, when the spec names it. */
    expires?: string;
  };
  /** Remove what is not declared. */
  exclusive: boolean;
  /** How many principals one `up` may take out. */
  maxRemovals: number;
  protect: boolean;
  /** What the product makes of groups, for its own configuration. Data Mesh Manager only; empty elsewhere. */
  scimGroupMappings: ScimGroupMapping[];
  at: SourcePosition;
}

export interface DesiredEntraApplication extends DesiredApplicationBase {
  idp: "entra";
  displayName: string;
  /** Entra's "Tenant URL" (the secret BaseAddress): `scimUrl`, with `?aadOptscim062020` where the product needs it. */
  tenantUrl: string;
  scope: "assigned" | "all";
  /** App roles that rollcall adds to the application, ids stable for ever. Empty when the template's own role is used. */
  roles: AppRole[];
  assignments: EntraAssignment[];
  mappings: DesiredMappings;
  provisioning: {
    status: "running" | "paused";
    /** E-mail address for failure notices; none when undefined. */
    notify?: string;
    /** Deletions in one cycle above which Entra quarantines the job; off when undefined. */
    accidentalDeletionThreshold?: number;
    /** What deleting the job does with its schema. */
    onDelete: "reset" | "leave";
  };
}

export interface AppRole {
  id: string;
  displayName: string;
  value: string;
  description: string;
  allowedMemberTypes: ("User" | "Application")[];
}

export interface EntraAssignment {
  kind: "user" | "group";
  /** A group's displayName, or a user's userPrincipalName. */
  name: string;
  /** Object id, when the spec pins it. */
  id?: string;
  /** The role's `value`; the template's own "User" role when undefined. */
  role?: string;
  at: SourcePosition;
}

export type DesiredMappings = Mappings;

export type ScimGroupMapping =
  | { scimGroup: string; type: "organizationOwner" }
  | { scimGroup: string; type: "teamMemberRole"; teamId: string; teamMemberRole: string };

export interface DesiredOktaApplication extends DesiredApplicationBase {
  idp: "okta";
  label: string;
  /** Which Okta application carries SCIM. */
  carrier:
    | { kind: "swa" }
    | { kind: "saml"; ssoUrl: string; audience: string }
    | { kind: "existing"; id?: string; label?: string };
  /** A second application people sign in through, when the spec asks for one. */
  oidc?: { label: string; redirectUris: string[] };
  scim: "pending" | "enabled" | "paused";
  assignments: OktaAssignment[];
  pushGroups: OktaPush[];
  /** Profile mappings user -> application that rollcall keeps; keys are app-user schema properties. */
  profileMappings: Record<string, { expression: string; push: boolean }>;
  userNameTemplate: string;
}

export interface OktaAssignment {
  kind: "user" | "group";
  /** A group's name, or a user's login. */
  name: string;
  id?: string;
  at: SourcePosition;
}

export type OktaPush = { at: SourcePosition; deleteTargetGroup: boolean } & (
  | { by: "name"; name: string; id?: string }
  | { by: "prefix"; startsWith: string }
);

/** What must be in the product once provisioning has settled; compared with what is there. */
export interface ExpectedArrivals {
  users: ExpectedUser[];
  groups: string[];
  /** A group inside a group has `group:NAME` for its userName. */
  memberships: { group: string; userName: string }[];
  /** One entry for each person and role. Empty where roles do not travel. */
  roles: { userName: string; role: string }[];
}

export interface ExpectedUser {
  userName: string;
  displayName: string;
  active: boolean;
  /** Why: the assignments through which this person is in. */
  via: string[];
}
