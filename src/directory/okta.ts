export type OktaUserStatus =
  | "STAGED"
  | "PROVISIONED"
  | "ACTIVE"
  | "RECOVERY"
  | "LOCKED_OUT"
  | "PASSWORD_EXPIRED"
  | "SUSPENDED"
  | "DEPROVISIONED";

/** A user as the Okta management API names its properties. */
export interface OktaUser {
  id: string;
  status: OktaUserStatus;
  profile: {
    login: string;
    email: string | null;
    firstName: string | null;
    lastName: string | null;
    displayName: string | null;
    [attribute: string]: string | null;
  };
}

export interface OktaGroup {
  id: string;
  type: "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN";
  profile: { name: string; description: string | null };
  /** Ids of member users. Okta has no nested groups. */
  members: string[];
}

/** What somebody may read of an org's people at one moment. */
export interface OktaDirectory {
  users: OktaUser[];
  groups: OktaGroup[];
}
