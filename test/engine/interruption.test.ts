import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockPath } from "../../src/sandbox/engine/lock.ts";
import { errors, Stack, type Thing } from "./stack.ts";

const A: Thing = { name: "a", value: 1 };
const B: Thing = { name: "b", value: 2 };

describe("a run that does not come to its end", { timeout: 90_000 }, () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  afterEach(() => stack.dispose());

  async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
    let output = "";
    child.stdout?.on("data", (text) => {
      output += text;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  /** Processes that still work in this stack's folder. */
  function survivors(): string[] {
    return execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes("fixture/plugin/main.ts") || line.includes("fixture/program.js"))
      .filter((line) => environmentOf(line.trim().split(" ")[0] ?? "").includes(stack.folder));
  }

  function environmentOf(pid: string): string {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8");
    } catch {
      return "";
    }
  }

  async function eventually(check: () => void): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return check();
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(100);
      }
    }
  }

  const kills = [
    { what: "create", before: [A], after: [A, B], at: "b", note: "creating" },
    { what: "update", before: [A, B], after: [A, { ...B, value: 3 }], at: "b", note: "updating" },
    { what: "delete", before: [A, B], after: [A], at: "b", note: "deleting" },
  ];
  it.each(kills.flatMap((kill) => (["before", "after"] as const).map((when) => ({ ...kill, when }))))(
    "killed $when the effect of a $what, is told of by the next one, which goes on",
    async ({ before, after, at, note, when }) => {
      await stack.run("up", { things: before });
      const { code } = await ended(
        stack.start("up", { things: after }, { FAKE_KILL: when, FAKE_KILL_AT: at }),
      );
      expect(code).toBeNull();
      expect(existsSync(lockPath(stack.stateFile))).toBe(true);
      expect(stack.pending()).toMatchObject([{ type: note, resource: { type: "fake:index:Thing" } }]);
      await eventually(() => expect(survivors()).toEqual([]));

      const next = await stack.run("up", { things: after });
      expect(next.exitCode).toBe(0);
      expect(next.diagnostics.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^An earlier `up` \(process \d+, since .*\) was killed; its lock is taken over\.$/,
        ),
        expect.stringMatching(new RegExp(`^An earlier run was killed while ${note} this`)),
      ]);
      expect(stack.world()).toEqual(Object.fromEntries(after.map(({ name, ...inputs }) => [name, inputs])));
      expect(stack.pending()).toEqual([]);
      expect((await stack.run("preview", { things: after }, { expectNoChanges: true })).exitCode).toBe(0);
    },
  );

  it("interrupted, lets the operation in flight end, saves, unlocks, starts nothing more and exits 1", async () => {
    const things = [
      { ...A, slow: 1500 },
      { name: "b", value: { from: "a", output: "made" } },
    ];
    const child = stack.start("up", { things });
    const end = ended(child);
    const journal = join(stack.folder, "journal");
    await eventually(() => expect(readFileSync(journal, "utf8")).toContain("begin a"));
    child.kill("SIGINT");

    const { code, output } = await end;
    expect(code).toBe(1);
    expect(JSON.parse(output).diagnostics).toEqual([
      {
        severity: "warning",
        message: expect.stringMatching(/^Interrupted: the operation in flight is let through/),
      },
    ]);
    expect(Object.keys(stack.world())).toEqual(["a"]);
    expect(stack.resources().some(({ urn, id }) => urn.endsWith("::a") && id === "thing-1")).toBe(true);
    expect(stack.pending()).toEqual([]);
    expect(existsSync(lockPath(stack.stateFile))).toBe(false);
    await eventually(() => expect(survivors()).toEqual([]));
    expect((await stack.run("up", { things })).exitCode).toBe(0);
    expect(Object.keys(stack.world())).toEqual(["a", "b"]);
  });

  it("is not begun while another one holds the lock, whom it names", async () => {
    const holder = { pid: process.pid, started: "2027-01-01T00:00:00.000Z", operation: "up" };
    writeFileSync(lockPath(stack.stateFile), JSON.stringify(holder));

    const second = await stack.run("up", { things: [A] });
    expect(second.exitCode).toBe(1);
    expect(errors(second)[0]).toContain(
      `The stack is locked: \`up\` has been working on it since ${holder.started} (process ${process.pid}).`,
    );
    expect(stack.world()).toEqual({});
    expect(existsSync(lockPath(stack.stateFile))).toBe(true);
    expect((await stack.run("preview", { things: [A] })).exitCode).toBe(0);
  });
});
