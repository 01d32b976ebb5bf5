/** A user as Microsoft Graph names its properties. `deletedDateTime` is set while it is in the recycle bin (soft-deleted). */
export interface EntraUser {
  id: string;
  userPrincipalName: string;
  displayName: string;
  accountEnabled: boolean;
  userType: "Member" | "Guest";
  mail: string | null;
  mailNickname: string | null;
  givenName: string | null;
  surname: string | null;
  jobTitle: string | null;
  department: string | null;
  companyName: string | null;
  employeeId: string | null;
  preferredLanguage: string | null;
  officeLocation: string | null;
  streetAddress: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  mobilePhone: string | null;
  businessPhones: string[];
  faxNumber: string | null;
  proxyAddresses: string[];
  /** Object id of the manager. */
  manager: string | null;
  /** extensionAttribute1 … extensionAttribute15. */
  onPremisesExtensionAttributes: Record<string, string | null>;
  deletedDateTime: string | null;
}

/** What Graph says of a user whose optional properties nobody has set. */
export const UNSET_USER: Omit<EntraUser, "id" | "userPrincipalName" | "displayName"> = {
  accountEnabled: true,
  userType: "Member",
  mail: null,
  mailNickname: null,
  givenName: null,
  surname: null,
  jobTitle: null,
  department: null,
  companyName: null,
  employeeId: null,
  preferredLanguage: null,
  officeLocation: null,
  streetAddress: null,
  city: null,
  state: null,
  postalCode: null,
  country: null,
  mobilePhone: null,
  businessPhones: [],
  faxNumber: null,
  proxyAddresses: [],
  manager: null,
  onPremisesExtensionAttributes: {},
  deletedDateTime: null,
};

export interface EntraGroup {
  id: string;
  displayName: string;
  description: string | null;
  mailNickname: string | null;
  mailEnabled: boolean;
  securityEnabled: boolean;
  /** Object ids of direct members: users, and groups where groups are nested. */
  members: string[];
  deletedDateTime: string | null;
}

/** What somebody may read of a tenant's people at one moment. */
export interface EntraDirectory {
  users: EntraUser[];
  groups: EntraGroup[];
}
