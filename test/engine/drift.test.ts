import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lines, Stack } from "./stack.ts";

const PLAN = {
  things: [
    { name: "a", value: 1 },
    { name: "b", value: 2 },
  ],
};

describe("drift", { timeout: 90_000 }, () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = new Stack();
    await stack.run("up", PLAN);
    stack.writes();
  });
  afterEach(() => stack.dispose());

  function tamper(change: (world: Record<string, { inputs: Record<string, unknown> }>) => void): void {
    const file = join(stack.folder, "world.json");
    const world = JSON.parse(readFileSync(file, "utf8"));
    change(world);
    writeFileSync(file, JSON.stringify(world));
  }

  it("is seen by a preview, which writes nothing, and repaired by up", async () => {
    tamper((world) => {
      Object.assign(world["thing-1"]?.inputs ?? {}, { value: "by hand" });
    });
    const before = stack.state();

    const preview = await stack.run("preview", PLAN, { expectNoChanges: true });
    expect(preview.exitCode).toBe(7);
    expect(lines(preview)).toEqual(["drifted a", "update a"]);
    expect(preview.steps[0]?.diff).toEqual([
      { path: "value", kind: "update", old: "1", new: '"by hand"', replace: false },
    ]);
    expect(stack.state()).toBe(before);

    expect((await stack.run("up", PLAN)).exitCode).toBe(0);
    expect(stack.writes()).toEqual(["update a"]);
    expect((await stack.run("preview", PLAN, { expectNoChanges: true })).exitCode).toBe(0);
  });

  it("makes again what is gone", async () => {
    tamper((world) => {
      delete world["thing-2"];
    });
    const result = await stack.run("up", PLAN);
    expect(lines(result)).toEqual(["gone b", "create b"]);
    expect(stack.writes()).toEqual(["create b"]);
  });

  it("is taken into the state by refresh, which ends with 7 when none was expected", async () => {
    tamper((world) => {
      delete world["thing-2"];
    });
    const refreshed = await stack.run("refresh", {}, { expectNoChanges: true });
    expect(refreshed.exitCode).toBe(7);
    expect(stack.resources().some(({ urn }) => urn.endsWith("::b"))).toBe(false);
    expect(stack.writes()).toEqual([]);
    expect((await stack.run("refresh", {}, { expectNoChanges: true })).exitCode).toBe(0);
  });
});
