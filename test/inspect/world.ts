import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { main } from "../../src/cli.ts";
import { enableScim } from "../../src/demo/person.ts";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import type { EngineResult } from "../../src/sandbox/engine/index.ts";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
import { loadSpec } from "../../src/spec/load.ts";

/** The sandbox's six applications in tenants of their own, and the command line on them. */
export interface World {
  stage: Stage;
  /** A copy of the spec that a test may change. */
  spec: string;
  envFile: string;
  /** The `up` that made the applications. */
  applied: EngineResult;
  close(): Promise<void>;
}

/**
 * Applies config/sandbox.yaml to kind tenants.
 * @param person whether somebody has switched SCIM on in Okta, so that people are assigned there
 * @param people instead of config/directory.sandbox.yaml
 */
export async function appliedWorld(
  person: "has switched SCIM on" | "was not there",
  people = "config/directory.sandbox.yaml",
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-inspect-"));
  const spec = join(folder, "sandbox.yaml");
  cpSync("config/sandbox.yaml", spec);
  const { spec: checked } = loadSpec(spec);
  const { directories } = loadDirectory(people);
  if (!checked || !directories) throw new Error("the sandbox's own spec or directory is wrong");
  const desired = toDesiredState(checked);
  const stage = await Stage.open({ spec, desired, directories, kindness: { kind: true } });
  const applied = await stage.run("up");
  if (person === "has switched SCIM on") {
    await enableScim(stage, applied);
    await stage.run("up");
  }
  const envFile = join(folder, "env");
  writeEnvFile(envFile, stage.sandbox.env);
  return {
    stage,
    spec: stage.spec,
    envFile,
    applied,
    close: async () => {
      await stage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the command line in this process. */
export async function rollcall(
  ...args: string[]
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((chunk) => {
      written[stream] += String(chunk);
      return true;
    }),
  );
  const errors = vi.spyOn(console, "error").mockImplementation((line) => {
    written.stderr += `${line}\n`;
  });
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    return { exitCode: await main(["node", "rollcall", ...args]), ...written };
  } finally {
    process.exitCode = before;
    for (const spy of [...spies, errors]) spy.mockRestore();
  }
}
