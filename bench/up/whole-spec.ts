import { join } from "node:path";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { ensurePulumiBackend } from "../../src/sandbox/pulumi-backend.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { type Measured, otherProject, pulumi, REPOSITORY, rollcallProject, type Setting } from "./pulumi.ts";

const SPEC = join(REPOSITORY, "config/sandbox.yaml");

/** Previews with nothing to change: of all applications of the sandbox's spec, and of a program that is empty. */
export interface Previews {
  sandbox: Sandbox;
  whole(): Promise<Measured>;
  empty(): Promise<Measured>;
}

/** Makes all of the spec's applications first. */
export async function previews(setting: Setting): Promise<Previews> {
  const { spec } = loadSpec(SPEC);
  const { directories } = loadDirectory(join(REPOSITORY, "config/directory.sandbox.yaml"));
  if (!spec || !directories) throw new Error("the sandbox's own spec or directory is wrong");
  const sandbox = await startSandbox({
    desired: toDesiredState(spec),
    directories,
    kindness: { kind: true },
  });
  const whole = rollcallProject(setting.folder, SPEC);
  const folder = join(setting.folder, "empty");
  const empty = otherProject(folder, "empty");
  const backend = ensurePulumiBackend(join(folder, "backend"), "empty");
  await pulumi(setting, sandbox, whole, "up", {});
  return {
    sandbox,
    whole: () => pulumi(setting, sandbox, whole, "preview", {}),
    empty: () => pulumi({ ...setting, folder }, sandbox, empty, "preview", { PULUMI_BACKEND_URL: backend }),
  };
}
