import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-sandbox-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WITH_A_WARNING = `version: 1
environment: dev
applications:
  dmm:
    product: data-mesh-manager
    endpoint: https://dmm.example.com
    token: { secret: dmmToken }
    okta: { label: DMM, scim: pending, assignments: [{ group: owners }] }
`;

it("says a warning of the spec once, though command and program both read it", async () => {
  const spec = join(folder, "warning.yaml");
  writeFileSync(spec, WITH_A_WARNING);
  const { code, stdout, stderr } = await runCli([
    ...["sandbox", "preview", "--spec", spec],
    ...["--data", join(folder, "data"), "--kind"],
  ]);
  expect(code).toBe(0);
  expect(`${stdout}${stderr}`.split("[undocumented-provider]")).toHaveLength(2);
  expect(stdout).toMatch(/^warning \S+:\d+:\d+ \[undocumented-provider\] .*\n {4}why: .*\n {4}help: /m);
});

it("works on a served sandbox with the spec that was served, unless another is named", async () => {
  const served = join(folder, "served.yaml");
  const envFile = join(folder, "env");
  writeFileSync(envFile, `export ROLLCALL_SANDBOX_SPEC='${served}'\n`);
  const unnamed = await runCli(["sandbox", "preview", "-e", envFile]);
  expect(unnamed.stderr).toContain(`${served} does not exist`);
  const other = join(folder, "other.yaml");
  const named = await runCli(["sandbox", "preview", "-e", envFile, "--spec", other]);
  expect(named.stderr).toContain(`${other} does not exist`);
});
