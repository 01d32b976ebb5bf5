import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ensurePulumiBackend } from "../../src/sandbox/pulumi-backend.ts";
import type { Engine } from "../engines/engine.ts";
import { realEngine } from "../engines/real.ts";
import { appliedWorld, rollcall, type World } from "../inspect/world.ts";
import { withPulumi } from "./with-pulumi.ts";

/** Spec key -> how a person asks for it. */
const ADOPTED: Record<string, string[]> = {
  datahub: ["--entra", "DataHub SCIM"],
  "data-mesh-manager": ["--entra", "Data Mesh Manager"],
  collate: ["--entra", "Collate", "--product", "collate"],
  catalog: ["--entra", "Catalog"],
  "datahub-okta": [
    ...["--okta", "DataHub-SCIM-SWA", "--product", "datahub"],
    ...["--endpoint", "https://datahub-okta.sandbox.example"],
  ],
  "collate-okta": [
    ...["--okta", "Collate", "--product", "collate"],
    ...["--endpoint", "https://collate-okta.sandbox.example/api/v1/scim"],
  ],
};

withPulumi("applications that no stack knows", () => {
  let world: World;
  let folder: string;
  let engine: Engine;
  let imports: string;
  beforeAll(async () => {
    world = await appliedWorld("has switched SCIM on");
    folder = mkdtempSync(join(tmpdir(), "rollcall-adopted-"));
    const applications: Record<string, unknown> = {};
    const resources: unknown[] = [];
    const secrets = parse(readFileSync(world.spec, "utf8")).applications;
    for (const [key, how] of Object.entries(ADOPTED)) {
      const [out, ids] = [join(folder, `${key}.yaml`), join(folder, `${key}.json`)];
      const { exitCode, stderr } = await rollcall(
        ...["adopt", "-e", world.envFile, "--key", key, "--secret", secrets[key].token.secret],
        ...[...how, "--environment", "sandbox", "--out", out, "--imports", ids],
      );
      expect(exitCode, stderr).toBe(0);
      Object.assign(applications, parse(readFileSync(out, "utf8")).applications);
      resources.push(...JSON.parse(readFileSync(ids, "utf8")).resources);
    }
    const spec = join(folder, "adopted.yaml");
    writeFileSync(spec, stringify({ version: 1, environment: "sandbox", applications }));
    imports = join(folder, "imports.json");
    writeFileSync(imports, JSON.stringify({ resources }));
    const { sandbox } = world.stage;
    const env = { ...sandbox.env, PULUMI_BACKEND_URL: ensurePulumiBackend(join(folder, "backend")) };
    const engineFolder = join(folder, "engine");
    mkdirSync(engineFolder);
    engine = realEngine({ sandbox: { ...sandbox, env }, spec, env: {}, folder: engineFolder });
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const dump = () => {
    const { entra, okta } = world.stage.sandbox;
    return { entra: entra.dump(), okta: okta.dump() };
  };
  const PROVIDER = /^(default|rollcall)(_|$)/;

  it("are imported as they are, without a complaint", async () => {
    const before = dump();
    const run = await engine.import(JSON.parse(readFileSync(imports, "utf8")));
    expect(run.exitCode, run.text).toBe(0);
    expect(run.warnings).toEqual([]);
    expect(dump()).toEqual(before);
  });

  it("are the stack's after the first up, which changes nothing in the tenants", async () => {
    const before = dump();
    const up = await engine.up();
    expect(up.exitCode, up.text).toBe(0);
    expect(up.changes.filter(({ name }) => !PROVIDER.test(name))).toEqual([
      { name: "applications", op: "create", paths: [] },
      // The okta provider's import of a profile mapping reads none of its attributes; `adopt` says so.
      { name: "collate-okta-profile", op: "update", paths: ["alwaysApply", "deleteWhenAbsent", "mappings"] },
    ]);
    expect(dump()).toEqual(before);
    const preview = await engine.preview();
    expect(preview.exitCode, preview.text).toBe(0);
  });
});
