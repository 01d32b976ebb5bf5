import { expect, test } from "vitest";
import { parseExpression } from "../../src/expressions/parse.ts";
import { printExpression } from "../../src/expressions/print.ts";

function canonical(text: string): string {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`);
  return printExpression(result.expression);
}

function problem(text: string) {
  const result = parseExpression(text);
  if (result.ok) throw new Error(`${text} parsed`);
  return { code: result.problem.code, offset: result.problem.offset };
}

test.each([
  ["[mail]", "[mail]"],
  [" [ mail ] ", "[mail]"],
  ['"-"', '"-"'],
  ['"Company name: \\"Contoso\\""', '"Company name: \\"Contoso\\""'],
  ['"a\\\\b"', '"a\\\\b"'],
  [
    'Switch([IsSoftDeleted],,"False","True","True","False")',
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
  ],
  ['Replace([preferredLanguage], "-", , , "_", , )', 'Replace([preferredLanguage], "-", , , "_", , )'],
  [
    'IIF( BitAnd([userAccountControl],2) = "0","True","False" )',
    'IIF(BitAnd([userAccountControl], 2)="0", "True", "False")',
  ],
  ['IIF(IsPresent([x]), "y", )', 'IIF(IsPresent([x]), "y", )'],
  ["Guid( )", "Guid()"],
  ["BitAnd([groupType], -2147483648)", "BitAnd([groupType], -2147483648)"],
  ["%DomainFQDN%", "%DomainFQDN%"],
  ["CBool([a]<>[b])", "CBool([a]<>[b])"],
])("%s is canonically %s", (text, expected) => {
  expect(canonical(text)).toBe(expected);
});

test("a backslash that escapes nothing is itself, and is escaped when printed", () => {
  expect(canonical('Replace([a], , "\\d", , "", , )')).toBe('Replace([a], , "\\\\d", , "", , )');
});

test.each([
  ["", "empty", 0],
  ["   ", "empty", 0],
  ['Join(" ", [a]', "unexpected", 13],
  ['Join(" " [a])', "unexpected", 9],
  ['"open', "unterminated-string", 0],
  ['Join([a], "x)', "unterminated-string", 10],
  ["[mail", "unterminated-attribute", 0],
  ["[]", "unterminated-attribute", 0],
  ["[a[b]]", "unterminated-attribute", 0],
  ["[a] [b]", "unexpected", 4],
  ["Join(]", "unexpected", 5],
  ["1x(2)", "unexpected", 0],
  ['[a]="b"', "unexpected", 3],
  [`"${"x".repeat(10_000)}"`, "too-long", 10_000],
  ["F(".repeat(200), "too-deep", 200],
])("%s is refused at its place", (text, code, offset) => {
  expect(problem(text)).toEqual({ code, offset });
});
