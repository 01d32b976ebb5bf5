import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { killAll } from "./spawn.ts";

/** A receiver's data directory for each test; receivers in processes of their own are gone before it is. */
export let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rollcall-receiver-"));
});
afterEach(() => {
  killAll();
  rmSync(directory, { recursive: true, force: true });
});
