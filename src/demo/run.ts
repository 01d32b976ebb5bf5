import type { EngineResult } from "../sandbox/engine/index.ts";
import type { ApplicationReport } from "./application-report.ts";
import type { Stage } from "./stage.ts";
import { storyOf } from "./story.ts";

/** Hears what happens while the demo runs; `work` wraps what takes a while. */
export interface Audience {
  work<T>(what: string, work: () => Promise<T>, done: (result: T) => string): Promise<T>;
  applied(result: EngineResult): void;
  verified(reports: ApplicationReport[]): void;
  story(): void;
}

/**
 * Plays the main job from a spec to people in a product, then the guide's story.
 * @returns one report an application; what went wrong later in the story stands among its mismatches
 */
export async function runDemo(stage: Stage, audience: Audience): Promise<ApplicationReport[]> {
  const { entra, okta } = stage.sandbox;
  const writes = () => entra.log.counts().writes + okta.log.counts().writes;

  const result = await audience.work(
    "pulumi up: the spec becomes applications, roles, mappings, credentials and assignments",
    () => stage.run("up"),
    ({ counts }) => `up: ${counts.create} resources created in the tenant`,
  );
  audience.applied(result);
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

  const chapters = storyOf(stage);
  if (chapters.length > 0) audience.story();
  for (const chapter of chapters) {
    const problems = await audience.work(
      chapter.happens,
      async () => {
        await chapter.play(stage);
        const failed = await stage.provision();
        const found = (await stage.verify()).flatMap(({ mismatches }) => mismatches);
        return { sentence: await chapter.outcome(stage), wrong: [...failed, ...found] };
      },
      ({ sentence, wrong }) => `${chapter.happens}: ${wrong.length === 0 ? sentence : wrong.join("; ")}`,
    );
    first?.mismatches.push(...problems.wrong.map((problem) => `${chapter.happens}: ${problem}`));
  }
  return reports;
}
