import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { confirmScim, switchScimOn } from "../engines/confirm-scim.ts";
import type { Run } from "../engines/engine.ts";
import { openWorld, type World } from "../engines/world.ts";
import { withPulumi } from "./with-pulumi.ts";

const ok = ({ exitCode, text }: Run) => expect(exitCode, text).toBe(0);

/** One stack, through its life: the tests build on one another, since each application costs azuread 20 s. */
withPulumi("the life of a stack", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ engine: "real", seed: "lifecycle" });
  });
  afterAll(() => world.close());

  const secrets = () => [
    ...Object.entries(world.sandbox.env)
      .filter(([name]) => name.startsWith("ROLLCALL_SECRET_"))
      .map(([, value]) => value),
  ];
  const leaked = (text: string) => secrets().filter((secret) => text.includes(secret));

  it("previews everything that it would create, and contacts nobody to write", async () => {
    const run = await world.engine.preview();
    expect(run.exitCode, run.text).not.toBe(0);
    expect(run.changes.map(({ name, op }) => `${op} ${name}`)).toContain("create datahub-provisioning");
    expect(run.changes.every(({ op }) => op === "create")).toBe(true);
    expect(world.writes()).toEqual([]);
  });

  it("creates all applications of the spec", async () => {
    const run = await world.engine.up();
    ok(run);
    const applications = world.spec().applications.map(({ name }) => name);
    expect(run.changes.map(({ name }) => name)).toEqual(expect.arrayContaining(applications));
    expect(leaked(run.text)).toEqual([]);
    expect(leaked(world.engine.state())).toEqual([]);
  });

  it("goes on where a person has switched SCIM on in Okta", async () => {
    await switchScimOn(world);
    confirmScim(world);
    const run = await world.engine.up();
    ok(run);
    expect(run.changes.map(({ name }) => name)).toContain("datahub-okta-assignments");
  });

  it("has nothing to change afterwards, and writes nothing", async () => {
    world.writes();
    const preview = await world.engine.preview();
    expect(preview.changes).toEqual([]);
    ok(preview);
    const up = await world.engine.up();
    ok(up);
    expect(up.changes).toEqual([]);
    expect(world.writes()).toEqual([]);
  });

  it("refreshes without finding a difference, and keeps every token encrypted", async () => {
    const run = await world.engine.refresh();
    ok(run);
    expect(run.drifted).toEqual([]);
    expect(leaked(world.engine.state())).toEqual([]);
    expect(leaked(run.text)).toEqual([]);
  });

  it("takes a new token to Entra in one write, with the old one working until then", async () => {
    const rotated = "a-new-scim-token-of-the-product";
    const old = world.sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? "";
    world.sandbox.receiver.setTokens("datahub", [old, rotated]);
    world.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN = rotated;
    const run = await world.engine.up();
    ok(run);
    expect(run.changes).toEqual([{ name: "datahub-provisioning", op: "update", paths: ["secretToken"] }]);
    expect(world.writes()).toEqual([expect.stringMatching(/^PUT .*\/synchronization\/secrets$/)]);
    for (const text of [world.engine.state(), run.text]) {
      expect(text).not.toContain(rotated);
      expect(leaked(text)).toEqual([]);
    }
    world.sandbox.receiver.setTokens("datahub", [rotated]);
    ok(await world.engine.preview());
  });

  it("refuses a token that the product does not take, and leaves the one that works", async () => {
    const working = world.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN;
    world.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN = "a-token-that-nobody-issued";
    const run = await world.engine.up();
    expect(run.exitCode).not.toBe(0);
    expect(run.text).not.toContain("a-token-that-nobody-issued");
    expect(world.writes()).toEqual([]);
    if (working !== undefined) world.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN = working;
    ok(await world.engine.preview());
  });

  it("tells the second of two people at once who holds the lock", async () => {
    const { entra, okta } = world.sandbox;
    const requests = () => entra.log.list().length + okta.log.list().length;
    const before = requests();
    const first = world.engine.startUp();
    // Whoever asks the tenants for something holds the lock by then, and does so for seconds.
    while (requests() === before) await sleep(20);
    const second = await world.engine.up();
    await first.ended;
    expect(second.exitCode).not.toBe(0);
    expect(second.text).toMatch(/locked by 1 lock/);
    expect(second.text).toMatch(/created by .*pid/);
  });

  it("destroys everything, people in the products left as they are", async () => {
    await world.sandbox.entra.runCycles();
    const arrived = () => world.sandbox.receiver.arrivals("datahub");
    const before = arrived();
    expect(before.users).not.toEqual([]);
    const run = await world.engine.destroy();
    ok(run);
    const { entra, okta } = world.dump() as { entra: { applications: unknown[] }; okta: { apps: unknown[] } };
    expect(entra.applications).toEqual([]);
    expect(okta.apps).toEqual([]);
    expect(arrived()).toEqual(before);
  });
});
