import type { Product } from "./product.ts";

/** docs.datahub.com, "SCIM Integration: MS Entra and DataHub" and "SCIM Integration: Okta and DataHub". */
export const datahub: Product = {
  key: "datahub",
  title: "DataHub",
  endpoint: {
    scimPath: "/gms/openapi/scim/v2",
    hint: "the URL people open DataHub at",
    example: "https://acme.acryl.io",
  },
  token: { name: "personal access token", from: "DataHub, Settings > Access Tokens" },
  entra: {
    // DataHub fails on PATCH operations without a path, which the flag makes Entra send (read from its source, not from its guide).
    aadOptscim062020: "never",
    mappings: {
      base: "template",
      user: {
        'roles[primary eq "True"].value': {
          expression: "SingleAppRoleAssignment([appRoleAssignments])",
          matchingPriority: 0,
          apply: "always",
        },
      },
      targetAttributes: [],
    },
    roles: [
      { value: "Admin", description: "Can do everything on DataHub.", privileged: true },
      { value: "Editor", description: "Can read and edit all metadata on DataHub.", privileged: false },
      { value: "Reader", description: "Can read all metadata on DataHub.", privileged: false },
    ],
    userNameFrom: ["userPrincipalName"],
  },
  okta: { guide: "documented", carriers: ["swa", "existing"], profileMappings: {} },
  open: false,
  scimGroupMappings: false,
  notes: [
    "Entra and Okta send no password: a DataHub admin resets it, or people sign in by SSO.",
    "Roles do not travel from Okta: grant them to the pushed group in DataHub.",
    "SCIM is part of DataHub Cloud only.",
  ],
};
