import { z } from "zod";
import { specSchema } from "./schema.ts";

/** The text of config/schema.json: draft-07, which the YAML language server reads. */
export function specJsonSchema(): string {
  const { $schema, $ref, definitions } = z.toJSONSchema(specSchema, { target: "draft-07", io: "input" });
  return `${JSON.stringify({ $schema, title: "rollcall spec", $ref, definitions }, null, 2)}\n`;
}
