import {
  asText,
  describe,
  type EvaluableFunction,
  EvaluationFailure,
  isEmpty,
  type Value,
} from "../value.ts";

const INTEGER = /^\s*([+-]?)(?:&H([0-9A-Fa-f]{1,16})|(\d{1,20}))\s*$/;

export const logicFunctions: Record<string, EvaluableFunction> = {
  BitAnd: ([left, right]) => {
    if (isEmpty(left) || isEmpty(right)) return null;
    return String(asBigInt(left) & asBigInt(right));
  },

  CBool: ([source]) => truth(source, "CBool"),

  CStr: ([source]) => asText(source, "CStr"),

  Coalesce: (sources) => sources.find((source) => source !== undefined && source !== null) ?? null,

  IIF: ([condition, whenTrue, whenFalse]) =>
    (truth(condition, "IIF's condition") ? whenTrue : whenFalse) ?? null,

  IsNullOrEmpty: ([source]) => isEmpty(source),

  IsPresent: ([source]) => !isEmpty(source),

  Not: ([source]) => asText(source, "Not")?.toLowerCase() !== "true",

  /** A key "" stands for an empty source; keys are compared with case. A last key without a value gives nothing. */
  Switch: ([source, defaultValue, ...pairs]) => {
    const wanted = asText(source, "Switch") ?? "";
    for (let at = 0; at < pairs.length; at += 2) {
      if ((asText(pairs[at], "Switch") ?? "") === wanted) return pairs[at + 1] ?? null;
    }
    return defaultValue ?? null;
  },
};

function truth(value: Value | undefined, what: string): boolean {
  const text = asText(value, what);
  if (text === null || text === "") return false;
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^\s*[+-]?\d+(\.\d+)?\s*$/.test(text)) return Number(text) !== 0;
  throw new EvaluationFailure(
    "invalid-argument",
    `${what} must be True, False or a number, not ${describe(value)}.`,
  );
}

function asBigInt(value: Value | undefined): bigint {
  const parts = INTEGER.exec(asText(value, "BitAnd") ?? "");
  if (!parts)
    throw new EvaluationFailure("invalid-argument", `BitAnd takes whole numbers, not ${describe(value)}.`);
  const size = BigInt(parts[2] === undefined ? (parts[3] ?? "0") : `0x${parts[2]}`);
  return parts[1] === "-" ? -size : size;
}
