import { describe, expect, it } from "vitest";
import { driftTests, driftWorld } from "./drift-tests.ts";
import { managedProperties } from "./managed-properties.ts";
import { driftTable, exempt, guards, reported } from "./table.ts";

describe("drift on the offline engine", { timeout: 300_000 }, () => {
  const world = driftWorld("offline");

  it("has a guard, or a reason why not, for every property that the program manages, and for no other", async () => {
    const managed = managedProperties(world().engine.state());
    const answered = new Set([...guards, ...exempt, ...reported].map(({ property }) => property));
    expect([...answered].sort()).toEqual(managed);
    await expect(driftTable(managed)).toMatchFileSnapshot("../../docs/drift.md");
  });

  driftTests(world);
});
