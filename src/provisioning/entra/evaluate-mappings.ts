import { type AttributeValues, evaluateExpression } from "../../expressions/evaluate.ts";
import { isEmpty } from "../../expressions/value.ts";
import type { Failure } from "./failure.ts";
import type { AttributePlan } from "./plan.ts";

export type TargetValue = string | string[] | boolean;

/** What the mappings give for one object. An attribute without a value is absent: Entra never provisions null. */
export interface MappedValues {
  values: Map<AttributePlan, TargetValue>;
  /** Attributes left out because their expression could not be evaluated here. */
  warnings: string[];
  /** The object as a whole cannot be provisioned. */
  failure: Failure | null;
}

export function evaluateMappings(attributes: AttributePlan[], source: AttributeValues): MappedValues {
  const result: MappedValues = { values: new Map(), warnings: [], failure: null };
  for (const attribute of attributes) {
    if (!attribute.expression) continue;
    const evaluated = evaluateExpression(attribute.expression, source);
    if (evaluated.ok) {
      if (evaluated.value !== null && !isEmpty(evaluated.value))
        result.values.set(attribute, evaluated.value);
      continue;
    }
    const message = `The mapping to ${attribute.target} has no value: ${evaluated.problem.message}`;
    if (evaluated.problem.code === "several-roles" || evaluated.problem.code === "invalid-argument") {
      result.failure ??= { code: "AttributeMappingFailed", message };
    } else {
      result.warnings.push(message);
    }
  }
  return result;
}
