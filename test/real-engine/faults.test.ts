import { beforeAll, expect, it } from "vitest";
import { describeInterference, interferences } from "../faults/interfere.ts";
import { expectConverges, scenarios, undisturbed } from "../faults/scenario.ts";
import { withPulumi } from "./with-pulumi.ts";

/** Every interference at every write takes hours with the real providers: ROLLCALL_FAULTS=all. */
const ALL = process.env.ROLLCALL_FAULTS === "all";

/** Of a first `up` in Entra: write 0 makes the application, 1-3 its roles, 4-5 assign, then secrets, job, schema, start. */
const SAMPLE: Readonly<Record<string, string>> = {
  "a first up in Entra 0": "the engine and its plugins killed after it",
  "a first up in Entra 1": "the engine and its plugins killed after it",
  "a first up in Entra 4": "the engine alone killed during it",
};

for (const scenario of scenarios) {
  const cases = Array.from({ length: scenario.writes }, (_, index) =>
    interferences
      .map((interference) => ({ index, interference, how: describeInterference(interference) }))
      .filter(({ how }) => ALL || SAMPLE[`${scenario.what} ${index}`] === how),
  ).flat();
  if (cases.length === 0) continue;

  withPulumi(`${scenario.what}, interfered with`, () => {
    let reference: Awaited<ReturnType<typeof undisturbed>>;
    beforeAll(async () => {
      reference = await undisturbed("offline", scenario);
    });

    it("makes as many writes as there are cases for", () => {
      expect(reference.writes).toHaveLength(scenario.writes);
    });

    it.each(cases)("converges when write $index is $how", ({ index, interference }) =>
      expectConverges("real", scenario, index, interference, reference.dump),
    );
  });
}
