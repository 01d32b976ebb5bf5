import type { EntityType } from "./entity-types.ts";
import { type Filter, type FilterLiteral, parseFilter } from "./filter-parser.ts";
import { malformed, unsupportedQuery } from "./graph-error.ts";

export type GraphObject = Record<string, unknown>;

/** The most alternatives that one filter may hold. */
const MAX_ALTERNATIVES = 15;

/**
 * Makes a predicate of a $filter.
 * @param advanced whether the caller asked with ConsistencyLevel: eventual and $count=true
 * @throws GraphError 400 when the directory would refuse the filter
 */
export function compileFilter(
  text: string,
  type: EntityType,
  advanced: boolean,
): (object: GraphObject) => boolean {
  const filter = parseFilter(text);
  check(filter, type, advanced);
  return (object) => holds(filter, object);
}

function check(filter: Filter, type: EntityType, advanced: boolean): void {
  switch (filter.kind) {
    case "and":
    case "or":
      if (filter.kind === "or") checkAlternatives(filter.terms.length);
      for (const term of filter.terms) check(term, type, advanced);
      return;
    case "not":
      if (!advanced) throw unsupportedQuery("Unsupported Query.");
      check(filter.term, type, advanced);
      return;
    case "any":
      checkPath(filter.path, type, advanced);
      return;
    case "in":
      checkAlternatives(filter.values.length);
      checkPath(filter.path, type, advanced);
      return;
    case "match":
      if (filter.operator === "contains")
        throw unsupportedQuery("Unsupported property filter clause operator 'Contains'.");
      if (filter.operator === "endswith" && !advanced) throw unsupportedQuery("Unsupported Query.");
      checkPath(filter.path, type, advanced);
      return;
    case "compare":
      if (filter.operator === "ne" && !advanced) {
        throw unsupportedQuery("Unsupported property filter clause operator 'NotEqualsMatch'.");
      }
      checkPath(filter.path, type, advanced);
  }
}

function checkAlternatives(count: number): void {
  if (count <= MAX_ALTERNATIVES) return;
  throw unsupportedQuery(
    `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MAX_ALTERNATIVES}.`,
  );
}

function checkPath(path: string, type: EntityType, advanced: boolean): void {
  const [first = path] = path.split("/");
  if (!type.properties.has(first)) {
    throw malformed(
      `Invalid filter clause: Could not find a property named '${first}' on type '${type.name}'.`,
    );
  }
  const support = type.filterable[path];
  if (support === "basic" || (support === "advanced" && advanced)) return;
  throw unsupportedQuery(
    `Unsupported or invalid query filter clause specified for property '${path}' of resource '${type.resource}'.`,
  );
}

function holds(filter: Filter, object: unknown): boolean {
  switch (filter.kind) {
    case "and":
      return filter.terms.every((term) => holds(term, object));
    case "or":
      return filter.terms.some((term) => holds(term, object));
    case "not":
      return !holds(filter.term, object);
    case "any": {
      const values = valueAt(object, filter.path);
      return Array.isArray(values) && values.some((value) => holds(filter.term, value));
    }
    case "in":
      return filter.values.some((value) => equal(valueAt(object, filter.path), value));
    case "match": {
      const value = valueAt(object, filter.path);
      if (typeof value !== "string") return false;
      const [whole, part] = [value.toLowerCase(), filter.value.toLowerCase()];
      return filter.operator === "startswith" ? whole.startsWith(part) : whole.endsWith(part);
    }
    case "compare":
      return compare(filter.operator, valueAt(object, filter.path), filter.value);
  }
}

function valueAt(object: unknown, path: string): unknown {
  if (path === "") return object;
  return path.split("/").reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

function isObject(value: unknown): value is GraphObject {
  return typeof value === "object" && value !== null;
}

function compare(operator: string, value: unknown, literal: FilterLiteral): boolean {
  if (operator === "eq") return equal(value, literal);
  if (operator === "ne") return !equal(value, literal);
  if (typeof value !== typeof literal || (typeof value !== "string" && typeof value !== "number"))
    return false;
  const order = value < (literal as typeof value) ? -1 : value > (literal as typeof value) ? 1 : 0;
  if (operator === "gt") return order > 0;
  if (operator === "ge") return order >= 0;
  if (operator === "lt") return order < 0;
  return order <= 0;
}

/** The directory compares strings without case. */
function equal(value: unknown, literal: FilterLiteral): boolean {
  if (typeof value === "string" && typeof literal === "string")
    return value.toLowerCase() === literal.toLowerCase();
  return (value ?? null) === literal;
}
