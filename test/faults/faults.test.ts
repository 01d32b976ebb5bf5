import { beforeAll, describe, expect, it } from "vitest";
import { describeInterference, interferences } from "./interfere.ts";
import { expectConverges, type Scenario, scenarios, undisturbed } from "./scenario.ts";

/** Every interference at every write takes an hour: `npm run test:faults`. Otherwise a few, and another one in each scenario. */
const ALL = process.env.ROLLCALL_FAULTS === "all";
const SAMPLE_EVERY = 6;
const SHIFT = 3;

function turnOf(scenario: Scenario, index: number): number {
  return (index + scenarios.indexOf(scenario) * SHIFT) % interferences.length;
}

describe.each(scenarios)("$what, interfered with", { timeout: 300_000 }, (scenario) => {
  let reference: Awaited<ReturnType<typeof undisturbed>>;
  beforeAll(async () => {
    reference = await undisturbed("offline", scenario);
  }, 300_000);

  const cases = Array.from({ length: scenario.writes }, (_, index) =>
    interferences
      .map((interference) => ({ index, interference, how: describeInterference(interference) }))
      .filter((_one, turn) => ALL || (index % SAMPLE_EVERY === 0 && turn === turnOf(scenario, index))),
  ).flat();

  it("makes as many writes as there are cases for", () => {
    expect(reference.writes).toHaveLength(scenario.writes);
  });

  it.each(cases)("converges when write $index is $how", ({ index, interference }) =>
    expectConverges("offline", scenario, index, interference, reference.dump),
  );
});
