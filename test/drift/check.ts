import { expect } from "vitest";
import { confirmScim, switchScimOn } from "../engines/confirm-scim.ts";
import type { Engine, Run } from "../engines/engine.ts";
import { openWorld, type World } from "../engines/world.ts";
import type { Guard, Reported } from "./guard.ts";
import { writeNotes } from "./okta.ts";

/** The sandbox's spec with everything in it that can drift, applied, and SCIM switched on in Okta. */
export async function settledWorld(engine: Engine["kind"]): Promise<World> {
  const world = await openWorld({ engine, seed: "drift" });
  world.edit((spec) =>
    spec.setIn(["applications", "datahub", "entra", "provisioning"], {
      status: "running",
      notify: "iam@sandbox.example",
      accidentalDeletionThreshold: 100,
    }),
  );
  succeeded(await world.engine.up());
  await switchScimOn(world);
  confirmScim(world);
  succeeded(await world.engine.up());
  world.writes();
  return world;
}

/** Preview names it, `up` repairs it with its own writes, and nothing is left to do. */
export async function expectGuarded(world: World, guard: Guard): Promise<void> {
  await guard.tamper(world);
  const preview = await world.engine.preview();
  expectDrift(preview);
  expectNamed(preview, guard);
  const up = await world.engine.up();
  succeeded(up);
  expectNamed(up, guard);
  expect(up.changes).toHaveLength(1);
  expectWrites(world.writes(), guard.repair);
  succeeded(await world.engine.preview());
}

/** As {@link expectGuarded}, for several things at once: a run costs the real engine many seconds. */
export async function expectGuardedTogether(world: World, guards: readonly Guard[]): Promise<void> {
  for (const guard of guards) await guard.tamper(world);
  const preview = await world.engine.preview();
  expectDrift(preview);
  for (const guard of guards) expectNamed(preview, guard);
  const resources = new Set(guards.map(({ shows }) => shows.name));
  expect(new Set(preview.changes.map(({ name }) => name))).toEqual(resources);
  succeeded(await world.engine.up());
  const wanted = new Set(guards.flatMap(({ repair }) => repair));
  expect(new Set(world.writes().map((write) => matching(write, wanted)))).toEqual(wanted);
  succeeded(await world.engine.preview());
}

/** Where repairing could hurt, it is named and left to a person; where it stops, `up` stops as the preview does. */
export async function expectReported(world: World, { tamper, says, stops, undo }: Reported): Promise<void> {
  await tamper(world);
  const run = stops ? await world.engine.up() : await world.engine.preview();
  expect(run.exitCode, run.text).not.toBe(0);
  expect(run.text).toMatch(says);
  if (!stops) {
    expectDrift(run);
    succeeded(await world.engine.up());
  }
  expect(world.writes()).toEqual([]);
  await undo(world);
}

/** As {@link expectReported}, for several things at once of which none stops a run. */
export async function expectReportedTogether(world: World, rows: readonly Reported[]): Promise<void> {
  // A renamed application is not found any more by what else is to be done to it.
  for (const { tamper } of rows.toReversed()) await tamper(world);
  const preview = await world.engine.preview();
  expectDrift(preview);
  for (const { says } of rows) expect(preview.text).toMatch(says);
  succeeded(await world.engine.up());
  expect(world.writes()).toEqual([]);
  for (const { undo } of rows) await undo(world);
}

/** The provider would write the whole of an application for what somebody noted there, and that may wipe its SCIM settings. */
export async function expectApplicationsLeftAlone(world: World): Promise<void> {
  await writeNotes(world);
  succeeded(await world.engine.preview());
  succeeded(await world.engine.up());
  expect(world.writes()).toEqual([]);
}

export function succeeded(run: Run): void {
  expect(run.exitCode, run.text).toBe(0);
}

/** Pulumi's own CLI ends with 1 where changes were not expected, older ones with 255. */
export function expectDrift(run: Run): void {
  expect(
    run.errors.filter((error) => !/no changes were expected/i.test(error)),
    run.text,
  ).toEqual([]);
  expect(run.exitCode, run.text).not.toBe(0);
}

function expectNamed(run: Run, { shows: { name, path }, by }: Guard): void {
  const change = run.changes.find((one) => one.name === name);
  expect(change, `${by}: ${run.text}`).toBeDefined();
  if (path === undefined) return;
  // An engine may name an element of a list, or a part of an object.
  const named = change?.paths.some(
    (one) => one === path || one.startsWith(`${path}.`) || one.startsWith(`${path}[`),
  );
  expect(named, `${by}: ${path} is not among ${change?.paths.join(", ")}`).toBe(true);
}

function expectWrites(writes: readonly string[], patterns: readonly string[]): void {
  expect(writes.map((write) => matching(write, patterns))).toEqual(patterns);
}

/** The pattern that a write is of; the write itself where there is none. */
function matching(write: string, patterns: Iterable<string>): string {
  for (const pattern of patterns) if (isOf(write, pattern)) return pattern;
  return write;
}

/** `*` stands for one segment of a path; a pattern that ends with `/` leaves out the last one. */
function isOf(write: string, pattern: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]+");
  return new RegExp(`^${source}${pattern.endsWith("/") ? "[^/]+" : ""}(\\?.*)?$`).test(write);
}
