/** What a SCIM filter or attribute path says, RFC 7644 sections 3.4.2.2 and 3.5.2 (figures 1 and 7). */

export const COMPARISON_OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

export type ComparisonValue = string | number | boolean | null;

export interface AttributePath {
  /** The schema's URN when the path is fully qualified, as written: `urn:…:enterprise:2.0:User`. */
  urn?: string;
  attribute: string;
  /** What stands in brackets: `emails[type eq "work"]`. */
  filter?: Filter;
  subAttribute?: string;
}

export type Filter =
  | { kind: "and" | "or"; operands: Filter[] }
  | { kind: "not"; operand: Filter }
  | { kind: "present"; path: AttributePath }
  | { kind: "compare"; path: AttributePath; operator: ComparisonOperator; value: ComparisonValue }
  /** A value path standing alone, `emails[type eq "work"]`: true when one element matches its filter. */
  | { kind: "element"; path: AttributePath };
