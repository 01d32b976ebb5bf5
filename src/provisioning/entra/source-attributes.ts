import type { EntraGroup, EntraUser } from "../../directory/entra.ts";
import type { AttributeValues } from "../../expressions/evaluate.ts";
import type { AppRoleAssignmentValue } from "../../expressions/functions/roles.ts";

/** What the source directory provisions. */
export type SourceType = "User" | "Group";

/** Source attributes whose value is the id of another object; sent after all objects are there. */
export const REFERENCE_ATTRIBUTES: ReadonlySet<string> = new Set(["manager", "members", "owners"]);

const GUEST_MARK = "#EXT#";

/**
 * A user's attributes by the names that synchronization schemas use, which are those of the old Azure AD Graph.
 *
 * `outOfScope` is IsSoftDeleted: true when the person is unassigned, fails the scoping filter, is soft-deleted or disabled
 * (entra-docs, customize-application-attributes.md, "What you should know"). Passwords are never among the values.
 */
export function userAttributes(
  user: EntraUser,
  outOfScope: boolean,
  roles: AppRoleAssignmentValue[],
): AttributeValues {
  const extensions = Object.fromEntries(
    Object.entries(user.onPremisesExtensionAttributes).map(([name, value]) => [name, present(value)]),
  );
  return {
    ...extensions,
    objectId: user.id,
    IsSoftDeleted: outOfScope,
    accountEnabled: user.accountEnabled,
    appRoleAssignments: roles.map((role) => JSON.stringify(role)),
    city: present(user.city),
    companyName: present(user.companyName),
    country: present(user.country),
    department: present(user.department),
    displayName: present(user.displayName),
    employeeId: present(user.employeeId),
    facsimileTelephoneNumber: present(user.faxNumber),
    givenName: present(user.givenName),
    jobTitle: present(user.jobTitle),
    mail: present(user.mail),
    mailNickname: present(user.mailNickname),
    manager: user.manager,
    mobile: present(user.mobilePhone),
    originalUserPrincipalName: present(user.userPrincipalName),
    physicalDeliveryOfficeName: present(user.officeLocation),
    postalCode: present(user.postalCode),
    preferredLanguage: present(user.preferredLanguage),
    proxyAddresses: user.proxyAddresses,
    state: present(user.state),
    streetAddress: present(user.streetAddress),
    surname: present(user.surname),
    telephoneNumber: present(user.businessPhones[0] ?? null),
    userPrincipalName: present(withoutGuestMark(user.userPrincipalName)),
  };
}

export function groupAttributes(group: EntraGroup): AttributeValues {
  return {
    objectId: group.id,
    description: present(group.description),
    displayName: present(group.displayName),
    mailEnabled: group.mailEnabled,
    mailNickname: present(group.mailNickname),
    members: group.members,
    securityEnabled: group.securityEnabled,
  };
}

const present = (value: string | null) => (value === "" ? null : value);

/** A guest's `ada_fabrikam.com#EXT#@contoso.com` flows as `ada@fabrikam.com` (how-provisioning-works.md, "B2B (guest) users"). */
function withoutGuestMark(userPrincipalName: string): string {
  const mark = userPrincipalName.indexOf(GUEST_MARK);
  if (mark < 0) return userPrincipalName;
  const alias = userPrincipalName.slice(0, mark);
  const domain = alias.lastIndexOf("_");
  return domain < 0 ? alias : `${alias.slice(0, domain)}@${alias.slice(domain + 1)}`;
}
