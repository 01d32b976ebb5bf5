import type { AttributePath, ComparisonOperator, ComparisonValue, Filter } from "../../scim/ast.ts";
import { parseFilter } from "../../scim/filter.ts";
import { ScimSyntaxError } from "../../scim/scanner.ts";
import { refuse } from "./errors.ts";

/** What a `search` or `filter` parameter may name, and with which operators. Okta refuses everything else. */
export interface SearchRules {
  paths: RegExp;
  operators: readonly ComparisonOperator[];
}

/**
 * Okta's `search` and `filter` parameters: SCIM filters over the JSON that the API gives back. Strings compare without regard to
 * case; a list matches when one of its elements does.
 *
 * @throws OktaError E0000031 for a filter that does not parse, a property or an operator that may not be searched.
 */
export function matcher(expression: string, rules: SearchRules): (document: unknown) => boolean {
  let filter: Filter;
  try {
    filter = parseFilter(expression);
  } catch (error) {
    if (error instanceof ScimSyntaxError) throw refuse.search(error.message);
    throw error;
  }
  check(filter, rules);
  return (document) => matches(filter, document);
}

function check(filter: Filter, rules: SearchRules): void {
  switch (filter.kind) {
    case "and":
    case "or":
      for (const operand of filter.operands) check(operand, rules);
      return;
    case "not":
    case "element":
      throw refuse.search(`"${filter.kind}" is not supported`);
    case "present":
      checkPath(filter.path, rules);
      return;
    case "compare":
      checkPath(filter.path, rules);
      if (!rules.operators.includes(filter.operator)) {
        throw refuse.search(`The operator "${filter.operator}" is not supported for ${nameOf(filter.path)}`);
      }
  }
}

function checkPath(path: AttributePath, rules: SearchRules): void {
  if (path.filter || !rules.paths.test(nameOf(path))) {
    throw refuse.search(`The field "${nameOf(path)}" cannot be searched`);
  }
}

function nameOf(path: AttributePath): string {
  return path.subAttribute === undefined ? path.attribute : `${path.attribute}.${path.subAttribute}`;
}

function matches(filter: Filter, document: unknown): boolean {
  switch (filter.kind) {
    case "and":
      return filter.operands.every((operand) => matches(operand, document));
    case "or":
      return filter.operands.some((operand) => matches(operand, document));
    case "present":
      return valuesAt(document, filter.path).some((value) => value !== null && value !== "");
    case "compare":
      return valuesAt(document, filter.path).some((value) => compare(filter.operator, value, filter.value));
    default:
      return false;
  }
}

function valuesAt(document: unknown, path: AttributePath): unknown[] {
  const names = path.subAttribute === undefined ? [path.attribute] : [path.attribute, path.subAttribute];
  return names.reduce<unknown[]>((values, name) => values.flatMap((value) => child(value, name)), [document]);
}

function child(value: unknown, name: string): unknown[] {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  const found: unknown = (value as Record<string, unknown>)[name];
  return Array.isArray(found) ? found : [found];
}

function compare(operator: ComparisonOperator, actual: unknown, wanted: ComparisonValue): boolean {
  if (typeof actual !== "string" || typeof wanted !== "string") {
    return operator === "eq" ? actual === wanted : operator === "ne" && actual !== wanted;
  }
  const [left, right] = [actual.toLowerCase(), wanted.toLowerCase()];
  switch (operator) {
    case "eq":
      return left === right;
    case "ne":
      return left !== right;
    case "sw":
      return left.startsWith(right);
    case "ew":
      return left.endsWith(right);
    case "co":
      return left.includes(right);
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "lt":
      return left < right;
    case "le":
      return left <= right;
  }
}
