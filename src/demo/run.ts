import type { EngineResult } from "../sandbox/engine/index.ts";
import type { ApplicationReport } from "./application-report.ts";
import { enableScim, startProvisioning, waitingForScim } from "./person.ts";
import type { Stage } from "./stage.ts";
import { type Chapter, storiesOf } from "./story.ts";

/** Hears what happens while the demo runs; `work` wraps what takes a while. */
export interface Audience {
  work<T>(what: string, work: () => Promise<T>, done: (result: T) => string): Promise<T>;
  applied(result: EngineResult): void;
  verified(reports: ApplicationReport[]): void;
  story(title: string): void;
}

/**
 * Plays the main job from a spec to people in a product, then the guide's story.
 * @returns one report an application; what went wrong later in the story stands among its mismatches
 */
export async function runDemo(stage: Stage, audience: Audience): Promise<ApplicationReport[]> {
  const { entra, okta } = stage.sandbox;
  const writes = () => entra.log.counts().writes + okta.log.counts().writes;

  const upAgain = async (says: string, remark = "") => {
    const result = await audience.work(
      `pulumi up: the spec says \`${says}\` now`,
      () => stage.run("up"),
      ({ counts }) =>
        `up: ${counts.create} created, ${counts.update} updated, now that the spec says \`${says}\`${remark}`,
    );
    audience.applied(result);
  };

  const made = await audience.work(
    "pulumi up: the spec becomes applications, roles, mappings, credentials and assignments",
    () => stage.run("up"),
    ({ counts }) => `up: ${counts.create} resources created in the tenants`,
  );
  audience.applied(made);
  if (waitingForScim(stage).length > 0) {
    await audience.work(
      "a person switches SCIM on in Okta",
      () => enableScim(stage, made),
      (names) => `a person switches SCIM on in Okta, which has no API for it: ${names.join(", ")}`,
    );
    await upAgain("scim: enabled");
  }
  const paused = startProvisioning(stage);
  if (paused.length > 0) {
    await upAgain("status: running", `, which yours does not yet for ${paused.join(", ")}`);
  }
  const before = writes();
  const again = await audience.work(
    "pulumi up again",
    () => stage.run("up"),
    () => `up again: nothing to change, ${writes() - before} writes to the tenant`,
  );
  const idle = again.counts.create + again.counts.update + again.counts.replace + again.counts.delete;
  const failures = await audience.work(
    "a provisioning cycle",
    () => stage.provision(),
    (failed) =>
      failed.length === 0 ? "provisioning cycle: done" : `provisioning cycle: ${failed.join("; ")}`,
  );
  const reports = await stage.verify();
  const [first] = reports;
  if (first && (idle > 0 || writes() > before)) first.mismatches.push("a second up was not idle");
  first?.mismatches.push(...failures);
  audience.verified(reports);

  for (const { title, chapters } of storiesOf(stage)) {
    audience.story(title);
    for (const chapter of chapters) first?.mismatches.push(...(await play(chapter, stage, audience)));
  }
  return reports;
}

/** @returns what is not as it should be afterwards, in sentences */
async function play(chapter: Chapter, stage: Stage, audience: Audience): Promise<string[]> {
  const { wrong } = await audience.work(
    chapter.happens,
    async () => {
      await chapter.play(stage);
      const failed = await stage.provision();
      const found = (await stage.verify()).flatMap(({ mismatches }) => mismatches);
      return { sentence: await chapter.outcome(stage), wrong: [...failed, ...found] };
    },
    ({ sentence, wrong }) => `${chapter.happens}: ${wrong.length === 0 ? sentence : wrong.join("; ")}`,
  );
  return wrong.map((problem) => `${chapter.happens}: ${problem}`);
}
