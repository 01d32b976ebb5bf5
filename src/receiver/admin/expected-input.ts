import { z } from "zod";
import type { ExpectedArrivals } from "../../desired/model.ts";
import { isObject } from "../document/json.ts";
import { badSyntax } from "../errors.ts";
import type { Expectation } from "../journal/expect.ts";

const request = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  status: z.int().optional(),
  body: z.json().optional(),
});

const expectation = z.strictObject({
  requests: z.array(request).optional(),
  never: z.array(request).optional(),
  ordered: z.boolean().optional(),
  since: z.int().min(0).optional(),
  within: z.number().min(0).optional(),
});

/** @throws ScimError 400 that names each field in error. */
export function readExpectation(body: unknown): Expectation {
  const { requests, never } = isObject(body) ? body : {};
  if (requests === undefined && never === undefined)
    throw badSyntax("An expectation is an object with `requests` or `never`, or both.");
  return read(expectation, body, "This is no expectation") as Expectation;
}

const arrivals = z.object({
  users: z.array(
    z.object({
      userName: z.string(),
      displayName: z.string(),
      active: z.boolean(),
      via: z.array(z.string()).default([]),
    }),
  ),
  groups: z.array(z.string()),
  memberships: z.array(z.object({ group: z.string(), userName: z.string() })),
  roles: z.array(z.object({ userName: z.string(), role: z.string() })),
});

/** @throws ScimError 400 that names each field in error. */
export function readExpectedArrivals(body: unknown): ExpectedArrivals {
  return read(arrivals, body, "These are no expected arrivals");
}

function read<T>(schema: z.ZodType<T>, body: unknown, otherwise: string): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw badSyntax(`${otherwise}: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
}
