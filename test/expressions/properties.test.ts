import fc from "fast-check";
import { expect, test } from "vitest";
import { checkExpression } from "../../src/expressions/check.ts";
import { evaluateExpression } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { printExpression } from "../../src/expressions/print.ts";
import { toMappingSource } from "../../src/expressions/source.ts";
import { attributeValues, expressions } from "./arbitrary.ts";

test("parse, print, parse is stable", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const text = printExpression(expression);
      const parsed = parseExpression(text);
      if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
      expect(withoutOffsets(parsed.expression)).toEqual(withoutOffsets(expression));
      expect(printExpression(parsed.expression)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test("parsing any text answers, with an offset inside it", () => {
  const soup = fc.array(
    fc.constantFrom("[", "]", "(", ")", ",", '"', "\\", "=", "<", "a", " ", "1", "Join", "%"),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(soup, (pieces) => {
      const text = pieces.join("");
      const result = parseExpression(text);
      if (!result.ok) {
        expect(result.problem.offset).toBeGreaterThanOrEqual(0);
        expect(result.problem.offset).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 5_000 },
  );
});

test("evaluation answers with a value or a problem, whatever the expression and the person", () => {
  const seen = { value: 0, problem: 0 };
  fc.assert(
    fc.property(expressions, attributeValues, (expression, attributes) => {
      const result = evaluateExpression(expression, attributes);
      if (result.ok) {
        seen.value++;
        const { value } = result;
        const isText = (element: unknown) => typeof element === "string";
        const allowed = value === null || typeof value === "boolean" || isText(value);
        expect(allowed || (Array.isArray(value) && value.every(isText))).toBe(true);
      } else {
        seen.problem++;
        expect(result.problem.message).not.toBe("");
      }
    }),
    { numRuns: 5_000 },
  );
  expect(seen.value).toBeGreaterThan(100);
  expect(seen.problem).toBeGreaterThan(100);
});

test("an expression that passes the check has a mapping source, whose text parses back", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      fc.pre(checkExpression(expression).length === 0);
      const source = toMappingSource(expression);
      const parsed = parseExpression(source.expression);
      expect(parsed.ok).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

function withoutOffsets(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (key === "offset" ? undefined : inner)));
}
