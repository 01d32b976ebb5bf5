import { describe } from "vitest";
import { findPulumi } from "../engines/real.ts";

const found = findPulumi();

if (found.missing.length > 0 && process.env.ROLLCALL_REQUIRE_PULUMI)
  throw new Error(
    `ROLLCALL_REQUIRE_PULUMI is set, and there is not ${found.missing.join(", nor ")} below ${found.plugins}.`,
  );

/** A `describe` of tests that need the real Pulumi; where it is not found the name says what is missing, and they are skipped. */
export function withPulumi(name: string, tests: () => void): void {
  if (found.missing.length === 0) describe(`${name} (pulumi ${found.version})`, tests);
  else describe.skip(`${name}: skipped, without ${found.missing.join(", ")} below ${found.plugins}`, tests);
}
