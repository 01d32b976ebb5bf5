import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Command } from "commander";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { register } from "../../src/commands/schema.ts";
import { specJsonSchema } from "../../src/spec/json-schema.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

it("config/schema.json is what rollcall schema prints", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const program = new Command().exitOverride();
    register(program);
    await program.parseAsync(["node", "rollcall", "schema"]);
    expect(write.mock.calls.join("")).toBe(read("config/schema.json"));
  } finally {
    write.mockRestore();
  }
});

describe("the schema in an editor", () => {
  const schema = JSON.parse(specJsonSchema());
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const base = parse(read("test/spec/base.yaml"));

  it("is of the version that editors read", () => {
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
  });

  it("takes the specs that rollcall takes", () => {
    for (const file of ["config/sandbox.yaml", "test/spec/base.yaml"])
      expect(validate(parse(read(file))), file).toBe(true);
  });

  it.each([
    ["an unknown key", { ...base, colour: 1 }],
    ["a missing key", { ...base, version: undefined }],
    [
      "an unknown product",
      { ...base, applications: { a: { ...base.applications.datahub, product: "datahb" } } },
    ],
    [
      "both providers",
      {
        ...base,
        applications: { a: { ...base.applications.datahub, okta: base.applications["hub-okta"].okta } },
      },
    ],
    [
      "an assignment of nobody",
      {
        ...base,
        applications: { a: { ...base.applications["hub-okta"], okta: { label: "x", assignments: [{}] } } },
      },
    ],
  ])("refuses %s", (_, spec) => {
    expect(validate(JSON.parse(JSON.stringify(spec)))).toBe(false);
  });

  it("asks nothing of a spec that extends another, and still knows its keys", () => {
    expect(validate({ extends: "base.yaml" })).toBe(true);
    expect(validate({ extends: "base.yaml", applications: { a: { endpoint: "https://x.example" } } })).toBe(
      true,
    );
    expect(validate({ extends: "base.yaml", applications: { a: { endpont: "https://x.example" } } })).toBe(
      false,
    );
    // Lists are replaced whole, so their items have to be whole.
    expect(validate({ extends: "base.yaml", applications: { a: { entra: { assignments: [{}] } } } })).toBe(
      false,
    );
  });

  it("describes every key, for the hover of an editor", () => {
    const lacking: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(
            value as Record<
              string,
              { description?: string; $ref?: string; const?: unknown; allOf?: unknown }
            >,
          )) {
            if (!property.description && !property.$ref && !property.allOf && property.const === undefined)
              lacking.push(`${path}.${name}`);
          }
        }
        visit(value, `${path}.${key}`);
      }
    };
    visit(
      {
        definitions: Object.fromEntries(
          Object.entries(schema.definitions).filter(([name]) => !name.startsWith("partial-")),
        ),
      },
      "",
    );
    expect(lacking).toEqual([]);
  });
});
