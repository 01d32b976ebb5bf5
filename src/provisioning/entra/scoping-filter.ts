import type { ScopingClause, ScopingFilter } from "../../clients/graph/synchronization-schema.ts";
import type { AttributeValues } from "../../expressions/evaluate.ts";
import { regularExpression } from "../../expressions/regular-expression.ts";
import { asText, isEmpty, type Value } from "../../expressions/value.ts";

/**
 * Whether an object passes a mapping's scoping filter: clauses of a group joined by AND, groups by OR, no filter passes all.
 * "Scoping filters will return false if the value is null / empty" and multi-valued attributes are not supported
 * (entra-docs, define-conditional-rules-for-provisioning-user-accounts.md).
 */
export function passesScopingFilter(filter: ScopingFilter | null, attributes: AttributeValues): boolean {
  if (!filter || filter.groups.length === 0) return true;
  return filter.groups.some((group) => group.clauses.every((clause) => passes(clause, attributes)));
}

const INTEGER = /^\d+$/;

function passes(clause: ScopingClause, attributes: AttributeValues): boolean {
  const name = clause.sourceOperandName;
  const value: Value = (Object.hasOwn(attributes, name) ? attributes[name] : null) ?? null;
  const operator = clause.operatorName.toUpperCase().replaceAll("_", " ");
  if (operator === "IS NULL") return isEmpty(value);
  if (operator === "IS NOT NULL") return !isEmpty(value);
  if (isEmpty(value) || Array.isArray(value)) return false;
  const text = asText(value, name) ?? "";
  if (operator === "IS TRUE") return text.toLowerCase() === "true";
  if (operator === "IS FALSE") return text.toLowerCase() === "false";
  const operands = clause.targetOperand?.values ?? [];
  switch (operator) {
    case "EQUALS":
      return operands.includes(text);
    case "NOT EQUALS":
      return !operands.includes(text);
    case "REGEX MATCH":
      return operands.some((pattern) => matches(pattern, text));
    case "NOT REGEX MATCH":
      return !operands.some((pattern) => matches(pattern, text));
    case "ENDS WITH":
      return operands.some((operand) => text.endsWith(operand));
    case "INCLUDES":
      return operands.some((operand) => text.includes(operand));
    case "&":
      return operands.some((operand) => operand.includes(text));
    case "!&":
      return !operands.some((operand) => operand.includes(text));
    case "GREATER THAN":
      return operands.some((operand) => bothIntegers(text, operand) && BigInt(text) > BigInt(operand));
    case "GREATER THAN OR EQUALS":
      return operands.some((operand) => bothIntegers(text, operand) && BigInt(text) >= BigInt(operand));
    default:
      return false;
  }
}

/** Over the whole value: the documented examples (`([1-9][0-9])` for 10 to 99) mean nothing else. */
function matches(pattern: string, text: string): boolean {
  return regularExpression(pattern)?.matches(text) ?? false;
}

const bothIntegers = (text: string, operand: string) => INTEGER.test(text) && INTEGER.test(operand);
