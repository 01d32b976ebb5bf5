import fc from "fast-check";
import type { Expression } from "../../src/expressions/ast.ts";
import { FUNCTIONS } from "../../src/expressions/catalogue.ts";

const attributeName = fc.constantFrom(
  "mail",
  "givenName",
  "IsSoftDeleted",
  "appRoleAssignments",
  "extension_0a_costCenter",
  "__proto__",
);
const bareWord = fc.constantFrom(
  "0",
  "1",
  "-1",
  "448",
  "&HF",
  "%DomainFQDN%",
  "vbTextCompare",
  "2147483648999",
);
const functionName = fc.constantFrom(...FUNCTIONS.keys(), "NoSuchFunction", "constructor", "toString");

const { operand } = fc.letrec<{ operand: Expression; argument: Expression | null }>((tie) => ({
  operand: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("attribute" as const), name: attributeName, offset: fc.constant(0) }),
    fc.record({
      kind: fc.constant("constant" as const),
      value: fc.string({ unit: "binary" }),
      quoted: fc.constant(true),
      offset: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant("constant" as const),
      value: bareWord,
      quoted: fc.constant(false),
      offset: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant("call" as const),
      name: functionName,
      // One omitted argument alone cannot be told from none.
      arguments: fc
        .array(tie("argument"), { maxLength: 7 })
        .filter((list) => list.length !== 1 || list[0] !== null),
      offset: fc.constant(0),
    }),
  ),
  argument: fc.oneof(
    { weight: 5, arbitrary: tie("operand") },
    { weight: 1, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("comparison" as const),
        operator: fc.constantFrom(
          "=" as const,
          "<>" as const,
          ">" as const,
          ">=" as const,
          "<" as const,
          "<=" as const,
        ),
        left: tie("operand"),
        right: tie("operand"),
        offset: fc.constant(0),
      }),
    },
  ),
}));

/** Any expression that a text can stand for, with functions that exist and that do not. */
export const expressions = operand;

export const attributeValues = fc.dictionary(
  attributeName,
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.constant('{"id":"1","value":"Admin","displayName":"Admin"}'),
  ),
);
