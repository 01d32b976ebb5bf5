/** An attribute-mapping expression of Microsoft Entra provisioning, parsed. `offset` counts UTF-16 units from the start of the text. */
export type Expression = AttributeReference | Constant | FunctionCall | Comparison;

/** `[mail]` */
export interface AttributeReference {
  kind: "attribute";
  name: string;
  offset: number;
}

/** `"text"`, or a bare word: a number, `&HF`, `%DomainFQDN%`, `vbBinaryCompare`. */
export interface Constant {
  kind: "constant";
  /** Without quotes and escapes. */
  value: string;
  quoted: boolean;
  offset: number;
}

/** `Join(" ", [givenName], [surname])`; an omitted argument (`Switch([a], , "x")`) is null. */
export interface FunctionCall {
  kind: "call";
  name: string;
  arguments: (Expression | null)[];
  offset: number;
}

/** `[country]="USA"`, as an argument of a function only. */
export interface Comparison {
  kind: "comparison";
  operator: ComparisonOperator;
  left: Expression;
  right: Expression;
  offset: number;
}

export type ComparisonOperator = "=" | "<>" | ">" | ">=" | "<" | "<=";

/** Why a text is no expression, or an expression has no value. */
export interface ExpressionProblem {
  code:
    | "empty"
    | "too-long"
    | "too-deep"
    | "unterminated-string"
    | "unterminated-attribute"
    | "unexpected"
    | "unknown-function"
    | "wrong-arguments"
    | "not-evaluable"
    | "invalid-argument"
    | "several-roles"
    | "unsupported";
  message: string;
  offset: number;
}

/** The expression and everything in it, outermost first. */
export function* walk(expression: Expression): Generator<Expression> {
  yield expression;
  if (expression.kind === "call") {
    for (const argument of expression.arguments) if (argument) yield* walk(argument);
  } else if (expression.kind === "comparison") {
    yield* walk(expression.left);
    yield* walk(expression.right);
  }
}

/** Names of the source attributes that an expression reads, each once. */
export function attributesRead(expression: Expression): string[] {
  const names = new Set<string>();
  for (const part of walk(expression)) if (part.kind === "attribute") names.add(part.name);
  return [...names];
}
