import type { AttributePath, ComparisonOperator, ComparisonValue, Filter } from "../../scim/ast.ts";
import { printAttributePath } from "../../scim/print.ts";
import type { Intake } from "../deviation.ts";
import { badFilter, ScimError } from "../errors.ts";
import type { AttributeDefinition } from "../schema/definition.ts";
import type { ResourceModel } from "../schema/model.ts";
import { subAttribute } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { attributeAt } from "./target.ts";

export interface Predicate {
  test(document: JsonObject): boolean;
  /** Names of the core attributes that the filter reads, so that costly ones are loaded only when needed. */
  reads: Set<string>;
}

type Test = (scope: JsonObject) => boolean;
interface Accessor {
  definition: AttributeDefinition;
  values(scope: JsonObject): Json[];
}
type Resolve = (path: AttributePath) => Accessor;

/**
 * Turns a filter into a test of documents, RFC 7644 section 3.4.2.2: letters' case by each attribute's caseExact, a
 * multi-valued attribute matches when one of its values does, a complex one is compared by its `value`.
 *
 * @throws ScimError 400 invalidFilter for an attribute that the schemas do not have (so that a misspelt one never matches
 * everybody through `not`), one that may not be searched, and a comparison without meaning.
 */
export function compileFilter(filter: Filter, model: ResourceModel, intake: Intake): Predicate {
  const reads = new Set<string>();
  const test = compile(filter, resolverOf(model, intake, reads), intake);
  return { test, reads };
}

/** The test of one element of a multi-valued attribute, for `emails[…]`. */
export function compileElementFilter(
  filter: Filter,
  definition: AttributeDefinition,
  intake: Intake,
): (element: Json) => boolean {
  const test = compile(filter, elementResolver(definition), intake);
  return (element) => test(isObject(element) ? element : { value: element });
}

function resolverOf(model: ResourceModel, intake: Intake, reads: Set<string>): Resolve {
  return (path) => {
    const target = model.find(path) ?? unqualified(model, path, intake);
    if (!target) throw badFilter(`\`${printAttributePath(path)}\` is no attribute of a ${model.type}.`);
    if (target.attribute.returned === "never") {
      throw new ScimError(403, "sensitive", `\`${target.attribute.name}\` cannot be searched.`);
    }
    if (target.extension === undefined) reads.add(target.attribute.name);
    const { attribute, sub } = target;
    const matches = path.filter && compileElementFilter(path.filter, attribute, intake);
    const whole = (document: JsonObject) => {
      const value = attributeAt(document, target);
      const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
      return matches ? list.filter(matches) : list;
    };
    return sub ? accessorOfSub(sub, whole) : { definition: attribute, values: whole };
  };
}

function unqualified(model: ResourceModel, path: AttributePath, intake: Intake) {
  if (!intake.lenient || path.urn !== undefined) return undefined;
  const urn = model.extensionWith(path.attribute);
  if (urn === undefined) return undefined;
  intake.note("unqualified-path", path.attribute);
  return model.find({ ...path, urn });
}

function accessorOfSub(sub: AttributeDefinition, whole: (scope: JsonObject) => Json[]): Accessor {
  const values = (scope: JsonObject) => {
    const found: Json[] = [];
    for (const element of whole(scope)) {
      const value = isObject(element) ? element[sub.name] : undefined;
      if (value !== undefined) found.push(value);
    }
    return found;
  };
  return { definition: sub, values };
}

function elementResolver(definition: AttributeDefinition): Resolve {
  return (path) => {
    const isItself = definition.type !== "complex" && path.attribute.toLowerCase() === "value";
    const sub = isItself ? definition : subAttribute(definition, path.attribute);
    if (!sub || path.subAttribute !== undefined || path.urn !== undefined) {
      throw badFilter(`\`${definition.name}\` has no sub-attribute \`${printAttributePath(path)}\`.`);
    }
    const name = isItself ? "value" : sub.name;
    return {
      definition: sub,
      values: (scope) => {
        const value = scope[name];
        return value === undefined ? [] : [value];
      },
    };
  };
}

function compile(filter: Filter, resolve: Resolve, intake: Intake): Test {
  switch (filter.kind) {
    case "and": {
      const tests = filter.operands.map((operand) => compile(operand, resolve, intake));
      return (scope) => tests.every((test) => test(scope));
    }
    case "or": {
      const tests = filter.operands.map((operand) => compile(operand, resolve, intake));
      return (scope) => tests.some((test) => test(scope));
    }
    case "not": {
      const test = compile(filter.operand, resolve, intake);
      return (scope) => !test(scope);
    }
    case "present":
    case "element": {
      const { values } = resolve(filter.path);
      return (scope) => values(scope).some((value) => value !== "" && value !== null);
    }
    case "compare":
      return compileComparison(resolve(filter.path), filter.operator, filter.value, intake);
  }
}

