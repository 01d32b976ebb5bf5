import { z } from "zod";
import { PRODUCT_KEYS } from "../products/registry.ts";
import { entraSchema } from "./schema-entra.ts";
import { oktaSchema } from "./schema-okta.ts";
import { principalName } from "./schema-words.ts";

const token = z
  .strictObject({
    secret: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "must be the name of a stack secret: letters, digits, - and _")
      .meta({
        description: "Name of the stack secret that holds the token, as in: pulumi config set --secret NAME.",
      }),
    expires: z
      .string()
      .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)), {
        error: "must be a date such as 2027-01-31",
      })
      .optional()
      .meta({
        description: "Day on which the token dies; rollcall warns 30 days before.",
        examples: ["2027-01-31"],
      }),
  })
  .meta({ description: "Where the product's SCIM token is kept. A spec never holds the token itself." });

const scimGroupMapping = z
  .discriminatedUnion("type", [
    z.strictObject({
      scimGroup: principalName.meta({ description: "Group as the identity provider names it." }),
      type: z.literal("organizationOwner"),
    }),
    z.strictObject({
      scimGroup: principalName.meta({ description: "Group as the identity provider names it." }),
      type: z.literal("teamMemberRole"),
      teamId: principalName.meta({ description: "Id of the team in Data Mesh Manager." }),
      teamMemberRole: principalName.meta({
        description: "Name of the team role: Owner, Member, Steward, or one of your own.",
        examples: ["Owner", "Member", "Steward"],
      }),
    }),
  ])
  .meta({ description: "What the members of one group become in Data Mesh Manager." });

const application = z
  .strictObject({
    product: z.enum(PRODUCT_KEYS as [string, ...string[]]).meta({
      description:
        "What is provisioned into. A product brings its SCIM path, mappings and roles; custom brings none.",
    }),
    endpoint: z.string().meta({
      description:
        "URL of the product. rollcall appends the product's SCIM path; for collate and custom it is the whole SCIM base URL.",
      examples: ["https://acme.acryl.io"],
    }),
    token,
    sharedEndpoint: z.boolean().default(false).meta({
      description: "Says that another application writes the same endpoint on purpose. Both have to say it.",
    }),
    exclusive: z.boolean().optional().meta({
      description:
        "Remove whoever is assigned and not declared. On unless the application existed before (okta.existing); there it has to be chosen.",
    }),
    maxRemovals: z
      .int()
      .min(0, "must be 0 or more")
      .default(10)
      .meta({ description: "How many people and groups one update may take out before it stops and asks." }),
    protect: z
      .boolean()
      .optional()
      .meta({ description: "Refuse to delete the application. On in production, off elsewhere." }),
    entra: entraSchema.optional(),
    okta: oktaSchema.optional(),
    scimGroupMappings: z.array(scimGroupMapping).default([]).meta({
      description:
        "Data Mesh Manager only: what groups become. rollcall export writes it for the product's own configuration.",
    }),
  })
  .meta({
    id: "application",
    description: "One application of one identity provider that feeds one product.",
    oneOf: [{ required: ["entra"] }, { required: ["okta"] }],
  });

/** The one source of what a spec looks like: types, checks, editor completion and documentation come from it. */
export const specSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: "For editors; means nothing to rollcall." }),
    version: z.literal(1).meta({ description: "Version of this format." }),
    extends: z.string().optional().meta({
      description:
        "A spec, relative to this one, on which this one is laid: maps are merged, lists and values replaced.",
    }),
    environment: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, "must be lower-case letters, digits and -, starting with a letter")
      .meta({ description: "Name of the environment, as in its stack: dev, staging, prod." }),
    production: z.boolean().optional().meta({
      description: "Whether production's rules apply. On when the environment is called prod or production.",
    }),
    applications: z
      .record(
        z
          .string()
          .regex(
            /^[a-z][a-z0-9-]{0,59}$/,
            "must be lower-case letters, digits and -, starting with a letter",
          ),
        application,
      )
      .meta({
        description:
          "Applications by name. The name becomes part of every resource name: changing it makes a new application.",
      }),
  })
  .meta({
    id: "spec",
    description: "Which applications feed which product, and who gets in with which role.",
  });

export type Spec = z.output<typeof specSchema>;
export type ApplicationSpec = Spec["applications"][string];
