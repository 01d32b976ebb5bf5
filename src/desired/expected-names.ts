import type { EntraUser } from "../directory/entra.ts";
import { evaluateExpression } from "../expressions/evaluate.ts";
import { parseExpression } from "../expressions/parse.ts";
import type { DesiredEntraApplication } from "./model.ts";

/** The template's own mappings of the two attributes that an expectation speaks of. */
const TEMPLATE: Record<string, string> = { userName: "[userPrincipalName]", displayName: "[displayName]" };

/** null: the person has no value there and is not provisioned. */
export function userNameOf(application: DesiredEntraApplication, user: EntraUser): string | null {
  return mapped(application, "userName", user);
}

export function displayNameOf(application: DesiredEntraApplication, user: EntraUser): string {
  return mapped(application, "displayName", user) ?? "";
}

function mapped(application: DesiredEntraApplication, target: string, user: EntraUser): string | null {
  const { base, user: mappings } = application.mappings;
  const mapping = mappings[target];
  const expression = mapping?.expression ?? (base === "template" ? TEMPLATE[target] : undefined);
  if (expression === undefined) return null;
  const parsed = parseExpression(expression);
  if (!parsed.ok) return null;
  const result = evaluateExpression(parsed.expression, attributesOf(user));
  const value = result.ok && typeof result.value === "string" ? result.value : "";
  return value || (mapping?.defaultValue ?? null);
}

/**
 * `ada_fabrikam.com#EXT#@contoso.com` is the address ada@fabrikam.com, "so only their original alias@theirdomain is used for
 * matching or provisioning" (Microsoft, "How application provisioning works", B2B users).
 */
const asGuestsAreKnown = (userPrincipalName: string) =>
  userPrincipalName.replace(/^(.+)_([^_@]+)#EXT#@.+$/, "$1@$2");

/** The text attributes of a user under the names Entra's expressions use. */
function attributesOf(user: EntraUser): Record<string, string | null> {
  const { mobilePhone, faxNumber, officeLocation, onPremisesExtensionAttributes, ...rest } = user;
  const texts = Object.entries(rest).filter(([, value]) => typeof value === "string" || value === null);
  return {
    ...(Object.fromEntries(texts) as Record<string, string | null>),
    ...onPremisesExtensionAttributes,
    objectId: user.id,
    userPrincipalName: asGuestsAreKnown(user.userPrincipalName),
    originalUserPrincipalName: user.userPrincipalName,
    telephoneNumber: user.businessPhones[0] ?? null,
    mobile: mobilePhone,
    facsimileTelephoneNumber: faxNumber,
    physicalDeliveryOfficeName: officeLocation,
  };
}
