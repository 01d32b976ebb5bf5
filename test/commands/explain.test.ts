import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rollcall } from "../inspect/world.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-explain-"));
const spec = join(folder, "own.yaml");
beforeAll(() =>
  writeFileSync(
    spec,
    `version: 1
environment: dev
applications:
  hub:
    product: datahub
    endpoint: https://hub.example.com
    token: { secret: hubToken }
    entra:
      displayName: Hub
      assignments: [{ group: owners, role: Reader }, { user: ada@acme.com, role: Admin }]
`,
  ),
);
afterAll(() => rmSync(folder, { recursive: true }));

describe("rollcall explain without a directory", () => {
  it("explains whom the spec names, and says that the rest is made up and how to list it", async () => {
    const { exitCode, stdout, stderr } = await rollcall("explain", spec, "--user", "ada@acme.com", "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ application: "hub" });
    expect(stderr).toMatch(/made up.*as config\/directory\.sandbox\.yaml does.*--directory/);
  });

  it("says so too where the spec does not name the person", async () => {
    const { exitCode, stderr } = await rollcall("explain", spec, "--user", "carol@acme.com");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Only people and groups that the spec names are known/);
  });

  it("says nothing of the kind where the people are listed", async () => {
    const people = ["--directory", "config/directory.sandbox.yaml"];
    const { stderr } = await rollcall("explain", spec, "--user", "ada@sandbox.example", ...people);
    expect(stderr).toBe("");
  });
});

it("export --arrivals refuses people who are made up, and says how to list one's own", async () => {
  const { exitCode, stderr } = await rollcall("export", spec, "--arrivals", "--application", "hub");
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /not in the spec\. List who is there in a YAML file, as config\/directory\.sandbox\.yaml does/,
  );
});
