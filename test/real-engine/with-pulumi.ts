import { describe } from "vitest";
import { findPulumi } from "../engines/real.ts";

const found = findPulumi();

/** A `describe` of tests that need the real Pulumi; where it is not found the name says what is missing, and they are skipped. */
export function withPulumi(name: string, tests: () => void): void {
  if (found.missing.length === 0) describe(`${name} (pulumi ${found.version})`, tests);
  else describe.skip(`${name}: skipped, without ${found.missing.join(", ")} below ${found.plugins}`, tests);
}
