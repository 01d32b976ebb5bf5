import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type LoadedSpec, loadSpec } from "../../src/spec/load.ts";

/** The day on which tests are played. */
export const TODAY = "2027-01-01";

/** A folder for one test file, with base.yaml in it, removed at the end. */
export function specFolder() {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-spec-"));
  cpSync(join(import.meta.dirname, "base.yaml"), join(folder, "base.yaml"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (name: string) => join(folder, name),
    write(name: string, content: string | Uint8Array): string {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    /** Checks a whole spec. */
    load(text: string): LoadedSpec {
      return loadSpec(this.write("example.yaml", text), { today: TODAY });
    },
    /** Checks a part of a spec, laid upon base.yaml. */
    overlay(text: string): LoadedSpec {
      return this.load(`extends: base.yaml\n${text}`);
    },
  };
}

/** `line:column code message`, the parts that tests look at. */
export function short(loaded: LoadedSpec): string[] {
  return loaded.diagnostics.map((d) => `${d.line}:${d.column}+${d.length} ${d.code}: ${d.message}`);
}
