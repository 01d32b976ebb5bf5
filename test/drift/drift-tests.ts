import { afterAll, beforeAll, it } from "vitest";
import type { Engine } from "../engines/engine.ts";
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
import { guards, reported } from "./table.ts";

/** Every one by itself with ROLLCALL_DRIFT=each: each takes three runs of the engine. */
const EACH = process.env.ROLLCALL_DRIFT === "each";

/** The world in which drift is looked for; there from the first test on. */
export function driftWorld(kind: Engine["kind"]): () => World {
  let world: World;
  beforeAll(async () => {
    world = await settledWorld(kind);
  }, 600_000);
  afterAll(() => world.close());
  return () => world;
}

/** What has to hold of drift, whichever engine looks for it. */
export function driftTests(world: () => World): void {
  it("is no reason to write an application of Okta that carries SCIM, whatever people note there", () =>
    expectApplicationsLeftAlone(world()));

  it("may be taken into the spec, however many it lets in", () => expectAcceptable(world()));

  it("is named, repaired and gone, where many things are changed at once", () =>
    expectGuardedTogether(
      world(),
      guards.filter(({ alone }) => !alone),
    ));

  it.each(guards.filter(({ alone }) => EACH || alone))("is named, repaired and gone: $by", (guard) =>
    expectGuarded(world(), guard),
  );

  it("is reported and not repaired, where many things are changed at once", () =>
    expectReportedTogether(
      world(),
      reported.filter(({ stops }) => !stops),
    ));

  it.each(reported.filter(({ stops }) => EACH || stops))("is reported and not repaired: $by", (row) =>
    expectReported(world(), row),
  );
}
