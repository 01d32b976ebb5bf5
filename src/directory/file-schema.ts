import { z } from "zod";

const text = z.string().min(1, "must not be empty");
/** null says: this person has none. */
const optionalText = text.nullable().optional();

const entraUser = z
  .strictObject({
    userPrincipalName: z.string().regex(/^[^\s@]+@[^\s@]+$/, "must have the form name@domain"),
    displayName: text.optional().meta({ description: "givenName and surname when left out." }),
    givenName: optionalText,
    surname: optionalText,
    mail: optionalText.meta({ description: "The userPrincipalName when left out; null for none." }),
    mailNickname: optionalText.meta({ description: "The part before the @ when left out." }),
    jobTitle: optionalText,
    department: optionalText,
    companyName: optionalText,
    employeeId: optionalText,
    preferredLanguage: optionalText,
    officeLocation: optionalText,
    streetAddress: optionalText,
    city: optionalText,
    state: optionalText,
    postalCode: optionalText,
    country: optionalText,
    mobilePhone: optionalText,
    businessPhones: z.array(text).default([]),
    faxNumber: optionalText,
    manager: text.optional().meta({ description: "userPrincipalName of another user of this file." }),
    accountEnabled: z.boolean().default(true),
    userType: z.enum(["Member", "Guest"]).default("Member"),
    deleted: z.boolean().default(false).meta({ description: "In the recycle bin." }),
  })
  .meta({ description: "A user of the Entra tenant, under Microsoft Graph's names." });

const entraGroup = z
  .strictObject({
    displayName: text,
    description: optionalText,
    members: z
      .array(text)
      .default([])
      .meta({ description: "userPrincipalNames of users and displayNames of groups." }),
  })
  .meta({ description: "A security group of the Entra tenant." });

const oktaUser = z
  .strictObject({
    login: text,
    email: optionalText.meta({ description: "The login when left out; null for none." }),
    firstName: optionalText,
    lastName: optionalText,
    displayName: optionalText,
    status: z
      .enum([
        "STAGED",
        "PROVISIONED",
        "ACTIVE",
        "RECOVERY",
        "LOCKED_OUT",
        "PASSWORD_EXPIRED",
        "SUSPENDED",
        "DEPROVISIONED",
      ])
      .default("ACTIVE"),
  })
  .meta({ description: "A user of the Okta org, under Okta's names." });

const oktaGroup = z
  .strictObject({
    name: text,
    description: optionalText,
    type: z.enum(["OKTA_GROUP", "APP_GROUP", "BUILT_IN"]).default("OKTA_GROUP"),
    members: z.array(text).default([]).meta({ description: "Logins of users." }),
  })
  .meta({ description: "A group of the Okta org." });

/** A file that stands in for the people of a tenant: the sandbox's, or one of your own for explain and diff. */
export const directorySchema = z.strictObject({
  $schema: z.string().optional(),
  entra: z
    .strictObject({ users: z.array(entraUser).default([]), groups: z.array(entraGroup).default([]) })
    .prefault({}),
  okta: z
    .strictObject({ users: z.array(oktaUser).default([]), groups: z.array(oktaGroup).default([]) })
    .prefault({}),
});

export type DirectoryFile = z.output<typeof directorySchema>;
export type EntraUserEntry = DirectoryFile["entra"]["users"][number];
export type OktaUserEntry = DirectoryFile["okta"]["users"][number];
