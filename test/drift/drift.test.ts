import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { World } from "../engines/world.ts";
import { expectAcceptable } from "./accept.ts";
import {
  expectApplicationsLeftAlone,
  expectGuarded,
  expectGuardedTogether,
  expectReported,
  settledWorld,
} from "./check.ts";
import { managedProperties } from "./managed-properties.ts";
import { driftTable, exempt, guards, reported } from "./table.ts";

describe("drift on the offline engine", { timeout: 300_000 }, () => {
  let world: World;
  beforeAll(async () => {
    world = await settledWorld("offline");
  }, 300_000);
  afterAll(() => world.close());

  it("has a guard, or a reason why not, for every property that the program manages, and for no other", async () => {
    const managed = managedProperties(world.engine.state());
    const answered = new Set([...guards, ...exempt, ...reported].map(({ property }) => property));
    expect([...answered].sort()).toEqual(managed);
    await expect(driftTable(managed)).toMatchFileSnapshot("../../docs/drift.md");
  });

  it("is no reason to write an application of Okta that carries SCIM, whatever people note there", () =>
    expectApplicationsLeftAlone(world));

  it("may be taken into the spec, however many it lets in", () => expectAcceptable(world));

  it("is named, repaired and gone, where many things are changed at once", () =>
    expectGuardedTogether(
      world,
      guards.filter(({ alone }) => !alone),
    ));

  const each = process.env.ROLLCALL_DRIFT === "each" ? guards : guards.filter(({ alone }) => alone);
  it.each(each)("is named, repaired and gone: $by", (guard) => expectGuarded(world, guard));

  it.each(reported)("is reported and not repaired: $by", (row) => expectReported(world, row));
});
