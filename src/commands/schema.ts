import type { Command } from "commander";
import { specJsonSchema } from "../spec/json-schema.ts";

export function register(program: Command): void {
  program
    .command("schema")
    .description("print the JSON Schema of specs, for editors (config/schema.json)")
    .action(() => {
      process.stdout.write(specJsonSchema());
    });
}
