import { SCHEMA } from "../scim/wire.ts";

/** A property that Okta gives every application user of a SCIM application. */
export interface ScimProperty {
  name: string;
  title: string;
  externalName: string;
  externalNamespace: string;
  /** Default expression of the mapping Okta user -> application. */
  mapping: string;
}

const core = (name: string, title: string, externalName: string, mapping: string): ScimProperty => ({
  name,
  title,
  externalName,
  externalNamespace: SCHEMA.user,
  mapping,
});

const enterprise = (name: string, title: string, mapping: string): ScimProperty => ({
  ...core(name, title, name, mapping),
  externalNamespace: SCHEMA.enterpriseUser,
});

const workWhenPresent = (property: string) =>
  `(user.${property} != null && user.${property} != '') ? 'work' : ''`;

/**
 * What switching SCIM on adds to a wizard application's profile, with the default mappings. `userName` is not among them: it is
 * set by the Sign On tab.
 */
export const SCIM_PROPERTIES: readonly ScimProperty[] = [
  core("givenName", "Given name", "name.givenName", "user.firstName"),
  core("familyName", "Family name", "name.familyName", "user.lastName"),
  core("middleName", "Middle name", "name.middleName", "user.middleName"),
  core("honorificPrefix", "Honorific prefix", "name.honorificPrefix", "user.honorificPrefix"),
  core("honorificSuffix", "Honorific suffix", "name.honorificSuffix", "user.honorificSuffix"),
  core("email", "Primary email", "emails.^[primary==true].value", "user.email"),
  core("emailType", "Primary email type", "emails.^[primary==true].type", workWhenPresent("email")),
  core("title", "Title", "title", "user.title"),
  core("displayName", "Display name", "displayName", "user.displayName"),
  core("nickName", "Nickname", "nickName", "user.nickName"),
  core("profileUrl", "Profile URL", "profileUrl", "user.profileUrl"),
  core("primaryPhone", "Primary phone", "phoneNumbers.^[primary==true].value", "user.primaryPhone"),
  core(
    "primaryPhoneType",
    "Primary phone type",
    "phoneNumbers.^[primary==true].type",
    workWhenPresent("primaryPhone"),
  ),
  core("addressType", "Address type", "addresses.^[primary==true].type", workWhenPresent("streetAddress")),
  core("streetAddress", "Street address", "addresses.^[primary==true].streetAddress", "user.streetAddress"),
  core("locality", "Locality", "addresses.^[primary==true].locality", "user.city"),
  core("region", "Region", "addresses.^[primary==true].region", "user.state"),
  core("postalCode", "Postal code", "addresses.^[primary==true].postalCode", "user.zipCode"),
  core("country", "Country", "addresses.^[primary==true].country", "user.countryCode"),
  core("preferredLanguage", "Preferred language", "preferredLanguage", "user.preferredLanguage"),
  core("locale", "Locale", "locale", "user.locale"),
  core("timezone", "Time zone", "timezone", "user.timezone"),
  core("userType", "User type", "userType", "user.userType"),
  enterprise("employeeNumber", "Employee number", "user.employeeNumber"),
  enterprise("costCenter", "Cost center", "user.costCenter"),
  enterprise("organization", "Organization", "user.organization"),
  enterprise("division", "Division", "user.division"),
  enterprise("department", "Department", "user.department"),
  { ...enterprise("managerValue", "Manager value", "user.managerId"), externalName: "manager.value" },
  {
    ...enterprise("managerDisplayName", "Manager display name", "user.manager"),
    externalName: "manager.displayName",
  },
];

/** Properties of Okta's default user profile that expressions may name. */
export const USER_PROPERTIES: readonly string[] = [
  "login",
  "email",
  "secondEmail",
  "firstName",
  "lastName",
  "middleName",
  "honorificPrefix",
  "honorificSuffix",
  "title",
  "displayName",
  "nickName",
  "profileUrl",
  "primaryPhone",
  "mobilePhone",
  "streetAddress",
  "city",
  "state",
  "zipCode",
  "countryCode",
  "postalAddress",
  "preferredLanguage",
  "locale",
  "timezone",
  "userType",
  "employeeNumber",
  "costCenter",
  "organization",
  "division",
  "department",
  "managerId",
  "manager",
];
