import type { Product } from "./product.ts";

/** docs.datamesh-manager.com, "SCIM". */
export const dataMeshManager: Product = {
  key: "data-mesh-manager",
  title: "Data Mesh Manager",
  endpoint: {
    scimPath: "/api/scim/v2",
    hint: "https://api.datamesh-manager.com, or the URL of a self-hosted instance",
    example: "https://api.datamesh-manager.com",
  },
  token: {
    name: "API key",
    from: "Data Mesh Manager, organization settings > API Keys, as Organization Owner",
  },
  entra: {
    aadOptscim062020: "off by default",
    mappings: {
      base: "exact",
      user: {
        userName: { expression: "[userPrincipalName]", matchingPriority: 1, apply: "always" },
        // The guide prints `Switch([IsSoftDeleted], , "False", "True", "False")`, in which a soft-deleted person gets no value.
        active: {
          expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
          matchingPriority: 0,
          apply: "always",
        },
        displayName: { expression: "[displayName]", matchingPriority: 0, apply: "always" },
        'emails[type eq "work"].value': { expression: "[mail]", matchingPriority: 0, apply: "always" },
        externalId: { expression: "[objectId]", matchingPriority: 0, apply: "always" },
      },
      targetAttributes: [],
    },
    roles: [],
    userNameFrom: ["userPrincipalName", "mail"],
  },
  okta: { guide: "undocumented", carriers: ["swa", "saml", "existing"], profileMappings: {} },
  open: false,
  scimGroupMappings: true,
  joinsByExternalId: true,
  notes: [
    "SCIM is part of the Enterprise Edition.",
    "userName is the e-mail address and cannot be changed later.",
    "externalId must equal the subject of the SSO token: Entra's objectId is the claim oid.",
    "Provisioning groups takes a premium licence of Entra ID.",
  ],
};
