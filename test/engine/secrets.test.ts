import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { passphraseCrypter } from "../../src/sandbox/engine/crypter.ts";
import type { EngineEvent, EngineResult } from "../../src/sandbox/engine/index.ts";
import { renderEvent } from "../../src/sandbox/engine/index.ts";
import { SANDBOX_PASSPHRASE } from "../../src/sandbox/pulumi-backend.ts";
import { errors, Stack } from "./stack.ts";

const SECRET = "a-token-that-must-not-leak";
const ROTATED = "another-token-that-must-not-leak";

describe("secrets", { timeout: 90_000 }, () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  afterEach(() => stack.dispose());

  it("are in clear in no state, result, event or line, after up, refresh, update and import", async () => {
    const events: EngineEvent[] = [];
    const onEvent = (event: EngineEvent) => void events.push(event);
    const results: EngineResult[] = [];
    const states: string[] = [];
    const run = async (...[operation, plan, options]: Parameters<Stack["run"]>) => {
      results.push(await stack.run(operation, plan, { onEvent, ...options }));
      states.push(stack.state());
    };
    await run("up", { things: [{ name: "a", secret: SECRET, value: { nested: 1 } }] });
    await run("refresh");
    await run("up", { things: [{ name: "a", secret: ROTATED, value: { nested: 2 } }] });
    await run("up", { things: [{ name: "a", secret: ROTATED, fail: "The secret is " }] });
    await run("up", {
      things: [{ name: "b", secret: SECRET, fail: "The secret is ", onFailure: "It said:" }],
    });

    const lines = events.map((event) => renderEvent(event, { preview: false, colour: false }));
    const said = JSON.stringify([states, results, events, lines]);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(ROTATED);
    expect(results.map(errors)).toEqual([
      [],
      [],
      [],
      ["The secret is [secret]"],
      ["It said: The secret is [secret]", "The secret is [secret]"],
    ]);
    expect(states[0]).toContain('"ciphertext": "v1:');
    expect(stack.world().a).toMatchObject({ secret: expect.objectContaining({ value: ROTATED }) });
  });

  it("have the key that Pulumi's own passphrase provider derives: a salt that it wrote opens with its passphrase alone", async () => {
    const file = readFileSync(join(import.meta.dirname, "../../stacks/Pulumi.sandbox.yaml"), "utf8");
    const salt = /^encryptionsalt: (\S+)$/m.exec(file)?.[1] ?? "";
    const crypter = await passphraseCrypter(SANDBOX_PASSPHRASE, salt);
    expect(crypter.decrypt(salt.split(":").slice(2).join(":"))).toBe("pulumi");
    await expect(passphraseCrypter("battery staple", salt)).rejects.toThrow(/^The passphrase is not the one/);
  });

  it("can be read again with the same passphrase only", async () => {
    const plan = { things: [{ name: "a", secret: SECRET }] };
    await stack.run("up", plan);
    const before = stack.state();

    const wrong = await stack.run("up", plan, { passphrase: "battery staple" });
    expect(wrong.exitCode).toBe(1);
    expect(errors(wrong)[0]).toMatch(/^The passphrase is not the one the state was written with/);
    expect(stack.state()).toBe(before);
    expect((await stack.run("up", plan, { expectNoChanges: true })).exitCode).toBe(0);
  });
});
