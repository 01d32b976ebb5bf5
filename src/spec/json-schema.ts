import { z } from "zod";
import { specSchema } from "./schema.ts";

/**
 * The text of config/schema.json: draft-07, which the YAML language server reads. A spec that extends another may leave out
 * anything, so nothing is required of it.
 */
export function specJsonSchema(): string {
  const generated: object = z.toJSONSchema(specSchema, { target: "draft-07", io: "input" });
  const { $schema, definitions } = generated as {
    $schema: string;
    definitions: Record<string, unknown>;
  };
  const partial = Object.entries(definitions).map(([name, schema]) => [
    `partial-${name}`,
    withoutRequired(schema),
  ]);
  const schema = {
    $schema,
    title: "rollcall spec",
    if: { type: "object", required: ["extends"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: "#/definitions/partial-spec" },
    else: { $ref: "#/definitions/spec" },
    definitions: { ...definitions, ...Object.fromEntries(partial) },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const DEMANDS = new Set(["required", "oneOf", "anyOf"]);

/** A schema that demands no key, with references to the others of its kind. Lists are replaced whole, so their items stay as they are. */
function withoutRequired(schema: unknown, isProperties = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withoutRequired(item));
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    // Under "properties" the names are those of a spec.
    if (isProperties) return [[key, withoutRequired(value)]];
    if (key === "items") return [[key, value]];
    if (key === "$ref") return [[key, String(value).replace("#/definitions/", "#/definitions/partial-")]];
    return DEMANDS.has(key) ? [] : [[key, withoutRequired(value, key === "properties")]];
  });
  return Object.fromEntries(entries);
}
