import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { World } from "../engines/world.ts";
import { expectAcceptable } from "./accept.ts";
import {
  expectApplicationsLeftAlone,
  expectGuarded,
  expectGuardedTogether,
  expectReported,
  expectReportedTogether,
  settledWorld,
} from "./check.ts";
import { managedProperties } from "./managed-properties.ts";
import { driftTable, exempt, guards, reported } from "./table.ts";

/** Every one by itself with ROLLCALL_DRIFT=each. */
const EACH = process.env.ROLLCALL_DRIFT === "each";

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

  it.each(guards.filter(({ alone }) => EACH || alone))("is named, repaired and gone: $by", (guard) =>
    expectGuarded(world, guard),
  );

  it("is reported and not repaired, where many things are changed at once", () =>
    expectReportedTogether(
      world,
      reported.filter(({ stops }) => !stops),
    ));

  it.each(reported.filter(({ stops }) => EACH || stops))("is reported and not repaired: $by", (row) =>
    expectReported(world, row),
  );
});
