interface FilterOperator {
  id: string;
  name: string;
  arity: "Unary" | "Binary";
  multivaluedComparisonType: "All" | "Any";
  supportedAttributeTypes: string[];
}

const operator = (
  name: string,
  arity: FilterOperator["arity"],
  ...supportedAttributeTypes: string[]
): FilterOperator => ({
  id: name,
  name,
  arity,
  multivaluedComparisonType: name.startsWith("NOT") || name.startsWith("!") ? "All" : "Any",
  supportedAttributeTypes,
});

/** Operators of scoping filters: those that Microsoft's documentation or public schemas show. */
export const FILTER_OPERATORS: readonly FilterOperator[] = [
  operator("EQUALS", "Binary", "String", "Integer", "Boolean"),
  operator("NOT EQUALS", "Binary", "String", "Integer", "Boolean"),
  operator("IS TRUE", "Unary", "Boolean"),
  operator("IS FALSE", "Unary", "Boolean"),
  operator("IS NULL", "Unary", "String", "Integer", "Boolean", "Reference"),
  operator("IS NOT NULL", "Unary", "String", "Integer", "Boolean", "Reference"),
  operator("REGEX MATCH", "Binary", "String"),
  operator("NOT REGEX MATCH", "Binary", "String"),
  operator("&", "Binary", "Integer"),
  operator("!&", "Binary", "Integer"),
];
