import type { AttributePath, Filter } from "./ast.ts";

/** Writes a path so that parsing it again gives the same path. */
export function printAttributePath(path: AttributePath): string {
  const urn = path.urn === undefined ? "" : `${path.urn}:`;
  const filter = path.filter === undefined ? "" : `[${printFilter(path.filter)}]`;
  const subAttribute = path.subAttribute === undefined ? "" : `.${path.subAttribute}`;
  return `${urn}${path.attribute}${filter}${subAttribute}`;
}

/** Writes a filter so that parsing it again gives the same filter, with no more parentheses than that needs. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.map((operand) => printOperand(filter.kind, operand)).join(` ${filter.kind} `);
    case "not":
      return `not (${printFilter(filter.operand)})`;
    case "present":
      return `${printAttributePath(filter.path)} pr`;
    case "element":
      return printAttributePath(filter.path);
    case "compare":
      return `${printAttributePath(filter.path)} ${filter.operator} ${JSON.stringify(filter.value)}`;
  }
}

function printOperand(parent: "and" | "or", operand: Filter): string {
  const text = printFilter(operand);
  const looser = operand.kind === "or" || operand.kind === parent;
  return looser ? `(${text})` : text;
}
