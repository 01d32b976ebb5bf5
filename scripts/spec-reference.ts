// Writes docs/reference/spec.md from the schema that checks specs: `npm run reference`. A test fails when it is stale.
import { specJsonSchema } from "../src/spec/json-schema.ts";

interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
}

interface Section {
  path: string;
  schema: Schema;
}

const INTRODUCTION = `# Specs

Every key of a spec, generated from the schema that checks it (\`npm run reference\`). \`npx rollcall schema\` prints the same as JSON
Schema; an editor that knows YAML schemas completes and explains the keys when the first line of a spec is
\`# yaml-language-server: $schema=./schema.json\`. What can be wrong beyond the shape: [diagnostics](diagnostics.md).

A key is optional unless the table says otherwise. In a file with \`extends\` every key is.
`;

/** The whole page. */
export function specReference(): string {
  const { definitions } = JSON.parse(specJsonSchema()) as { definitions: Record<string, Schema> };
  const resolve = (schema: Schema): Schema => {
    const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
    return reference ? (definitions[reference.replace("#/definitions/", "")] ?? {}) : schema;
  };
  const root = definitions.spec ?? {};
  const sections: string[] = [];
  const waiting: Section[] = [{ path: "", schema: root }];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    sections.push(section(next, resolve));
    waiting.unshift(...nested(next, resolve));
  }
  return `${INTRODUCTION}\n${sections.join("\n")}`;
}

type Resolve = (schema: Schema) => Schema;

function section({ path, schema }: Section, resolve: Resolve): string {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const { description = "", examples } = resolve(property);
    const meaning = [
      required.has(key) ? "**Required.**" : "",
      description,
      examples ? `For example ${examples.map(code).join(", ")}.` : "",
    ];
    return `| \`${key}\` | ${typeOf(property, resolve)} | ${byDefault(property)} | ${meaning.filter(Boolean).join(" ")} |`;
  });
  const demands = (schema.oneOf ?? schema.anyOf ?? []).flatMap(({ required: keys, properties }) =>
    keys && !properties ? [keys.map(code).join(" and ")] : [],
  );
  const lines = [
    `## ${path === "" ? "The file" : code(path)}`,
    "",
    ...(schema.description ? [schema.description, ""] : []),
    ...(demands.length > 0
      ? [`${schema.oneOf ? "Exactly one" : "At least one"} of ${demands.join(", ")}.`, ""]
      : []),
    "| key | value | default | meaning |",
    "|---|---|---|---|",
    ...rows,
    "",
  ];
  return lines.join("\n");
}

/** The objects that stand directly in another one, with lists and maps looked into. */
function nested({ path, schema }: Section, resolve: Resolve): Section[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    objectsIn(path === "" ? key : `${path}.${key}`, resolve(property), resolve),
  );
}

function objectsIn(path: string, schema: Schema, resolve: Resolve): Section[] {
  if (schema.properties) return [{ path, schema }];
  if (schema.items) return objectsIn(`${path}[]`, resolve(schema.items), resolve);
  if (typeof schema.additionalProperties === "object")
    return objectsIn(`${path}.<name>`, resolve(schema.additionalProperties), resolve);
  return (schema.oneOf ?? []).flatMap((choice) => {
    const type = Object.entries(choice.properties ?? {}).find(([, { const: value }]) => value !== undefined);
    return type ? [{ path: `${path} (${type[0]}: ${type[1].const})`, schema: choice }] : [];
  });
}

function typeOf(property: Schema, resolve: Resolve): string {
  const schema = resolve(property);
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  if (schema.type === "array") return "list";
  if (schema.type === "object" || schema.properties) return "map";
  if (schema.type === "boolean") return "`true`, `false`";
  if (schema.type === "integer" || schema.type === "number") return "whole number";
  return "text";
}

function byDefault({ default: value }: Schema): string {
  return value === undefined ? "" : code(value);
}

function code(value: unknown): string {
  return `\`${(typeof value === "string" ? value : JSON.stringify(value)).replaceAll("|", "\\|")}\``;
}

if (import.meta.main) process.stdout.write(specReference());
