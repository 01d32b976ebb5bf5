import type { ExpressionProblem } from "./ast.ts";

/** Numbers are strings of digits, as they are in Graph's schema. */
export type Value = string | string[] | boolean | null;

/** An argument that a function cannot work with; becomes the evaluation's problem. */
export class EvaluationFailure extends Error {
  readonly code: ExpressionProblem["code"];
  constructor(code: ExpressionProblem["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a function is called with: one entry per argument; undefined where an argument was omitted. */
export type Arguments = (Value | undefined)[];
export type EvaluableFunction = (args: Arguments) => Value;

export function isEmpty(value: Value | undefined): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** One string, or null. Booleans read "True" and "False". A list of one is its element. */
export function asText(value: Value | undefined, what: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (!Array.isArray(value)) return value;
  if (value.length > 1) {
    throw new EvaluationFailure(
      "invalid-argument",
      `${what} takes one value, not a list of ${value.length}.`,
    );
  }
  return value[0] ?? null;
}

export function asList(value: Value | undefined): string[] {
  if (Array.isArray(value)) return value;
  const text = asText(value, "");
  return text === null ? [] : [text];
}

export function asInteger(value: Value | undefined, what: string): number {
  const text = asText(value, what);
  if (text === null || !/^\s*[+-]?\d{1,9}\s*$/.test(text)) {
    throw new EvaluationFailure(
      "invalid-argument",
      `${what} must be a whole number, not ${describe(value)}.`,
    );
  }
  return Number.parseInt(text, 10);
}

export function describe(value: Value | undefined): string {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}
