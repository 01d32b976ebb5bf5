/** What the synchronization schema's attribute mappings must be. */
export interface Mappings {
  /** "template": the template's default mappings plus these; "exact": these and no others. */
  base: "template" | "exact";
  user: Record<string, AttributeMapping>;
  /** Exact replacement is for users only where a guide says so; groups keep the template's unless given here. */
  group?: Record<string, AttributeMapping>;
  /** Target attributes to be defined in the schema when they are missing from it, beyond those the mappings name. */
  targetAttributes: TargetAttribute[];
}

/** One mapping of the synchronization schema; its key is the target attribute. */
export interface AttributeMapping {
  /** Entra expression: `[mail]`, `"constant"` or a function call, in canonical spelling. */
  expression: string;
  /** 0: not matched on; 1, 2, …: order of the matching attributes. */
  matchingPriority: number;
  apply: "always" | "onCreate";
  defaultValue?: string;
}

export interface TargetAttribute {
  name: string;
  type: "String" | "Integer" | "Boolean" | "DateTime" | "Reference" | "Binary";
}

/** A role that the product knows, made as an app role of the Entra application with displayName = value. */
export interface ProductRole {
  value: string;
  description: string;
  /** Whoever holds it can change other people's access; rules about Admin look here. */
  privileged: boolean;
}

export type OktaCarrier = "swa" | "saml" | "existing";

/** Everything rollcall knows about one target. A new product is a new file of this shape and a line in the registry. */
export interface Product {
  key: string;
  title: string;
  endpoint: {
    /** Appended to the endpoint of the spec; empty where the endpoint is the whole SCIM base URL. */
    scimPath: string;
    /** What to write as `endpoint`, for messages: "the URL people open DataHub at". */
    hint: string;
    example: string;
  };
  token: {
    /** What the product calls it. */
    name: string;
    /** Where a person gets it. */
    from: string;
  };
  entra: {
    /** Whether the Tenant URL carries Entra's flag for RFC-conformant PATCH bodies; "never": the product breaks with it. */
    aadOptscim062020: "never" | "off by default" | "on by default";
    mappings: Mappings;
    /** Empty: people are assigned with the template's own User role. */
    roles: ProductRole[];
    /** Attributes that the spec may choose as the source of userName, the default first. */
    userNameFrom: ("userPrincipalName" | "mail")[];
  };
  okta: {
    /** "undocumented": the vendor gives no steps for Okta; allowed, with a warning. */
    guide: "documented" | "undocumented";
    carriers: OktaCarrier[];
    /** User -> application; keys are app-user schema properties. userName is set by the sign-on template instead. */
    profileMappings: Record<string, { expression: string; push: boolean }>;
  };
  /** The spec gives mappings, roles and target attributes itself. */
  open: boolean;
  /** Groups become owners and team roles through the product's own scimGroupMappings. */
  scimGroupMappings: boolean;
  /** Its guide asks that externalId equal the subject of the token people sign in with. */
  joinsByExternalId?: true;
  /** What people have to know beforehand, one sentence each. */
  notes: string[];
}

/** Entra refuses to combine these functions with "Sync all users and groups" (`SyncAll`). */
const ROLE_FUNCTION =
  /\b(SingleAppRoleAssignment|AppRoleAssignmentsComplex|AssertiveAppRoleAssignmentsComplex)\s*\(/;

/** Whether app roles reach the product with these mappings. */
export function rolesTravel(mappings: Mappings): boolean {
  return Object.values(mappings.user).some((mapping) => ROLE_FUNCTION.test(mapping.expression));
}

/** Whether the mappings send at most one role for each person, so that a second one is a conflict. */
export function oneRoleOnly(mappings: Mappings): boolean {
  return Object.values(mappings.user).some((mapping) =>
    /\bSingleAppRoleAssignment\s*\(/.test(mapping.expression),
  );
}
