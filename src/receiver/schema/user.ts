import { SCHEMA } from "../../scim/wire.ts";
import type { SchemaDefinition } from "./definition.ts";
import { attribute, plural } from "./definition.ts";

const KINDS = ["work", "home", "other"];

/** The User schema of RFC 7643 sections 4.1 and 8.7.1. */
export const userSchema: SchemaDefinition = {
  id: SCHEMA.user,
  name: "User",
  description: "User Account",
  attributes: [
    attribute("userName", "What the user signs in with; unique, in any case of letters.", {
      required: true,
      uniqueness: "server",
    }),
    attribute("name", "The parts of the user's name.", {
      type: "complex",
      subAttributes: [
        attribute("formatted", "The full name, ready for display."),
        attribute("familyName", "The family name."),
        attribute("givenName", "The given name."),
        attribute("middleName", "The middle names."),
        attribute("honorificPrefix", "The title before the name."),
        attribute("honorificSuffix", "The suffix after the name."),
      ],
    }),
    attribute("displayName", "The name shown to others."),
    attribute("nickName", "The casual way to address the user."),
    attribute("profileUrl", "The location of the user's online profile.", {
      type: "reference",
      referenceTypes: ["external"],
    }),
    attribute("title", "The user's title, such as Vice President."),
    attribute("userType", "The relation between the organization and the user."),
    attribute("preferredLanguage", "The user's preferred languages, as in an Accept-Language header."),
    attribute("locale", "The user's default location, for currency, dates and numbers."),
    attribute("timezone", "The user's time zone, in the tz database's form."),
    attribute("active", "Whether the user may sign in.", { type: "boolean" }),
    attribute("password", "Accepted, and neither stored nor returned.", {
      mutability: "writeOnly",
      returned: "never",
    }),
    plural("emails", "E-mail addresses of the user.", KINDS),
    plural("phoneNumbers", "Phone numbers of the user.", ["work", "home", "mobile", "fax", "pager", "other"]),
    plural("ims", "Instant messaging addresses of the user.", [
      "aim",
      "gtalk",
      "icq",
      "xmpp",
      "msn",
      "skype",
      "qq",
      "yahoo",
    ]),
    plural("photos", "URLs of photos of the user.", ["photo", "thumbnail"], {
      type: "reference",
      referenceTypes: ["external"],
      caseExact: true,
    }),
    attribute("addresses", "Physical mailing addresses of the user.", {
      type: "complex",
      multiValued: true,
      subAttributes: [
        attribute("formatted", "The full address, ready for display."),
        attribute("streetAddress", "Street, house number and what goes with them."),
        attribute("locality", "City or locality."),
        attribute("region", "State or region."),
        attribute("postalCode", "Postal code."),
        attribute("country", "Country, as an ISO 3166-1 alpha-2 code."),
        attribute("type", "A label of the address's function.", { canonicalValues: KINDS }),
        attribute("primary", "Whether this is the preferred address; true at most once.", {
          type: "boolean",
        }),
      ],
    }),
    attribute("groups", "Groups that the user is a direct member of, computed.", {
      type: "complex",
      multiValued: true,
      mutability: "readOnly",
      subAttributes: [
        attribute("value", "The id of the group.", { mutability: "readOnly", caseExact: true }),
        attribute("$ref", "The URI of the group.", {
          type: "reference",
          referenceTypes: ["User", "Group"],
          mutability: "readOnly",
        }),
        attribute("display", "The group's displayName.", { mutability: "readOnly" }),
        attribute("type", "How the user belongs to the group.", {
          mutability: "readOnly",
          canonicalValues: ["direct", "indirect"],
        }),
      ],
    }),
    plural("entitlements", "Entitlements of the user, each a thing the user has."),
    plural("roles", "Roles of the user, each what the user is."),
    plural("x509Certificates", "Certificates issued to the user.", [], { type: "binary", caseExact: true }),
  ],
};

/** The enterprise extension of RFC 7643 sections 4.3 and 8.7.1. */
export const enterpriseUserSchema: SchemaDefinition = {
  id: SCHEMA.enterpriseUser,
  name: "EnterpriseUser",
  description: "Enterprise User",
  attributes: [
    attribute("employeeNumber", "What the organization assigned to the person."),
    attribute("costCenter", "The name of a cost center."),
    attribute("organization", "The name of an organization."),
    attribute("division", "The name of a division."),
    attribute("department", "The name of a department."),
    attribute("manager", "The user's manager.", {
      type: "complex",
      subAttributes: [
        attribute("value", "The id of the manager's User resource.", { caseExact: true }),
        attribute("$ref", "The URI of the manager's User resource.", {
          type: "reference",
          referenceTypes: ["User"],
        }),
        attribute("displayName", "The manager's displayName.", { mutability: "readOnly" }),
      ],
    }),
  ],
};
