import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { evaluateExpression } from "../../src/expressions/evaluate.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { regularExpression } from "../../src/expressions/regular-expression.ts";

const quoted = (text: string) => JSON.stringify(text);

function replaced(source: string, pattern: string, replacement: string, group = ""): unknown {
  const parsed = parseExpression(
    `Replace([a], , ${quoted(pattern)}, ${group && quoted(group)}, ${quoted(replacement)}, , )`,
  );
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const evaluated = evaluateExpression(parsed.expression, { a: source });
  return evaluated.ok ? evaluated.value : evaluated.problem.code;
}

test.each([
  // [source, pattern, replacement, what .NET's Regex.Replace gives]
  ["Zoë Müller 7", "\\w+", "x", "x x x"],
  ["Zoë-7", "[\\W\\d]", "x", "not-evaluable"],
  ["Zoë-7", "\\W", "x", "Zoëx7"],
  ["a\u00a0b c", "\\s", "", "abc"],
  ["a\u00a0b c", "[^\\s]", "", "\u00a0 "],
  ["tel. ٣٤", "\\d", "0", "tel. 00"],
  ["tel. 34", "[\\D]", "", "34"],
  ["Grüße", "\\u00fc", "ue", "Grueße"],
  ["\\a", "\\\\a", "b", "b"],
  ["ABC", "(?i)b", "x", "AxC"],
  ["john_doe72", "[a-zA-Z_]*", "-", "--7-2-"],
  ["ada@acme.com", "(?<=@)\\p{L}+", "corp", "ada@corp.com"],
  ["doe, john", "(\\w+), (\\w+)", "$2 $1", "john doe"],
  // A group with a name is numbered after those without.
  ["doe, john", "(?<last>\\w+), (\\w+)", "$1 $2", "john doe"],
  ["ab", "(a)|(b)", "[$1$2]", "[a][b]"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: .NET's spelling of a group in a replacement
  ["a", "a", "$$ $& ${0} $7 ${none}", "$ a a $7 ${none}"],
  ["😀a", "a", "b", "😀b"],
  ["a", "a++", "", "not-evaluable"],
  ["a", "(?>a)", "", "not-evaluable"],
  ["aa", "(a)\\1", "", "not-evaluable"],
  ["ae", "[a-z-[aeiou]]", "", "not-evaluable"],
])("%j, %j -> %j: %j", (source, pattern, replacement, expected) => {
  expect(replaced(source, pattern, replacement)).toBe(expected);
});

describe("patterns that stall an engine which backtracks", () => {
  it.each(["(a+)+$", "(a|a)*b", "(.*a){12}x", "(a?){30}a{30}"])("%s ends", (pattern) => {
    const began = performance.now();
    replaced(`${"a".repeat(2_000)}!`, pattern, "");
    // Backtracking takes years; a busy machine does not.
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

it("agrees with JavaScript where both know the pattern and the text is ASCII", () => {
  const atom = fc.constantFrom("a", "b", "[ab]", "[^a]", "\\d", "\\w", "\\s", ".", "(a|b)", "(?:ab)");
  const piece = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "*?")).map((pair) => pair.join(""));
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
      fc.string({ unit: fc.constantFrom("a", "b", "1", " "), maxLength: 12 }),
      (pattern, source) => {
        expect(replaced(source, pattern, "-")).toBe(source.replace(new RegExp(pattern, "g"), "-"));
      },
    ),
  );
});

it("is undefined or an expression, whatever is written", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (pattern) => void regularExpression(pattern)));
});
