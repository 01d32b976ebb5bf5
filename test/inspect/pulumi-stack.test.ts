import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPulumiStack } from "../../src/inspect/pulumi-stack.ts";
import { fakePulumi } from "./fake-pulumi.ts";

/** As `pulumi config --show-secrets --json` v3.259 prints it. */
const CONFIG = {
  "rollcall:datahubScimToken": { value: "token-of-the-stack", secret: true },
  "rollcall:okta": { value: '{"apiToken":"xyz"}', objectValue: { apiToken: "xyz" }, secret: true },
  "rollcall:spec": { value: "config/prod.yaml", secret: false },
  "azuread:environment": { value: "public", secret: false },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-pulumi-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: rollcall\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cli = (config: object, outputs: object) => fakePulumi(folder, config, outputs);

describe("readPulumiStack", () => {
  it("takes spec, tokens, connections and ids from the stack", async () => {
    const applications = {
      datahub: { servicePrincipalObjectId: "sp-1" },
      collate: { applicationId: "0oa1" },
    };
    expect(await readPulumiStack("prod", cli(CONFIG, { applications }), folder)).toEqual({
      spec: relative(process.cwd(), join(folder, "config/prod.yaml")),
      tokens: { ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: "token-of-the-stack" },
      connections: { okta: { apiToken: "xyz" } },
      known: new Map([
        ["datahub", "sp-1"],
        ["collate", "0oa1"],
      ]),
    });
  });

  it("finds the spec from the project's folder when it is asked in one below", async () => {
    const below = join(folder, "config", "deeper");
    mkdirSync(below, { recursive: true });
    const { spec } = await readPulumiStack("prod", cli(CONFIG, {}), below);
    expect(resolve(spec)).toBe(join(folder, "config/prod.yaml"));
  });

  it("knows no ids of a stack that has never been up", async () => {
    expect((await readPulumiStack("prod", cli(CONFIG, {}))).known.get("constructor")).toBeUndefined();
  });

  it.each([
    "xyzSecret",
    '{"clientSecret":"xyzSecret"',
    '["xyzSecret"]',
    '{"clientSecret":{"a":"xyzSecret"}}',
    "null",
  ])("does not say what a connection holds that it cannot read: %s", async (value) => {
    const config = { ...CONFIG, "rollcall:entra": { value, secret: true } };
    const error = await readPulumiStack("prod", cli(config, {})).catch((caught: unknown) => caught);
    expect(String(error)).toMatch(/^Error: rollcall:entra of the stack is no map of texts\./);
    expect(inspect(error)).not.toContain("xyz");
  });

  it("says what is missing, and never what the command printed", async () => {
    await expect(readPulumiStack("dev", cli(CONFIG, {}))).rejects.toThrow(
      /^`pulumi config --show-secrets` failed: error: no stack named 'dev' found$/,
    );
    await expect(readPulumiStack("prod", cli({}, {}))).rejects.toThrow("The stack prod names no spec.");
    await expect(readPulumiStack("prod", { PATH: join(folder, "nothing") })).rejects.toThrow(
      "there is no `pulumi` on PATH",
    );
  });
});
