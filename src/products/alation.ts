import type { Product } from "./product.ts";

/**
 * docs.alation.com, "Set Up SAML and SCIM Integration in Microsoft Entra ID", "Set Up SCIM Integration in Okta" and "Enable SCIM
 * Integration for User and Group Management".
 */
export const alation: Product = {
  key: "alation",
  title: "Alation",
  endpoint: {
    scimPath: "/scim/v2",
    hint: "the URL people open Alation at",
    example: "https://acme.alationcloud.com",
  },
  token: { name: "SCIM token", from: 'Alation\'s API "Create SCIM Token", as Server Admin' },
  entra: {
    aadOptscim062020: "off by default",
    mappings: { base: "template", user: {}, targetAttributes: [] },
    roles: [],
    userNameFrom: ["userPrincipalName"],
  },
  okta: { guide: "documented", carriers: ["existing", "saml"], profileMappings: {} },
  open: false,
  scimGroupMappings: false,
  notes: [
    "SAML must be Alation's way to sign in before SCIM is switched on.",
    "Where sign-on and SCIM are two applications, assign the same people to both: SCIM does not manage who is in the first alone.",
    "A SCIM token lives six months at most: name its last day as token.expires.",
  ],
};
