import { z } from "zod";
import { principalName } from "./schema-words.ts";

const oktaId = z
  .string()
  .regex(/^[A-Za-z0-9]{20}$/, "must be an Okta id: 20 letters and digits, such as 00g1emaKYZTWRYYRRTSK")
  .meta({ description: "Okta id. Pins the entry to it, whatever bears the name." });

const assignment = z
  .strictObject({
    group: principalName.optional().meta({ description: "Name of an Okta group." }),
    user: principalName.optional().meta({ description: "Login of an Okta user." }),
    id: oktaId.optional(),
  })
  .meta({
    description: "Who gets in. Either a group or a user; roles do not travel from Okta.",
    oneOf: [{ required: ["group"] }, { required: ["user"] }],
  });

const push = z
  .strictObject({
    name: principalName.optional().meta({ description: "Name of the group to push." }),
    startsWith: z
      .string()
      .min(1, "must not be empty: every group of the org would be pushed")
      .refine((text) => !/[\t\n\r]/.test(text), { error: "must be one line, without tabs" })
      .optional()
      .meta({
        description: "Push every group whose name starts so, as it is found at plan time.",
        examples: ["OM_"],
      }),
    id: oktaId.optional(),
    deleteTargetGroup: z
      .boolean()
      .default(false)
      .meta({ description: "Delete the group in the product when the push is removed." }),
  })
  .meta({
    description: "A group to create in the product. Only members who are also assigned arrive.",
    oneOf: [{ required: ["name"] }, { required: ["startsWith"] }],
  });

const url = z.url({ protocol: /^https$/, error: "must be an https URL" });

export const oktaSchema = z
  .strictObject({
    label: principalName
      .optional()
      .meta({ description: "Label of the application. Required unless an existing one is used." }),
    saml: z
      .strictObject({
        ssoUrl: url.meta({ description: "Assertion consumer service URL of the product." }),
        audience: principalName.meta({ description: "SP entity id of the product." }),
      })
      .optional()
      .meta({ description: "Carry SCIM by a SAML application, which people also sign in through." }),
    existing: z
      .strictObject({
        id: oktaId.optional(),
        label: principalName
          .optional()
          .meta({ description: "Label of the application as it stands in Okta." }),
      })
      .optional()
      .meta({
        description:
          "Carry SCIM by an application that is already there. Not exclusive unless the spec says so.",
        anyOf: [{ required: ["id"] }, { required: ["label"] }],
      }),
    oidc: z
      .strictObject({
        label: principalName.meta({ description: "Label of the sign-on application." }),
        redirectUris: z
          .array(url)
          .min(1, "must have at least one URL")
          .meta({ description: "Where the product takes sign-ons." }),
      })
      .optional()
      .meta({
        description:
          "A second application for sign-on, beside the hidden one that carries SCIM: classic OIDC applications have no SCIM.",
      }),
    scim: z.enum(["pending", "enabled", "paused"]).default("pending").meta({
      description:
        "pending: a person has still to switch SCIM on. enabled: it is on; rollcall okta confirm writes it. paused: switched off on purpose.",
    }),
    userName: z
      .enum(["login", "email"])
      .default("login")
      .meta({ description: "What becomes the userName in the product." }),
    profileMappings: z
      .record(
        z.string().regex(/^[A-Za-z]\w*$/, "must be the name of an attribute of the application's profile"),
        z.strictObject({
          expression: z
            .string()
            .min(1, "must not be empty")
            .meta({ description: "An Okta expression.", examples: ["user.email"] }),
          push: z
            .boolean()
            .default(true)
            .meta({ description: "Write at every change, or at creation only." }),
        }),
      )
      .optional()
      .meta({
        description: "Product custom only: Okta expressions by attribute of the application's profile.",
      }),
    assignments: z.array(assignment).meta({ description: "Who gets in. An empty list takes everybody out." }),
    pushGroups: z
      .array(push)
      .default([])
      .meta({ description: "Groups to create in the product, with those members who are assigned." }),
  })
  .meta({ id: "okta", description: "An application of Okta." });
