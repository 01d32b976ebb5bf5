import { z } from "zod";
import { PRODUCT_KEYS } from "../products/registry.ts";
import { entraSchema } from "./schema-entra.ts";
import { oktaSchema } from "./schema-okta.ts";
import { isoDate, principalName } from "./schema-words.ts";

const token = z
  .strictObject({
    secret: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "must be the name of a stack secret: letters, digits, - and _")
      .meta({
        description: "Name of the stack secret that holds the token, as in: pulumi config set --secret NAME.",
      }),
    expires: isoDate.optional().meta({
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

const level = z.enum(["off", "warning", "error"]);

/** Rules of taste and caution, whose weight an environment chooses. What they default to: levels.ts. */
export const policySchema = z
  .strictObject({
    "assigned-scope": level
      .optional()
      .meta({ description: "scope: all lets everybody in. An error in production, off elsewhere." }),
    "protected-application": level
      .optional()
      .meta({ description: "protect: false in production. An error there." }),
    "keep-push-target": level.optional().meta({
      description:
        "deleteTargetGroup: true deletes a group of the product with a line of YAML. An error in production, a warning elsewhere.",
    }),
    "role-granted-to-nobody": level.optional().meta({
      description:
        "A declared role that no assignment gives, or a group with a role and no members. A warning.",
    }),
    "admin-group-size": level.optional().meta({
      description:
        "A privileged role granted to a group of more than maxAdminGroup people, where a directory is at hand. An error in production, a warning elsewhere.",
    }),
    "no-direct-users": level.optional().meta({ description: "People assigned one by one. Off." }),
  })
  .meta({ description: "Levels of the rules that an environment may choose." });

const waiver = z
  .strictObject({
    rule: z
      .enum(Object.keys(policySchema.shape) as [string, ...string[]])
      .meta({ description: "The rule that is waived." }),
    application: z.string().optional().meta({ description: "Where. Everywhere when left out." }),
    reason: z
      .string()
      .min(10, "must be a sentence that the next person understands")
      .meta({ description: "Why the rule need not hold here." }),
    until: isoDate.meta({ description: "Last day on which it holds.", examples: ["2027-03-31"] }),
  })
  .meta({ description: "An exception from a rule, for a time." });

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
    rules: policySchema.prefault({}),
    maxAdminGroup: z.int().min(1, "must be 1 or more").default(20).meta({
      description: "How many people a group with a privileged role may have: see rules.admin-group-size.",
    }),
    waivers: z.array(waiver).default([]).meta({ description: "Exceptions from rules." }),
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
