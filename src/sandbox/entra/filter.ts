import type { EntityType } from "./entity-types.ts";
import { type Comparison, type Filter, type FilterLiteral, parseFilter } from "./filter-parser.ts";
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
): (object: object) => boolean {
  const filter = parseFilter(text);
  check(filter, type, advanced);
  return compile(filter);
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

function compile(filter: Filter): (object: unknown) => boolean {
  switch (filter.kind) {
    case "and": {
      const terms = filter.terms.map(compile);
      return (object) => terms.every((term) => term(object));
    }
    case "or": {
      const terms = filter.terms.map(compile);
      return (object) => terms.some((term) => term(object));
    }
    case "not": {
      const term = compile(filter.term);
      return (object) => !term(object);
    }
    case "any": {
      const [values, term] = [valueAt(filter.path), compile(filter.term)];
      return (object) => {
        const list = values(object);
        return Array.isArray(list) && list.some(term);
      };
    }
    case "in": {
      const [value, wanted] = [valueAt(filter.path), new Set<unknown>(filter.values.map(comparable))];
      return (object) => wanted.has(comparable(value(object)));
    }
    case "match":
      return compileMatch(valueAt(filter.path), filter.operator === "startswith", filter.value.toLowerCase());
    case "compare":
      return compileComparison(valueAt(filter.path), filter.operator, filter.value);
  }
}

type Getter = (object: unknown) => unknown;

function valueAt(path: string): Getter {
  if (path === "") return (object) => object;
  const keys = path.split("/");
  return (object) => keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
}

function isObject(value: unknown): value is GraphObject {
  return typeof value === "object" && value !== null;
}

function compileMatch(get: Getter, atStart: boolean, part: string): (object: unknown) => boolean {
  return (object) => {
    const value = get(object);
    if (typeof value !== "string") return false;
    return atStart ? value.toLowerCase().startsWith(part) : value.toLowerCase().endsWith(part);
  };
}

function compileComparison(
  get: Getter,
  operator: Comparison,
  literal: FilterLiteral,
): (object: unknown) => boolean {
  const wanted = comparable(literal);
  if (operator === "eq") return (object) => comparable(get(object)) === wanted;
  if (operator === "ne") return (object) => comparable(get(object)) !== wanted;
  return (object) => {
    const value = get(object);
    if (typeof value !== typeof literal || (typeof value !== "string" && typeof value !== "number"))
      return false;
    const order = value < (literal as typeof value) ? -1 : value > (literal as typeof value) ? 1 : 0;
    return { gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }[operator];
  };
}

/** The directory compares strings without case, and takes a property that is absent for null. */
function comparable(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : (value ?? null);
}
