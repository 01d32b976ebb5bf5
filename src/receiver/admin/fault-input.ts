import { z } from "zod";
import { badValue } from "../errors.ts";
import type { FaultRule } from "../faults/faults.ts";

const rule = z
  .strictObject({
    method: z.string().optional(),
    path: z.string().max(2000).optional(),
    count: z.int().positive().optional(),
    probability: z.number().min(0).max(1).optional(),
    seed: z.int().optional(),
    status: z.int().min(200).max(599).optional(),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().regex(/^[\x20-\x7e]*$/)).optional(),
    delay: z.int().min(0).max(120_000).optional(),
    drop: z.enum(["before", "after"]).optional(),
    truncate: z.boolean().optional(),
    mediaType: z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    ignore: z.boolean().optional(),
  })
  .refine(
    ({ status, delay, drop, truncate, mediaType, ignore }) =>
      [status, delay, drop, truncate, mediaType, ignore].some((effect) => effect !== undefined),
    "a fault needs an effect: status, delay, drop, truncate, mediaType or ignore",
  );

/** @throws ScimError 400 that names each field in error. */
export function readFault(body: unknown): Omit<FaultRule, "id" | "tenant"> {
  const result = rule.safeParse(body);
  if (!result.success)
    throw badValue(`This is no fault rule: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
  return JSON.parse(JSON.stringify(result.data)) as Omit<FaultRule, "id" | "tenant">;
}
