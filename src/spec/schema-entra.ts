import { z } from "zod";
import { principalName } from "./schema-words.ts";

const objectId = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
    "must be an object id such as 8f7a…-…: 32 hexadecimal digits in five groups",
  )
  .meta({ description: "Object id. Pins the assignment to it, whatever bears the name." });

const assignment = z
  .strictObject({
    group: principalName
      .optional()
      .meta({ description: "Display name of a group. Its direct members get in; groups inside it do not." }),
    user: principalName.optional().meta({ description: "User principal name, as in ada@acme.com." }),
    role: principalName
      .optional()
      .meta({ description: "Value of a role of the product. Required where the product has roles." }),
    id: objectId.optional(),
  })
  .meta({
    description: "Who gets in, and as what. Either a group or a user.",
    oneOf: [{ required: ["group"] }, { required: ["user"] }],
  });

const mapping = z
  .strictObject({
    attribute: z
      .string()
      .regex(/^[A-Za-z_][\w.]*$/, "must be the name of an Entra attribute, without brackets")
      .optional()
      .meta({ description: "Attribute of Entra to copy.", examples: ["mail"] }),
    constant: z.string().optional().meta({ description: "The same text for everybody." }),
    expression: z
      .string()
      .optional()
      .meta({ description: "An Entra expression.", examples: ['Join(" ", [givenName], [surname])'] }),
    match: z
      .int()
      .min(1, "must be 1 or more")
      .optional()
      .meta({ description: "Find existing people by this attribute: 1 is tried first, then 2." }),
    apply: z
      .enum(["always", "onCreate"])
      .default("always")
      .meta({ description: "Write at every change, or at creation only." }),
    default: z.string().optional().meta({ description: "Written when the source has no value." }),
  })
  .meta({
    description: "Where one attribute of the product comes from: attribute, constant or expression.",
    oneOf: [{ required: ["attribute"] }, { required: ["constant"] }, { required: ["expression"] }],
  });

const mappingSet = z.record(z.string().min(1, "must not be empty"), mapping);

const mappings = z
  .strictObject({
    base: z.enum(["template", "exact"]).default("template").meta({
      description: "template: Entra's default mappings plus these. exact: these user mappings and no others.",
    }),
    user: mappingSet.default({}).meta({ description: "Mappings of people, by target attribute." }),
    group: mappingSet.optional().meta({
      description:
        "Mappings of groups, by target attribute; each takes the place of the template's own of that attribute.",
    }),
    targetAttributes: z
      .array(
        z.strictObject({
          name: z
            .string()
            .min(1, "must not be empty")
            .meta({ description: "The target attribute, as mappings name it." }),
          type: z
            .enum(["String", "Integer", "Boolean", "DateTime", "Reference", "Binary"])
            .default("String")
            .meta({ description: "Its type in Entra." }),
        }),
      )
      .default([])
      .meta({
        description:
          "Types of target attributes that Entra does not know. Those that mappings name are text unless given here.",
      }),
  })
  .meta({ description: "Product custom only: attribute mappings." });

const role = z
  .strictObject({
    value: z
      .string()
      .regex(/^[A-Za-z0-9_.:-]{1,120}$/, "must be letters, digits, and _ . : - without blanks")
      .meta({ description: "What Entra sends." }),
    description: z
      .string()
      .min(1, "must not be empty")
      .optional()
      .meta({ description: "For whoever assigns it in Entra's portal." }),
    privileged: z.boolean().default(false).meta({ description: "Whether rules about Admin apply to it." }),
  })
  .meta({ description: "A role of the product, made as an app role for users and groups." });

const provisioning = z
  .strictObject({
    status: z.enum(["running", "paused"]).default("paused").meta({
      description: "Whether Entra provisions. A new application waits until somebody says running.",
    }),
    notify: z
      .email("must be an e-mail address")
      .optional()
      .meta({ description: "Who is told by mail about failures." }),
    accidentalDeletionThreshold: z
      .int()
      .min(1, "must be 1 or more")
      .optional()
      .meta({ description: "Deletions in one cycle above which Entra stops and asks.", examples: [500] }),
    onDelete: z.enum(["reset", "leave"]).default("leave").meta({
      description: "What deleting the job does with the mappings: back to the template's, or nothing.",
    }),
  })
  .meta({ description: "Entra's provisioning job." });

export const entraSchema = z
  .strictObject({
    displayName: principalName.meta({ description: "Name of the enterprise application." }),
    scope: z.enum(["assigned", "all"]).default("assigned").meta({
      description:
        "assigned: only who is declared below. all: everybody in the tenant; impossible where roles are mapped.",
    }),
    userNameFrom: z.enum(["userPrincipalName", "mail"]).optional().meta({
      description: "Data Mesh Manager only: mail where user principal names are no e-mail addresses.",
    }),
    aadOptscim062020: z.boolean().optional().meta({
      description:
        "Entra's flag for RFC-conformant PATCH bodies. The product sets it; change it only if the product's server needs it.",
    }),
    assignments: z
      .array(assignment)
      .optional()
      .meta({ description: "Who gets in. An empty list takes everybody out." }),
    roles: z
      .array(role)
      .optional()
      .meta({ description: "Product custom only: the roles that assignments may give." }),
    roleIds: z.record(z.string().min(1, "must not be empty"), objectId).optional().meta({
      description:
        "Ids of app roles that were there before rollcall, by their values. rollcall adopt writes them; never change one.",
    }),
    mappings: mappings.optional(),
    provisioning: provisioning.prefault({}),
  })
  .meta({ id: "entra", description: "An enterprise application of Microsoft Entra ID." });
