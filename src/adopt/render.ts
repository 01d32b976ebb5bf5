import { stringify } from "yaml";
import { visible } from "../yaml/visible.ts";
import type { Adopted, ImportedResource } from "./adopted.ts";

/** A spec with the one application in it; what is worth knowing stands above it as comments. */
export function renderSpec(key: string, environment: string, { application, notes }: Adopted): string {
  const comments = notes.map((note) => `# - ${visible(note.replace(/\s+/g, " "))}\n`);
  const head = comments.length > 0 ? `# Read before the first \`up\`:\n${comments.join("")}\n` : "";
  const spec = { version: 1, environment, applications: { [key]: application } };
  return `# yaml-language-server: $schema=./schema.json\n${head}${stringify(spec, { lineWidth: 0 })}`;
}

/** For `pulumi import --file`. */
export function renderImports(imports: ImportedResource[]): string {
  return `${JSON.stringify({ resources: imports }, null, 2)}\n`;
}
