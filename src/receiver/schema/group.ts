import { SCHEMA } from "../../scim/wire.ts";
import type { SchemaDefinition } from "./definition.ts";
import { attribute } from "./definition.ts";

/** The Group schema of RFC 7643 sections 4.2 and 8.7.1. */
export const groupSchema: SchemaDefinition = {
  id: SCHEMA.group,
  name: "Group",
  description: "Group",
  attributes: [
    attribute("displayName", "The name of the group.", { required: true }),
    attribute("members", "Members of the group.", {
      type: "complex",
      multiValued: true,
      subAttributes: [
        attribute("value", "The id of the member.", { mutability: "immutable", caseExact: true }),
        attribute("$ref", "The URI of the member.", {
          type: "reference",
          referenceTypes: ["User", "Group"],
          mutability: "immutable",
        }),
        attribute("type", "What the member is.", {
          mutability: "immutable",
          canonicalValues: ["User", "Group"],
        }),
        attribute("display", "A name of the member, for display, as it was sent."),
      ],
    }),
  ],
};

/** What every resource has, RFC 7643 section 3.1; not part of any published schema. */
export const commonAttributes = [
  attribute("schemas", "The schemas in use.", {
    type: "reference",
    multiValued: true,
    caseExact: false,
    returned: "always",
  }),
  attribute("id", "The receiver's identifier.", {
    mutability: "readOnly",
    returned: "always",
    caseExact: true,
    uniqueness: "server",
  }),
  attribute("externalId", "The client's identifier.", { caseExact: true }),
  attribute("meta", "Facts about the resource.", {
    type: "complex",
    mutability: "readOnly",
    subAttributes: [
      attribute("resourceType", "The resource type.", { mutability: "readOnly", caseExact: true }),
      attribute("created", "When it was created.", { type: "dateTime", mutability: "readOnly" }),
      attribute("lastModified", "When it last changed.", { type: "dateTime", mutability: "readOnly" }),
      attribute("location", "Its URI.", { type: "reference", mutability: "readOnly" }),
      attribute("version", "Its version.", { mutability: "readOnly", caseExact: true }),
    ],
  }),
];
