import type { Expectation } from "../desired/expected-arrivals.ts";
import type { DesiredApplication } from "../desired/model.ts";
import type { Arrived } from "../verify/arrived.ts";
import { type Counts, compare } from "../verify/compare.ts";

/** One row of the demo's table, and one element of `rollcall demo --json`. */
export interface ApplicationReport {
  name: string;
  product: string;
  idp: "entra" | "okta";
  expected: Counts;
  arrived: Counts;
  /** Sentences; empty when all of it arrived and nothing else. */
  mismatches: string[];
}

export function reportApplication(
  application: DesiredApplication,
  expectation: Expectation,
  arrived: Arrived,
): ApplicationReport {
  const { expected, arrived: there, mismatches } = compare(expectation, arrived);
  return {
    name: application.name,
    product: application.product,
    idp: application.idp,
    expected,
    arrived: there,
    mismatches: mismatches.map((mismatch) => mismatch.message),
  };
}