function compileComparison(
  accessor: Accessor,
  operator: ComparisonOperator,
  value: ComparisonValue,
  intake: Intake,
): Test {
  const { definition, values } = comparable(accessor);
  if (value === null) {
    if (operator === "eq") return (scope) => values(scope).length === 0;
    if (operator === "ne") return (scope) => values(scope).length > 0;
    throw badFilter(`null can be compared with eq and ne only, not with ${operator}.`);
  }
  const matches = comparison(definition, operator, value, intake);
  if (operator === "ne") {
    return (scope) => {
      const present = values(scope);
      return present.length === 0 || present.some((candidate) => !matches(candidate));
    };
  }
  return (scope) => values(scope).some(matches);
}

/** A complex attribute is compared by its `value`. */
function comparable(accessor: Accessor): Accessor {
  if (accessor.definition.type !== "complex") return accessor;
  const sub = subAttribute(accessor.definition, "value");
  if (!sub) throw badFilter(`\`${accessor.definition.name}\` is complex: compare one of its sub-attributes.`);
  return accessorOfSub(sub, accessor.values);
}

/** The test of one value; for `ne` the test of equality. */
function comparison(
  definition: AttributeDefinition,
  operator: ComparisonOperator,
  wanted: string | number | boolean,
  intake: Intake,
): (candidate: Json) => boolean {
  switch (definition.type) {
    case "boolean": {
      const boolean = asBoolean(definition, wanted, intake);
      if (operator !== "eq" && operator !== "ne") {
        throw badFilter(`\`${definition.name}\` is a boolean: it takes eq and ne, not ${operator}.`);
      }
      return (candidate) => candidate === boolean;
    }
    case "integer":
    case "decimal": {
      const number = Number(wanted);
      if (Number.isNaN(number) || typeof wanted === "boolean") {
        throw badFilter(`\`${definition.name}\` is a number.`);
      }
      return ordered(operator, definition, (candidate) => Number(candidate) - number);
    }
    case "dateTime": {
      if (operator === "co" || operator === "sw" || operator === "ew")
        return textual(operator, String(wanted), true);
      const instant = Date.parse(String(wanted));
      if (Number.isNaN(instant)) throw badFilter(`\`${definition.name}\` is a date and time.`);
      return ordered(operator, definition, (candidate) => Date.parse(String(candidate)) - instant);
    }
    default: {
      if (typeof wanted !== "string" && !intake.lenient) {
        throw badFilter(`\`${definition.name}\` is a string: the value stands in double quotes.`);
      }
      return textual(operator, String(wanted), definition.caseExact);
    }
  }
}

function asBoolean(
  definition: AttributeDefinition,
  wanted: string | number | boolean,
  intake: Intake,
): boolean {
  if (typeof wanted === "boolean") return wanted;
  if (intake.lenient && typeof wanted === "string" && /^(?:true|false)$/i.test(wanted)) {
    intake.note("string-boolean", definition.name);
    return wanted.toLowerCase() === "true";
  }
  throw badFilter(`\`${definition.name}\` is a boolean: true or false is needed, without quotes.`);
}

function ordered(
  operator: ComparisonOperator,
  definition: AttributeDefinition,
  difference: (candidate: Json) => number,
): (candidate: Json) => boolean {
  switch (operator) {
    case "eq":
    case "ne":
      return (candidate) => difference(candidate) === 0;
    case "gt":
      return (candidate) => difference(candidate) > 0;
    case "ge":
      return (candidate) => difference(candidate) >= 0;
    case "lt":
      return (candidate) => difference(candidate) < 0;
    case "le":
      return (candidate) => difference(candidate) <= 0;
    default:
      throw badFilter(`\`${definition.name}\` is no text: ${operator} has no meaning for it.`);
  }
}

/** The form in which texts are compared where letters' case does not count. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

function textual(
  operator: ComparisonOperator,
  wanted: string,
  caseExact: boolean,
): (candidate: Json) => boolean {
  const fold = caseExact ? (text: string) => text : foldCase;
  const target = fold(wanted);
  const relation: Record<ComparisonOperator, (text: string) => boolean> = {
    eq: (text) => text === target,
    ne: (text) => text === target,
    co: (text) => text.includes(target),
    sw: (text) => text.startsWith(target),
    ew: (text) => text.endsWith(target),
    gt: (text) => text > target,
    ge: (text) => text >= target,
    lt: (text) => text < target,
    le: (text) => text <= target,
  };
  const holds = relation[operator];
  return (candidate) => typeof candidate === "string" && holds(fold(candidate));
}
