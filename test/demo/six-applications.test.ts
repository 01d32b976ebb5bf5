import { expect, it } from "vitest";
import { runDemo } from "../../src/demo/run.ts";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { recording } from "./stage.ts";

it("everything that the sandbox's spec promises arrives, and the guides' stories come true", async () => {
  const { spec } = loadSpec("config/sandbox.yaml");
  const { directories } = loadDirectory("config/directory.sandbox.yaml");
  if (!spec || !directories) throw new Error("the sandbox's own spec or directory is wrong");
  const stage = await Stage.open({ spec: "config/sandbox.yaml", desired: toDesiredState(spec), directories });
  const told: string[] = [];
  try {
    const reports = await runDemo(stage, recording(told));
    expect(reports.map(({ name, idp }) => `${name} from ${idp}`)).toEqual([
      "datahub from entra",
      "datahub-okta from okta",
      "data-mesh-manager from entra",
      "collate from entra",
      "collate-okta from okta",
      "catalog from entra",
    ]);
    for (const { expected, arrived, mismatches } of reports) {
      expect(mismatches).toEqual([]);
      expect(arrived).toEqual(expected);
      expect(arrived.users).toBeGreaterThan(0);
    }
    expect(told).toContain("up again: nothing to change, 0 writes to the tenant");
    expect(told.filter((line) => line.startsWith("The story of"))).toHaveLength(2);
  } finally {
    await stage.close();
  }
}, 180_000);
