import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { completeAnswers } from "../../src/init/answers.ts";
import { firstSpec } from "../../src/init/first-spec.ts";
import { PRODUCT_KEYS } from "../../src/products/registry.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { rollcall } from "../inspect/world.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-init-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const flags = (product: string, idp: string, file: string) => [
  "init",
  ...["--environment", "staging", "--product", product, "--idp", idp, "--output", file],
  ...["--endpoint", "https://catalog.acme.example/scim", "--group", "data-stewards"],
];

describe("rollcall init", () => {
  it.each(PRODUCT_KEYS.flatMap((product) => ["entra", "okta"].map((idp) => [product, idp])))(
    "writes a spec of %s from %s that is valid",
    async (product, idp) => {
      const file = join(folder, "new", "staging.yaml");
      const { exitCode, stdout } = await rollcall(...flags(product, idp, file));
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`npx rollcall validate ${file}`);
      expect(stdout).toContain(`npx rollcall demo --spec ${file} `);
      const { spec, diagnostics } = loadSpec(file);
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(Object.keys(spec?.spec.applications ?? {})).toEqual([product]);
      expect(JSON.parse(readFileSync(join(folder, "new", "schema.json"), "utf8"))).toHaveProperty(
        "definitions",
      );
    },
  );

  it("says what it chose where nobody was asked, the role first of all", async () => {
    const { stdout } = await rollcall(...flags("datahub", "entra", join(folder, "datahub.yaml")));
    expect(stdout).toContain('What was not given is the usual: --name "DataHub SCIM", --role "Reader".\n');
    const given = ["--name", "DataHub", "--role", "Editor"];
    const asked = await rollcall(...flags("datahub", "entra", join(folder, "given.yaml")), ...given);
    expect(asked.stdout).not.toContain("the usual");
  });

  it("names the application of a product that it does not know by where that is", async () => {
    const file = join(folder, "custom.yaml");
    await rollcall(...flags("custom", "entra", file));
    expect(parse(readFileSync(file, "utf8")).applications.custom.entra.displayName).toBe(
      "catalog.acme.example SCIM",
    );
  });

  it("overwrites nothing", async () => {
    const file = join(folder, "staging.yaml");
    await rollcall(...flags("datahub", "entra", file));
    const before = readFileSync(file, "utf8");
    const { exitCode, stderr } = await rollcall(...flags("collate", "okta", file));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is there already/);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("leaves no file behind that is not valid", async () => {
    const file = join(folder, "staging.yaml");
    const wrong = flags("datahub", "entra", file).map((word) =>
      word.startsWith("https") ? "https://" : word,
    );
    expect((await rollcall(...wrong)).exitCode).not.toBe(0);
    expect(existsSync(file)).toBe(false);
  });
});

describe("the questions", () => {
  it("are asked again until the answer can be used, and an empty one means the usual", async () => {
    const said = [
      "prod",
      "",
      "",
      "http://x",
      "https://acme.acryl.io",
      "",
      "",
      "data-stewards",
      "Boss",
      "Admin",
    ];
    const heard: { question: string; complaint: string | undefined }[] = [];
    const answers = await completeAnswers({}, async (question, complaint) => {
      heard.push({ question, complaint });
      return said.shift() ?? "";
    });
    expect(answers).toEqual({
      environment: "prod",
      product: "datahub",
      idp: "entra",
      endpoint: "https://acme.acryl.io",
      displayName: "DataHub SCIM",
      group: "data-stewards",
      role: "Admin",
    });
    expect(heard.flatMap(({ complaint }) => complaint ?? [])).toEqual([
      "It must be an https URL, as in https://acme.acryl.io.",
      "It must not be empty.",
      'It is one of "Admin", "Editor" or "Reader".',
    ]);
  });

  it("refuse an environment that has its spec as soon as it is named", async () => {
    const said = ["dev", "staging", "", "", "https://acme.acryl.io", "", "data-stewards", "Reader"];
    const complaints: string[] = [];
    const answers = await completeAnswers(
      {},
      async (_, complaint) => {
        if (complaint) complaints.push(complaint);
        return said.shift() ?? "";
      },
      (question, answer) =>
        question === "environment" && answer === "dev" ? "config/dev.yaml is there already." : undefined,
    );
    expect(answers).toMatchObject({ environment: "staging", role: "Reader" });
    expect(complaints).toEqual(["config/dev.yaml is there already."]);
  });

  it("name what is missing where there is nobody to ask", async () => {
    await expect(completeAnswers({ product: "collate" })).rejects.toThrow("--endpoint, --group");
  });

  it("are not asked where there is nothing to choose", async () => {
    const given = { product: "collate", endpoint: "https://c.example/scim", group: "g" };
    await expect(completeAnswers({ ...given, role: "Admin" })).rejects.toThrow("nothing to choose");
  });
});

it("writes any name so that YAML reads it back", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (group) => {
      const text = firstSpec({
        environment: "dev",
        product: "datahub",
        idp: "entra",
        endpoint: "https://acme.acryl.io",
        displayName: group,
        group,
        role: "Reader",
      });
      const { entra } = parse(text).applications.datahub;
      expect([entra.displayName, entra.assignments[0].group]).toEqual([group, group]);
    }),
  );
});
