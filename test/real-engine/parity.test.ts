import { afterAll, beforeAll, expect, it } from "vitest";
import { edits, NEW_ENDPOINT } from "../engines/edits.ts";
import type { Run } from "../engines/engine.ts";
import { openWorld, type World } from "../engines/world.ts";
import { withPulumi } from "./with-pulumi.ts";

/** The offline engine must hide nothing: the same spec and edits through both leave the same tenants. */
withPulumi("the offline engine beside the real one", () => {
  let worlds: [World, World];
  beforeAll(async () => {
    const open = (engine: "offline" | "real") =>
      openWorld({ engine, seed: "parity", token: "a-token-for-all", moves: { [NEW_ENDPOINT]: "datahub" } });
    worlds = [await open("offline"), await open("real")];
  });
  afterAll(async () => {
    for (const world of worlds ?? []) await world.close();
  });

  /** What each run came to, in the terms that both engines have. */
  const verdict = ({ exitCode, changes, drifted, errors }: Run) => ({
    exitCode,
    errors,
    drifted,
    changes: changes.filter(({ name }) => !name.startsWith("default_")),
  });

  async function expectSame(compare: (world: World) => Promise<unknown>): Promise<void> {
    const [offline, real] = [await compare(worlds[0]), await compare(worlds[1])];
    expect(offline).toEqual(real);
  }

  it("creates the same", async () => {
    await expectSame(async ({ engine }) => verdict(await engine.up()));
    await expectSame(async (world) => world.dump());
    await expectSame(async ({ engine }) => shapeOf(await engine.outputs()));
  });

  it.each(edits)("does the same after: $what", async ({ make }) => {
    for (const world of worlds) await make(world);
    await expectSame(async ({ engine }) => verdict(await engine.preview()));
    await expectSame(async ({ engine }) => verdict(await engine.up()));
    await expectSame(async (world) => world.dump());
    await expectSame(async ({ engine }) => shapeOf(await engine.outputs()));
  });

  it("destroys the same", async () => {
    await expectSame(async ({ engine }) => verdict(await engine.destroy()));
    await expectSame(async (world) => world.dump());
  });
});

const IDS =
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b0o[a-zA-Z0-9]{18}\b|scim\.[0-9a-f]{32}|(?<=_)\d+(?=\/instance)/g;
const FOLDER = /[^" ]*\/rollcall-world-[^/]+/g;
const LOOPBACK = /127\.0\.0\.1:\d+/g;

/** Outputs without ids and Okta's count of applications: they come in the order of creation, which is not fixed. */
function shapeOf(outputs: unknown): unknown {
  return JSON.parse(
    JSON.stringify(outputs).replace(IDS, "<id>").replace(LOOPBACK, "<loopback>").replace(FOLDER, "<folder>"),
  );
}
