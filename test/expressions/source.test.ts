import { expect, test } from "vitest";
import type { MappingSource } from "../../src/clients/graph/synchronization-schema.ts";
import { checkExpression, unevaluableParts } from "../../src/expressions/check.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { toMappingSource } from "../../src/expressions/source.ts";

function parsed(text: string) {
  const result = parseExpression(text);
  if (!result.ok) throw new Error(result.problem.message);
  return result.expression;
}

const keys = (source: MappingSource) => source.parameters.map((parameter) => parameter.key);

test("the role mapping of the guides, in Graph's documented shape", () => {
  expect(toMappingSource(parsed("SingleAppRoleAssignment([appRoleAssignments])"))).toEqual({
    expression: "SingleAppRoleAssignment([appRoleAssignments])",
    name: "SingleAppRoleAssignment",
    type: "Function",
    parameters: [
      {
        key: "source",
        value: {
          expression: "[appRoleAssignments]",
          name: "appRoleAssignments",
          type: "Attribute",
          parameters: [],
        },
      },
    ],
  });
});

test("a constant keeps its quotes in the expression and loses them in the name", () => {
  expect(toMappingSource(parsed('"-"'))).toEqual({
    expression: '"-"',
    name: "-",
    type: "Constant",
    parameters: [],
  });
});

test("a variable stays bare", () => {
  expect(toMappingSource(parsed("%DomainFQDN%")).expression).toBe("%DomainFQDN%");
});

test.each([
  [
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    ["source", "switchValue", "switchValue", "switchValue", "switchValue"],
  ],
  ["IIF(IsPresent([displayName]), [displayName], [cn])", ["one", "four", "five"]],
  ['IIF(BitAnd([userAccountControl], 2)="0", "True", "False")', ["one", "two", "three", "four", "five"]],
  ['IIF(IsPresent([x]), "y", )', ["one", "four"]],
  ['Join("@", [a], [b])', ["separator", "source", "source"]],
  ["Left([a], 448)", ["source", "length"]],
  ["Item([url], 1)", ["source", "index"]],
  ["BitAnd([groupType], -2147483648)", ["left", "right"]],
  ['Error("x")', ["message"]],
  ['FormatDateTime([d], "RoundtripKind", , "yyyy")', ["source", "dateTimeStyle", "outputFormat"]],
  ['Replace([preferredLanguage], "-", , , "_", , )', ["source", "Find", "Replacement"]],
])("%s has the parameter keys that real schemas show", (text, expected) => {
  expect(keys(toMappingSource(parsed(text)))).toEqual(expected);
});

test("the operator of a comparison is a quoted constant, and so is a number inside parameters", () => {
  const source = toMappingSource(parsed('IIF(BitAnd([userAccountControl], 2)="0", "True", "False")'));
  expect(source.parameters[1]?.value.expression).toBe('"="');
  expect(source.parameters[0]?.value.parameters[1]?.value).toMatchObject({ expression: '"2"', name: "2" });
  expect(source.parameters[0]?.value.expression).toBe("BitAnd([userAccountControl], 2)");
});

test.each([
  ["switch([a], )", "unknown-function", /did you mean Switch/],
  ["Frobnicate([a])", "unknown-function", /no function Frobnicate/],
  ["Append([a])", "wrong-arguments", /suffix/],
  ['Append(, "x")', "wrong-arguments", /source/],
  ['StripSpaces([a], "x")', "wrong-arguments", /at most 1/],
  ["Guid([a])", "wrong-arguments", /at most 0/],
])("%s is named as wrong", (text, code, message) => {
  const [problem] = checkExpression(parsed(text));
  expect(problem?.code).toBe(code);
  expect(problem?.message).toMatch(message);
});

test("patterns that only the tenant evaluates are quoted", () => {
  const expression = parsed('Replace([a], , "a(?=b)", , Replace([b], , "a+", , "", , ), , )');
  expect(unevaluableParts(expression)).toEqual(['the regular expression "a(?=b)"']);
});

test("functions that only the tenant has are named, each once", () => {
  expect(unevaluableParts(parsed('Join("", PCase([a]), PCase([b]), ToLower([c]))'))).toEqual(["PCase"]);
});
