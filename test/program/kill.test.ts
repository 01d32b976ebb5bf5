import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "../../src/sandbox/operate.ts";
import { importIn } from "../engines/import-in.ts";
import { datahubSpec } from "./datahub-spec.ts";
import { messages, ProgramSandbox } from "./sandbox.ts";

/** Instantiate, three roles, two assignments, secrets, job, schema, start. */
const WRITES = 10;

/** The tenant as it is, but for the token, which each sandbox draws anew. */
function comparable({ entra }: ProgramSandbox): unknown {
  return JSON.parse(JSON.stringify(entra.dump()).replace(/sha256:[0-9a-f]+/g, "a token"));
}

describe("an up that is killed at one of its writes", { timeout: 180_000 }, () => {
  let undisturbed: unknown;
  let sandbox: ProgramSandbox;

  beforeAll(async () => {
    const other = await ProgramSandbox.start(datahubSpec());
    await other.run("up");
    expect(other.entra.log.writes()).toHaveLength(WRITES);
    undisturbed = comparable(other);
    await other.stop();
  }, 120_000);
  beforeEach(async () => {
    sandbox = await ProgramSandbox.start(datahubSpec());
  });
  afterEach(() => sandbox.stop());

  /** Runs `up` in a process of its own and kills that when the tenant has done, or has got, its n-th write. */
  async function killAt(write: number, when: "before" | "after"): Promise<void> {
    const options = {
      operation: "up",
      projectDir: PROJECT_DIRECTORY,
      stackName: "sandbox",
      spec: sandbox.specFile,
      stateFile: sandbox.stateFile,
      passphrase: sandbox.env.PULUMI_CONFIG_PASSPHRASE,
    };
    const runner = join(import.meta.dirname, "../engine/run-engine.ts");
    const child = spawn(process.execPath, [runner, JSON.stringify(options)], {
      env: { ...process.env, ...sandbox.env },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    const { log, faults } = sandbox.entra;
    if (when === "before") {
      const strike = faults.strike.bind(faults);
      let seen = 0;
      faults.strike = (method, path) => {
        const isWrite =
          method !== "GET" && !/oauth2|\$batch|parseExpression|validateCredentials|getByIds/.test(path);
        if (!isWrite || ++seen !== write) return strike(method, path);
        child.kill("SIGKILL");
        return { drop: "before" };
      };
    } else {
      const add = log.add.bind(log);
      log.add = (request) => {
        add(request);
        if (log.writes().length === write) child.kill("SIGKILL");
      };
    }
    const [, signal] = (await ended) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
  }

  const cases = [
    ...Array.from({ length: WRITES }, (_, index) => ({ when: "after" as const, write: index + 1 })),
    { when: "before" as const, write: 1 },
    { when: "before" as const, write: 7 },
  ];
  it.each(cases)(
    "$when write $write: the next one ends as if nothing had been, or names what was left and how to take it over",
    async ({ write, when }) => {
      await killAt(write, when);
      // What the orphaned plugin was about to do is over, too.
      await new Promise((resolve) => setTimeout(resolve, 1500));

      let next = await sandbox.run("up");
      const command = messages(next, "error").find((message) => message.includes("pulumi import"));
      if (command) {
        expect((await sandbox.run("import", { imports: importIn(command) })).exitCode).toBe(0);
        next = await sandbox.run("up");
      }
      expect(messages(next, "error")).toEqual([]);
      expect(comparable(sandbox)).toEqual(undisturbed);
    },
  );
});
