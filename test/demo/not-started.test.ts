import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runDemo } from "../../src/demo/run.ts";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { inventDirectory } from "../../src/desired/invent-directory.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { recording } from "./stage.ts";

const BASE = `version: 1
applications:
  entra:
    product: datahub
    token: { secret: entraToken }
    entra: { displayName: DataHub, assignments: [{ group: team, role: Reader }] }
  okta:
    product: datahub
    token: { secret: oktaToken }
    okta: { label: DataHub, scim: pending, assignments: [{ group: team }] }
`;
const SPEC = `extends: base.yaml
environment: dev
applications:
  entra: { endpoint: "https://entra.example.com" }
  okta: { endpoint: "https://okta.example.com" }
`;

it("shows what arrives once people have done their steps, where the spec says paused and pending and extends another", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-demo-"));
  writeFileSync(join(folder, "base.yaml"), BASE);
  const file = join(folder, "dev.yaml");
  writeFileSync(file, SPEC);
  const { spec } = loadSpec(file);
  if (!spec) throw new Error("the test's spec is wrong");
  const desired = toDesiredState(spec);
  const stage = await Stage.open({ spec: file, desired, directories: inventDirectory(desired) });
  const told: string[] = [];
  try {
    const reports = await runDemo(stage, recording(told));
    expect(reports.map(({ name, arrived, mismatches }) => [name, arrived.users, mismatches])).toEqual([
      ["entra", 2, []],
      ["okta", 2, []],
    ]);
    expect(told.join("\n")).toMatch(
      /now that the spec says `status: running`, which yours does not yet for entra/,
    );
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true });
  }
});
