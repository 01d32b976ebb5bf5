import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { DIALECTS } from "./dialects/dialect.ts";
import type { TenantOptions } from "./receiver.ts";
import type { AttributeDefinition } from "./schema/definition.ts";
import { attribute } from "./schema/definition.ts";

const tokenSource = z.union([
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
  z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/i) }),
]);

const groupMapping = z.discriminatedUnion("type", [
  z.strictObject({ scimGroup: z.string(), type: z.literal("organizationOwner") }),
  z.strictObject({
    scimGroup: z.string(),
    type: z.literal("teamMemberRole"),
    teamId: z.string(),
    teamMemberRole: z.string(),
  }),
]);

const settings = z.strictObject({
  roles: z.array(z.string()).exactOptional(),
  strictPatch: z.boolean().exactOptional(),
  teams: z.array(z.strictObject({ name: z.string(), parent: z.string() })).exactOptional(),
  scimGroupMappings: z.array(groupMapping).exactOptional(),
});

const attributeName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/);
const plainAttribute = {
  name: attributeName,
  description: z.string().default(""),
  multiValued: z.boolean().exactOptional(),
  required: z.boolean().exactOptional(),
  caseExact: z.boolean().exactOptional(),
  mutability: z.enum(["readOnly", "readWrite", "immutable", "writeOnly"]).exactOptional(),
  returned: z.enum(["always", "never", "default", "request"]).exactOptional(),
};
const simpleType = z.enum(["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"]);
const attributeInput = z.union([
  z.strictObject({ ...plainAttribute, type: simpleType.exactOptional() }),
  z.strictObject({
    ...plainAttribute,
    type: z.literal("complex"),
    subAttributes: z.array(z.strictObject({ ...plainAttribute, type: simpleType.exactOptional() })).min(1),
  }),
]);

const config = z.strictObject({
  tenants: z
    .array(
      z.strictObject({
        name: z.string(),
        path: z.string(),
        dialect: z.enum(DIALECTS).default("lenient"),
        tokens: z.array(tokenSource).min(1),
        settings: settings.exactOptional(),
        schemas: z
          .array(
            z.strictObject({
              id: z.string().regex(/^urn:[A-Za-z0-9.:_-]+$/i),
              name: z.string(),
              description: z.string().default(""),
              attributes: z.array(attributeInput).min(1),
            }),
          )
          .default([]),
      }),
    )
    .min(1),
});

/**
 * Reads the tenants of a receiver from YAML or JSON. A file holds no token: each is taken from the environment, from a file
 * of its own, or given as its SHA-256.
 *
 * @throws Error that names every field in error, or the token that is missing.
 */
export function readReceiverConfig(file: string): TenantOptions[] {
  const result = config.safeParse(parse(readFileSync(file, "utf8")));
  if (!result.success)
    throw new Error(`${file} does not describe tenants:\n${z.prettifyError(result.error)}`);
  return result.data.tenants.map(({ tokens, schemas, ...tenant }) => ({
    ...tenant,
    tokens: tokens.flatMap((source) => tokensOf(source, file)),
    schemas: schemas.map((schema) => ({ ...schema, attributes: schema.attributes.map(defineAttribute) })),
  }));
}

function defineAttribute(input: z.infer<typeof attributeInput>): AttributeDefinition {
  const { name, description, ...rest } = input;
  if (rest.type !== "complex") return attribute(name, description, rest);
  const subAttributes = rest.subAttributes.map(({ name: subName, description: text, ...sub }) =>
    attribute(subName, text, sub),
  );
  return attribute(name, description, { ...rest, subAttributes });
}

function tokensOf(source: z.infer<typeof tokenSource>, file: string): string[] {
  if ("sha256" in source) return [`sha256:${source.sha256}`];
  if ("file" in source) return tokensIn(readFileSync(source.file, "utf8"));
  const value = process.env[source.env];
  if (!value)
    throw new Error(`${file} takes a token from the environment variable ${source.env}, which is not set.`);
  return [value];
}

/** Tokens, one a line. */
export function tokensIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
