import type { Product } from "./product.ts";

/** OpenMetadata's and Collate's "SCIM Provisioning Guide". */
export const collate: Product = {
  key: "collate",
  title: "Collate",
  endpoint: {
    scimPath: "",
    hint: "the SCIM URL that Collate's support gives, path included",
    example: "https://acme.getcollate.io/api/v1/scim",
  },
  token: { name: "SCIM bot token", from: "Collate, Settings > Bots > SCIM-Bot" },
  entra: {
    // OpenMetadata's scimPatchOp.json allows lower-case operations and boolean `active` only, which Entra sends with the flag
    // alone. Inferred from the open schema; Collate's own service is closed and may accept both.
    aadOptscim062020: "on by default",
    mappings: { base: "template", user: {}, targetAttributes: [] },
    roles: [],
    userNameFrom: ["userPrincipalName"],
  },
  okta: {
    guide: "documented",
    carriers: ["saml", "existing", "swa"],
    profileMappings: {
      email: { expression: "user.email", push: true },
      givenName: { expression: "user.firstName", push: true },
      familyName: { expression: "user.lastName", push: true },
      displayName: { expression: "user.displayName", push: true },
    },
  },
  open: false,
  scimGroupMappings: false,
  notes: [
    "Collate's support switches SCIM on; there is no switch in the product.",
    "A new group becomes a team of type group under Organization; an existing team of that name is reused wherever it stands.",
    "People sign in by SSO, which is set up apart from SCIM.",
  ],
};
