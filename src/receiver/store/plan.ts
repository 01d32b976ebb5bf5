import type { AttributePath, Filter } from "../../scim/ast.ts";
import { foldCase } from "../document/predicate.ts";
import type { ResourceModel } from "../schema/model.ts";
import type { Condition } from "./resources.ts";

/** What SQL can do for a filter. When `exact` is false, rows that meet the condition must still be tested one by one. */
export interface Plan extends Condition {
  exact: boolean;
}

interface Column {
  name: string;
  fold: boolean;
}

const NUMERIC: Partial<Record<string, string>> = { eq: "=", ne: "<>", gt: ">", ge: ">=", lt: "<", le: "<=" };

/** The part of a filter that indexes answer, as a condition that no matching row fails; undefined when there is none. */
export function planFilter(filter: Filter, model: ResourceModel): Plan | undefined {
  switch (filter.kind) {
    case "and":
      return planAnd(filter.operands, model);
    case "or":
      return planOr(filter.operands, model);
    case "compare":
      return typeof filter.value === "string"
        ? planComparison(filter.path, filter.operator, filter.value, model)
        : undefined;
    case "element":
      return filter.path.filter && planElement(filter.path, filter.path.filter, model);
    default:
      return undefined;
  }
}

function planAnd(operands: Filter[], model: ResourceModel): Plan | undefined {
  const plans = operands.map((operand) => planFilter(operand, model));
  const usable = plans.filter((plan) => plan !== undefined);
  if (usable.length === 0) return undefined;
  return {
    ...join(usable, "AND"),
    exact: usable.length === plans.length && usable.every((plan) => plan.exact),
  };
}

function planOr(operands: Filter[], model: ResourceModel): Plan | undefined {
  const plans = operands.map((operand) => planFilter(operand, model));
  const usable = plans.filter((plan) => plan !== undefined);
  if (usable.length < plans.length) return undefined;
  return { ...join(usable, "OR"), exact: usable.every((plan) => plan.exact) };
}

function join(plans: Plan[], word: "AND" | "OR"): Condition {
  return {
    sql: `(${plans.map((plan) => plan.sql).join(` ${word} `)})`,
    parameters: plans.flatMap((plan) => plan.parameters),
    scans: plans[word === "AND" ? "every" : "some"]((plan) => plan.scans === true),
  };
}

function planComparison(
  path: AttributePath,
  operator: string,
  value: string,
  model: ResourceModel,
): Plan | undefined {
  const target = model.find(path);
  if (!target || target.extension !== undefined) return undefined;
  const name = target.attribute.name;
  const sub = target.sub?.name;
  if (name === "meta") return planDate(sub, operator, value);
  if (path.filter) {
    const plan = sub === "value" && operator === "eq" ? planValue(name, value, model) : undefined;
    return plan && { ...plan, exact: false };
  }
  if (operator === "eq" && (sub === undefined || sub === "value")) {
    const plan = planValue(name, value, model);
    if (plan) return plan;
  }
  const column = sub === undefined ? columnOf(name, model) : undefined;
  return column && planText(column, operator, value);
}

/** `emails[… value eq "x" …]`: those who have the value at all. */
function planElement(path: AttributePath, filter: Filter, model: ResourceModel): Plan | undefined {
  const target = model.find(path);
  if (!target || target.extension !== undefined) return undefined;
  const terms = filter.kind === "and" ? filter.operands : [filter];
  for (const term of terms) {
    if (term.kind !== "compare" || term.operator !== "eq" || typeof term.value !== "string") continue;
    if (term.path.attribute.toLowerCase() !== "value") continue;
    const plan = planValue(target.attribute.name, term.value, model);
    if (plan) return { ...plan, exact: terms.length === 1 };
  }
  return undefined;
}

/** Multi-valued attributes that have a table of their values. */
function planValue(name: string, value: string, model: ResourceModel): Plan | undefined {
  if (name === "emails" && model.type === "User") {
    return {
      sql: "seq IN (SELECT seq FROM email WHERE value = ?)",
      parameters: [foldCase(value)],
      exact: true,
    };
  }
  if (name === "members" && model.type === "Group") {
    return { sql: "seq IN (SELECT group_seq FROM member WHERE value = ?)", parameters: [value], exact: true };
  }
  if (name === "groups" && model.type === "User") {
    return {
      sql: "id IN (SELECT value FROM member WHERE group_seq = (SELECT seq FROM scim_group WHERE id = ?))",
      parameters: [value],
      exact: true,
    };
  }
  return undefined;
}

function columnOf(name: string, model: ResourceModel): Column | undefined {
  if (name === "id") return { name: "id", fold: false };
  if (name === "externalId") return { name: "external_id", fold: false };
  if (model.type === "User") {
    if (name === "userName") return { name: "name", fold: true };
    if (name === "displayName") return { name: "display", fold: true };
  } else if (name === "displayName") return { name: "name", fold: true };
  return undefined;
}

function planText(column: Column, operator: string, value: string): Plan | undefined {
  const text = column.fold ? foldCase(value) : value;
  const { name } = column;
  const scan = (sql: string, parameters: string[]): Plan => ({ sql, parameters, exact: true, scans: true });
  switch (operator) {
    case "eq":
      return { sql: `${name} = ?`, parameters: [text], exact: true };
    case "sw":
      return text === ""
        ? undefined
        : { sql: `(${name} >= ? AND ${name} < ?)`, parameters: [text, `${text}\u{10FFFF}`], exact: true };
    case "co":
      return scan(`instr(${name}, ?) > 0`, [text]);
    case "ew":
      return text === "" ? undefined : scan(`substr(${name}, -length(?)) = ?`, [text, text]);
    default:
      return undefined;
  }
}

function planDate(sub: string | undefined, operator: string, value: string): Plan | undefined {
  const column = sub === "created" ? "created" : sub === "lastModified" ? "modified" : undefined;
  const relation = NUMERIC[operator];
  const instant = Date.parse(value);
  if (column === undefined || relation === undefined || Number.isNaN(instant)) return undefined;
  return { sql: `${column} ${relation} ?`, parameters: [instant], exact: true };
}

/** How a sort attribute is had from SQL; undefined when documents must be read for it. */
export function planOrder(
  path: AttributePath,
  model: ResourceModel,
  descending: boolean,
): string | undefined {
  const target = model.find(path);
  if (!target || target.extension !== undefined || path.filter) return undefined;
  const meta: Partial<Record<string, string>> = { created: "created", lastModified: "modified" };
  const column =
    target.attribute.name === "meta"
      ? meta[target.sub?.name ?? ""]
      : target.sub
        ? undefined
        : columnOf(target.attribute.name, model)?.name;
  if (column === undefined) return undefined;
  const direction = descending ? "DESC" : "ASC";
  // RFC 7644 section 3.4.2.3: resources without the value come last when ascending, first when descending.
  return `${column} IS NULL ${direction}, ${column} ${direction}, seq`;
}
