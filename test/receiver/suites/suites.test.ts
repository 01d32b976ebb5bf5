import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../harness.ts";
import { startTenant, TOKEN } from "../harness.ts";
import { missingPython, runSuite, suites } from "./python.ts";

const reason = missingPython();
if (reason !== undefined && process.env.CI) {
  it("the public suites run in CI", () => expect.fail(`${reason}, and CI is set`));
}

interface Verdict {
  code: number;
  passed: number;
  failed: string[];
}

/** scim2-tester: every check must be SUCCESS; a skipped one counts as failed. */
async function scim2Tester(bin: string, baseUrl: string, token: string): Promise<Verdict> {
  const { code, output } = await runSuite(`${bin}/scim2`, ["--url", baseUrl, "test"], {
    SCIM_CLI_HEADERS: `Authorization: Bearer ${token}`,
  });
  const lines = output.split("\n");
  return {
    code,
    passed: lines.filter((line) => line.startsWith("SUCCESS")).length,
    failed: lines.filter((line) => /^(?:ERROR|SKIPPED|CRITICAL)/.test(line)),
  };
}

interface SanityResult {
  name: string;
  status: string;
  message?: string;
}

/** scim-sanity in its strict mode, where warnings are failures too. */
async function scimSanity(bin: string, baseUrl: string, token: string): Promise<Verdict> {
  const { code, output } = await runSuite(`${bin}/scim-sanity`, [
    "probe",
    baseUrl,
    "--token",
    token,
    "--i-accept-side-effects",
    "--strict",
    "--json-output",
  ]);
  const { results } = JSON.parse(output.slice(output.indexOf("{"))) as { results: SanityResult[] };
  const isOne = (status: string, ...words: string[]) => words.includes(status.toLowerCase());
  return {
    code,
    passed: results.filter(({ status }) => isOne(status, "pass")).length,
    failed: results
      .filter(({ status }) => !isOne(status, "pass", "skip"))
      .map(({ name, status, message }) => `${status} ${name}: ${message}`),
  };
}

describe.skipIf(reason !== undefined)(
  `the public suites${reason === undefined ? "" : ` (${reason})`}`,
  () => {
    let bin: string;
    beforeAll(async () => {
      bin = await suites();
    }, 300_000);

    describe.each(["strict", "lenient"] as const)("on the %s dialect", (dialect) => {
      let tenant: Tenant;
      beforeAll(async () => {
        tenant = await startTenant(dialect);
      });
      afterAll(() => tenant.close());

      it("scim2-tester: every check is SUCCESS", async () => {
        const { code, passed, failed } = await scim2Tester(bin, tenant.baseUrl, TOKEN);
        expect(failed).toEqual([]);
        expect(passed).toBeGreaterThanOrEqual(135);
        expect(code).toBe(0);
      }, 180_000);

      it("scim-sanity --strict: no failure, no warning", async () => {
        const { code, passed, failed } = await scimSanity(bin, tenant.baseUrl, TOKEN);
        expect(failed).toEqual([]);
        expect(passed).toBeGreaterThanOrEqual(28);
        expect(code).toBe(0);
      }, 180_000);
    });

    /** What the suites are known to find elsewhere must show here: else our harness is blind. */
    describe("on scim2-server, as a control", () => {
      let server: ChildProcess | undefined;
      let baseUrl: string;
      beforeAll(async () => {
        const port = await freePort();
        baseUrl = `http://127.0.0.1:${port}`;
        server = spawn(`${bin}/scim2-server`, ["--port", String(port), "--bearer-token", "control"], {
          stdio: "ignore",
        });
        for (let attempt = 0; attempt < 150; attempt++) {
          if (
            await fetch(baseUrl).then(
              () => true,
              () => false,
            )
          )
            return;
          await wait(200);
        }
        throw new Error("scim2-server did not start");
      });
      afterAll(() => {
        server?.kill();
      });

      it("scim2-tester passes, as its authors make it", async () => {
        const { failed, passed } = await scim2Tester(bin, baseUrl, "control");
        expect(failed).toEqual([]);
        expect(passed).toBeGreaterThanOrEqual(135);
      }, 180_000);

      it("scim-sanity finds its 204 answers to PATCH", async () => {
        const { code, failed } = await scimSanity(bin, baseUrl, "control");
        expect(code).not.toBe(0);
        expect(failed.join("\n")).toMatch(/PATCH/);
        expect(failed.length).toBeGreaterThanOrEqual(4);
      }, 180_000);
    });

    describe("on scimmy-routers, as a control", () => {
      let server: ChildProcess | undefined;
      let baseUrl: string;
      beforeAll(async () => {
        const bench = join(import.meta.dirname, "../../../bench/receiver");
        if (!existsSync(join(bench, "node_modules/scimmy"))) {
          const { code, output } = await runSuite("npm", [
            "ci",
            "--no-audit",
            "--no-fund",
            "--prefix",
            bench,
          ]);
          if (code !== 0) throw new Error(`the peers cannot be installed: ${output}`);
        }
        const child = spawn(process.execPath, [join(bench, "peers/scimmy.js"), "3"], {
          stdio: ["ignore", "pipe", "ignore"],
        });
        server = child;
        baseUrl = await new Promise((resolve, reject) => {
          child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
          child.once("exit", (code) => reject(new Error(`scimmy-routers ended with ${code}`)));
        });
      }, 180_000);
      afterAll(() => {
        server?.kill();
      });

      it("scim2-tester finds the missing 405s", async () => {
        const { code, failed } = await scim2Tester(bin, baseUrl, "control");
        expect(code).not.toBe(0);
        expect(failed.filter((line) => line.includes("endpoint_methods")).length).toBeGreaterThanOrEqual(12);
      }, 180_000);

      it("scim-sanity finds the missing Location and the wrong itemsPerPage", async () => {
        const { code, failed } = await scimSanity(bin, baseUrl, "control");
        expect(code).not.toBe(0);
        expect(failed.join("\n")).toMatch(/POST \/Users/);
        expect(failed.join("\n")).toMatch(/itemsPerPage/);
      }, 180_000);
    });
  },
);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
