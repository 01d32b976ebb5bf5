import {
  attributesRead,
  type Comparison,
  type Expression,
  type ExpressionProblem,
  type FunctionCall,
} from "./ast.ts";
import { FUNCTIONS } from "./catalogue.ts";
import { checkExpression } from "./check.ts";
import { dateFunctions } from "./functions/dates.ts";
import { listFunctions } from "./functions/lists.ts";
import { logicFunctions } from "./functions/logic.ts";
import { replace } from "./functions/replace.ts";
import { roleFunctions } from "./functions/roles.ts";
import { textFunctions } from "./functions/text.ts";
import { asText, type EvaluableFunction, EvaluationFailure, isEmpty, type Value } from "./value.ts";

/** Source attribute name -> value; a name that is absent has no value. */
export type AttributeValues = Readonly<Record<string, Value | undefined>>;

export type EvaluationResult = { ok: true; value: Value } | { ok: false; problem: ExpressionProblem };

const IMPLEMENTATIONS: ReadonlyMap<string, EvaluableFunction> = new Map(
  Object.entries({
    ...textFunctions,
    ...listFunctions,
    ...logicFunctions,
    ...dateFunctions,
    ...roleFunctions,
    Replace: replace,
  }),
);

/**
 * What an expression gives for one person or group. Whatever cannot be evaluated is an answer, never an exception:
 * `not-evaluable` (a function that only the tenant has), `several-roles`, `unsupported` (Microsoft says it does not work),
 * `invalid-argument`, `unknown-function`, `wrong-arguments`.
 */
export function evaluateExpression(expression: Expression, attributes: AttributeValues): EvaluationResult {
  const problem = checkExpression(expression)[0];
  if (problem) return { ok: false, problem };
  try {
    return { ok: true, value: evaluate(expression, attributes) };
  } catch (error) {
    if (error instanceof LocatedFailure) return { ok: false, problem: error.problem };
    throw error;
  }
}

class LocatedFailure extends Error {
  readonly problem: ExpressionProblem;
  constructor(problem: ExpressionProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

function evaluate(expression: Expression, attributes: AttributeValues): Value {
  switch (expression.kind) {
    case "attribute":
      return (Object.hasOwn(attributes, expression.name) ? attributes[expression.name] : null) ?? null;
    case "constant":
      return expression.value;
    case "comparison":
      return located(expression.offset, () => compare(expression, attributes));
    case "call":
      return call(expression, attributes);
  }
}

function call(expression: FunctionCall, attributes: AttributeValues): Value {
  const implementation = IMPLEMENTATIONS.get(expression.name);
  if (!implementation || !FUNCTIONS.get(expression.name)?.evaluable) {
    throw new LocatedFailure({
      code: "not-evaluable",
      message: `${expression.name} cannot be evaluated offline; only the tenant can.`,
      offset: expression.offset,
    });
  }
  if (expression.name === "IIF") refuseEmptyCondition(expression, attributes);
  const args = expression.arguments.map((argument) =>
    argument ? evaluate(argument, attributes) : undefined,
  );
  return located(expression.offset, () => implementation(args));
}

function located(offset: number, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    throw new LocatedFailure({ code: error.code, message: error.message, offset });
  }
}

/**
 * "If the source attribute used within the IIF function is empty or null, the condition check fails" (function reference,
 * IIF, known limitations, which lists IsPresent and IsNullOrEmpty among what does not work). What then flows is not
 * documented, so no value is made up here.
 */
function refuseEmptyCondition(iif: FunctionCall, attributes: AttributeValues): void {
  const condition = iif.arguments[0];
  if (!condition) return;
  const empty = attributesRead(condition).find((name) =>
    isEmpty(Object.hasOwn(attributes, name) ? attributes[name] : null),
  );
  if (empty === undefined) return;
  throw new LocatedFailure({
    code: "unsupported",
    message: `IIF's condition reads [${empty}], which is empty; Entra does not support that. Use Switch([${empty}], …, "", …).`,
    offset: condition.offset,
  });
}

function compare(comparison: Comparison, attributes: AttributeValues): boolean {
  const left = asText(evaluate(comparison.left, attributes), "A comparison");
  const right = asText(evaluate(comparison.right, attributes), "A comparison");
  if (comparison.operator === "=") return left === right;
  if (comparison.operator === "<>") return left !== right;
  if (left === null || right === null) return false;
  const order = ordered(left, right);
  switch (comparison.operator) {
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
  }
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

function ordered(left: string, right: string): number {
  if (NUMBER.test(left) && NUMBER.test(right)) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}
