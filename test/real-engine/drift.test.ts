import { afterAll, beforeAll, it } from "vitest";
import { expectAcceptable } from "../drift/accept.ts";
import {
  expectApplicationsLeftAlone,
  expectGuarded,
  expectGuardedTogether,
  expectReported,
  expectReportedTogether,
  settledWorld,
} from "../drift/check.ts";
import { guards, reported } from "../drift/table.ts";
import type { World } from "../engines/world.ts";
import { withPulumi } from "./with-pulumi.ts";

/** Every one by itself with ROLLCALL_DRIFT=each: each takes three runs of Pulumi. */
const EACH = process.env.ROLLCALL_DRIFT === "each";

withPulumi("drift", () => {
  let world: World;
  beforeAll(async () => {
    world = await settledWorld("real");
  });
  afterAll(() => world.close());

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
