import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ONE_APPLICATION = ["demo", "--kind", "--spec", "test/demo/datahub-entra.yaml"];
const DIRECTORY = ["--directory", "config/directory.sandbox.yaml"];

it("leaves no folder behind when it is broken off while the sandbox starts, or later", async () => {
  for (const moment of ["rollcall-", "rollcall-stage-"]) {
    const seen: string[] = [];
    const { code } = await runCli(ONE_APPLICATION, { TMPDIR: folder }, (child) => {
      const watch = setInterval(() => {
        seen.push(...readdirSync(folder).filter((name) => name.startsWith(moment)));
        if (seen.length > 0) child.kill("SIGINT");
      }, 5);
      child.once("exit", () => clearInterval(watch));
    });
    expect(seen).not.toEqual([]);
    expect(code).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  }
});

it("shows what arrived before everything else, and every resource only when asked", async () => {
  const brief = await runCli([...ONE_APPLICATION, ...DIRECTORY], { TMPDIR: folder });
  expect(brief.code).toBe(0);
  const table = brief.stdout.split("\n").findIndex((line) => line.includes("application  product"));
  expect(table).toBeGreaterThan(0);
  expect(table).toBeLessThan(20);
  expect(brief.stdout).toContain("[nested-group]");
  expect(brief.stdout.split("[nested-group]")).toHaveLength(2);
  expect(brief.stdout).not.toContain("group:governance-team Reader");
  const verbose = await runCli([...ONE_APPLICATION, ...DIRECTORY, "--verbose"], { TMPDIR: folder });
  expect(verbose.stdout).toContain("+ group:governance-team Reader");
  expect(readdirSync(folder)).toEqual([]);
});
