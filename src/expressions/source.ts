import type { Comparison, Constant, Expression, FunctionCall } from "./ast.ts";
import { FUNCTIONS, parameterAt } from "./catalogue.ts";
import { printExpression, quote } from "./print.ts";

/** The `source` of an attribute mapping in Graph's synchronization schema. */
export interface MappingSource {
  /** Canonical text of the expression. */
  expression: string;
  /** The attribute's, the function's, or the constant's own text. */
  name: string;
  type: "Attribute" | "Constant" | "Function";
  parameters: { key: string; value: MappingSource }[];
}

/**
 * Graph's `source` object for an expression, as a tenant's parseExpression answers: an omitted argument has no parameter,
 * a repeated one repeats its key, and a number is a quoted constant inside `parameters` but bare in the outer text.
 * The expression must have passed checkExpression.
 */
export function toMappingSource(expression: Expression): MappingSource {
  switch (expression.kind) {
    case "attribute":
      return {
        expression: printExpression(expression),
        name: expression.name,
        type: "Attribute",
        parameters: [],
      };
    case "constant":
      return {
        expression: constantText(expression),
        name: expression.value,
        type: "Constant",
        parameters: [],
      };
    case "call":
      return {
        expression: printExpression(expression),
        name: expression.name,
        type: "Function",
        parameters: parameters(expression),
      };
    case "comparison":
      // Seen only as IIF's condition, where it is spread over three parameters. Elsewhere (CBool) the form is not known.
      return {
        expression: printExpression(expression),
        name: expression.operator,
        type: "Function",
        parameters: [
          { key: "left", value: toMappingSource(expression.left) },
          { key: "right", value: toMappingSource(expression.right) },
        ],
      };
  }
}

/** `%DomainFQDN%` is a variable and stays bare; other bare words become quoted constants. */
function constantText(constant: Constant): string {
  return !constant.quoted && constant.value.startsWith("%") ? constant.value : quote(constant.value);
}

function parameters(call: FunctionCall): MappingSource["parameters"] {
  const description = FUNCTIONS.get(call.name);
  if (!description) throw new TypeError(`${call.name} is not in the catalogue: check the expression first.`);
  return call.arguments.flatMap((argument, position) => {
    if (!argument) return [];
    if (call.name === "IIF" && position === 0 && argument.kind === "comparison")
      return comparisonOfIif(argument);
    const parameter = parameterAt(description, position);
    if (!parameter)
      throw new TypeError(`${call.name} has no argument ${position + 1}: check the expression first.`);
    return [{ key: parameter.key, value: toMappingSource(argument) }];
  });
}

function comparisonOfIif(comparison: Comparison): MappingSource["parameters"] {
  const operator: Constant = {
    kind: "constant",
    value: comparison.operator,
    quoted: true,
    offset: comparison.offset,
  };
  return [
    { key: "one", value: toMappingSource(comparison.left) },
    { key: "two", value: toMappingSource(operator) },
    { key: "three", value: toMappingSource(comparison.right) },
  ];
}
