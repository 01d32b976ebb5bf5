import type { ExpressionProblem } from "../../../expressions/ast.ts";
import { checkExpression } from "../../../expressions/check.ts";
import { evaluateExpression } from "../../../expressions/evaluate.ts";
import { parseExpression } from "../../../expressions/parse.ts";
import { toMappingSource } from "../../../expressions/source.ts";
import { type GraphCall, type GraphRouter, ok, requiredString } from "../graph-router.ts";
import { jobOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";

interface ExpressionInput {
  properties?: { key: string; value: string | null }[];
}

/** Turns an expression's text into the `source` of a mapping, and evaluates it for a test object. */
export function expressionRoutes(router: GraphRouter): void {
  const path = "/servicePrincipals/:id/synchronization/jobs/:jobId/schema/parseExpression";

  router.on("POST", path, ACCESS.readSynchronization, (call) => {
    jobOf(router.tenant, call);
    const context = { "@odata.context": `${call.root}/$metadata#microsoft.graph.parseExpressionResponse` };
    return ok({ ...context, ...parse(call) });
  });
}

function parse({ body }: GraphCall): Record<string, unknown> {
  const parsed = parseExpression(requiredString(body, "expression"));
  const problem = parsed.ok ? checkExpression(parsed.expression)[0] : parsed.problem;
  if (problem || !parsed.ok) return failed(problem);
  const source = { parsingSucceeded: true, parsedExpression: toMappingSource(parsed.expression) };
  const input = body.testInputObject as ExpressionInput | null | undefined;
  if (!input) return { error: null, evaluationSucceeded: false, evaluationResult: [], ...source };
  const values = Object.fromEntries((input.properties ?? []).map(({ key, value }) => [key, value]));
  const result = evaluateExpression(parsed.expression, values);
  return result.ok
    ? { error: null, evaluationSucceeded: true, evaluationResult: [result.value].flat(), ...source }
    : { error: errorOf(result.problem), evaluationSucceeded: false, evaluationResult: [], ...source };
}

function failed(problem: ExpressionProblem | undefined): Record<string, unknown> {
  return {
    error: errorOf(problem),
    evaluationSucceeded: false,
    evaluationResult: [],
    parsingSucceeded: false,
    parsedExpression: null,
  };
}

function errorOf(problem: ExpressionProblem | undefined): Record<string, unknown> {
  return { code: "InvalidExpression", message: problem?.message ?? "", tenantActionable: true };
}
