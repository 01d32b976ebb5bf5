import type { CheckedSpec } from "../../src/spec/load.ts";
import { specSchema } from "../../src/spec/schema.ts";

/** A spec from data, with defaults and without positions: rules are not run. */
export const checked = (applications: object, more: object = {}): CheckedSpec => ({
  file: "test.yaml",
  spec: specSchema.parse({ version: 1, environment: "dev", applications, ...more }),
  positionOf: () => ({ file: "test.yaml", line: 1, column: 1 }),
  report: () => [],
});
