import type { EntraUser } from "../../directory/entra.ts";
import type { GraphClient } from "./client.ts";
import { query } from "./odata.ts";

const ATTRIBUTES: (keyof EntraUser)[] = [
  "id",
  "userPrincipalName",
  "displayName",
  "accountEnabled",
  "userType",
  "mail",
  "mailNickname",
  "givenName",
  "surname",
  "jobTitle",
  "department",
  "companyName",
  "employeeId",
  "preferredLanguage",
  "officeLocation",
  "streetAddress",
  "city",
  "state",
  "postalCode",
  "country",
  "mobilePhone",
  "businessPhones",
  "faxNumber",
  "proxyAddresses",
  "onPremisesExtensionAttributes",
];

/**
 * One user with every attribute that mappings read; the manager is left out.
 * @param name object id or userPrincipalName
 */
export async function userWithAttributes(graph: GraphClient, name: string): Promise<EntraUser> {
  const found = await graph.get<EntraUser>(
    // A guest's name holds #, which ends an address.
    query(`/users/${encodeURIComponent(name)}`, { select: ATTRIBUTES.join(",") }),
  );
  return {
    ...found,
    businessPhones: found.businessPhones ?? [],
    proxyAddresses: found.proxyAddresses ?? [],
    onPremisesExtensionAttributes: found.onPremisesExtensionAttributes ?? {},
    manager: null,
    deletedDateTime: null,
  };
}
