import type { Product } from "./product.ts";

/** Any other SCIM 2.0 server; the spec gives what a preset would. */
export const custom: Product = {
  key: "custom",
  title: "custom SCIM target",
  endpoint: {
    scimPath: "",
    hint: "the SCIM base URL, path included",
    example: "https://catalog.example.com/scim/v2",
  },
  token: { name: "bearer token", from: "the product's own SCIM settings" },
  entra: {
    aadOptscim062020: "off by default",
    mappings: { base: "template", user: {}, targetAttributes: [] },
    roles: [],
    userNameFrom: ["userPrincipalName"],
  },
  okta: { guide: "undocumented", carriers: ["swa", "saml", "existing"], profileMappings: {} },
  open: true,
  scimGroupMappings: false,
  notes: [
    "What the product makes of roles, groups and inactive people is its own affair: try it with rollcall verify.",
  ],
};
