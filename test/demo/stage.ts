import { afterEach } from "vitest";
import type { runDemo } from "../../src/demo/run.ts";
import { Stage } from "../../src/demo/stage.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { loadSpec } from "../../src/spec/load.ts";

const SPEC = "test/demo/datahub-entra.yaml";

const open: Stage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

/** The sandbox with a spec, of DataHub alone unless told otherwise, and its own people; closed after the test. */
export async function openStage(file = SPEC): Promise<Stage> {
  const { spec } = loadSpec(file);
  const { directories } = loadDirectory("config/directory.sandbox.yaml");
  if (!spec || !directories) throw new Error("the sandbox's own spec or directory is wrong");
  const stage = await Stage.open({
    spec: file,
    desired: toDesiredState(spec),
    directories,
  });
  open.push(stage);
  return stage;
}

/** As {@link openStage}, applied, provisioned and verified, so that later verifications know who was in. */
export async function provisionedStage(file = SPEC): Promise<Stage> {
  const stage = await openStage(file);
  await stage.run("up");
  const wrong = [...(await stage.provision()), ...(await mismatchesOf(stage))];
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return stage;
}

/** What verification finds wrong, in sentences. */
export async function mismatchesOf(stage: Stage, name = "datahub"): Promise<string[]> {
  const report = (await stage.verify()).find((candidate) => candidate.name === name);
  if (!report) throw new Error(`no report of ${name}`);
  return report.mismatches;
}

/** A listener of the demo that shows nothing, and writes down what has been done and told. */
export function recording(told: string[]): Parameters<typeof runDemo>[1] {
  return {
    work: async (_what, work, done) => {
      const result = await work();
      told.push(done(result));
      return result;
    },
    applied: () => undefined,
    verified: () => undefined,
    story: (title) => told.push(title),
  };
}
