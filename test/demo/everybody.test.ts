import { expect, it } from "vitest";
import { mismatchesOf, openStage } from "./stage.ts";

it("everybody arrives under scope: all, a group inside a group as its member too", async () => {
  const stage = await openStage("test/demo/dmm-everybody.yaml");
  await stage.run("up");
  expect(await stage.provision()).toEqual([]);
  expect(await mismatchesOf(stage, "dmm")).toEqual([]);
});
