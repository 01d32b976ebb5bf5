import { expect, it } from "vitest";
import { describeInterference, type Interference } from "../faults/interfere.ts";
import { expectConverges, scenarios, undisturbed } from "../faults/scenario.ts";
import { withPulumi } from "./with-pulumi.ts";

/** Each case makes an application, so all of them together take an hour: ROLLCALL_FAULTS=all. */
const ALL = process.env.ROLLCALL_FAULTS === "all";

const PLUGINS_TOO: Interference = { kind: "kill", when: "after", victims: "the engine and its plugins" };
const ENGINE_ALONE: Interference = { kind: "kill", when: "during", victims: "the engine alone" };

/** Of a first `up` in Entra: write 0 makes the application, 1-3 its roles, 4-5 assign, then secrets, job, schema, start. */
const CASES: readonly { index: number; interference: Interference; always?: true }[] = [
  { index: 0, interference: PLUGINS_TOO, always: true },
  { index: 0, interference: { kind: "drop", when: "after" } },
  { index: 0, interference: { kind: "answer", status: 500 } },
  { index: 1, interference: PLUGINS_TOO, always: true },
  { index: 2, interference: { kind: "answer", status: 503 } },
  { index: 4, interference: ENGINE_ALONE, always: true },
  { index: 5, interference: { kind: "drop", when: "after" } },
  { index: 6, interference: { kind: "answer", status: 429 } },
  { index: 7, interference: PLUGINS_TOO },
  { index: 8, interference: { kind: "not found by the next reads" } },
  { index: 9, interference: PLUGINS_TOO },
];

withPulumi("a first up in Entra, interfered with", () => {
  const [scenario] = scenarios;
  if (!scenario) throw new Error("there are no scenarios");
  let reference: ReturnType<typeof undisturbed> | undefined;

  const cases = CASES.filter(({ always }) => ALL || always).map((one) => ({
    ...one,
    how: describeInterference(one.interference),
  }));
  it.each(cases)("converges when write $index is $how", async ({ index, interference }) => {
    reference ??= undisturbed("offline", scenario);
    const { dump, writes } = await reference;
    expect(writes).toHaveLength(scenario.writes);
    await expectConverges("real", scenario, index, interference, dump);
  });
});
