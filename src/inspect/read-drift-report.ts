import { readFileSync } from "node:fs";
import { z } from "zod";
import type { DriftReport } from "./render-drift.ts";

const common = { name: z.string(), idp: z.enum(["entra", "okta"]), product: z.string() };

const report = z.object({
  environment: z.string(),
  file: z.string(),
  partial: z.literal(true).optional(),
  applications: z.array(
    z.union([
      z.object({ ...common, failure: z.string(), credentials: z.boolean() }),
      z.object({
        ...common,
        drift: z.array(z.object({ aspect: z.string(), message: z.string(), help: z.string() })),
        notes: z.array(z.string()),
      }),
    ]),
  ),
});

/**
 * What `rollcall drift --format json` wrote.
 * @throws when the file holds something else
 */
export function readDriftReport(file: string): DriftReport {
  const parsed = report.safeParse(parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data as DriftReport;
  throw new Error(
    `${file} holds no drift report: write one with \`rollcall drift SPEC --format json > ${file}\`, or see what went wrong there.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
