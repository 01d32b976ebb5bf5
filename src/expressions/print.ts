import type { Expression } from "./ast.ts";

/** The canonical spelling, as Graph's parseExpression gives it back: a comma and a space, no space around comparisons. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "attribute":
      return `[${expression.name}]`;
    case "constant":
      return expression.quoted ? quote(expression.value) : expression.value;
    case "comparison":
      return `${printExpression(expression.left)}${expression.operator}${printExpression(expression.right)}`;
    case "call": {
      const args = expression.arguments.map((argument) => (argument ? printExpression(argument) : ""));
      return `${expression.name}(${args.join(", ")})`;
    }
  }
}

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
