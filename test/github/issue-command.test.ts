import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { rollcall } from "../inspect/world.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-issue-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What drift writes where nobody can sign in: it is a report all the same. */
async function report(...options: string[]): Promise<string> {
  const file = join(folder, `drift-${options.length}.json`);
  const env = join(folder, "env");
  writeFileSync(env, "");
  const { stdout } = await rollcall(
    ...["drift", "config/sandbox.yaml", "--env-file", env, "--format", "json"],
    ...options,
  );
  writeFileSync(file, stdout);
  return file;
}

it("the issue of all applications takes no report of one", async () => {
  const part = await rollcall("github", "issue", "--print", "--report", await report("-a", "catalog"));
  expect(part.exitCode).toBe(1);
  expect(part.stderr).toMatch(/is of one application, and the issue is of all of config\/sandbox\.yaml/);
  const all = await rollcall("github", "issue", "--print", "--report", await report());
  expect(all.exitCode).toBe(0);
  expect(all.stdout).toContain("6 applications could not be looked at.");
});
