import { expect, test } from "vitest";
import { passesScopingFilter } from "../../../src/provisioning/entra/scoping-filter.ts";

const clause = (operatorName: string, sourceOperandName: string, ...values: string[]) => ({
  operatorName,
  sourceOperandName,
  targetOperand: values.length > 0 ? { values } : null,
});
const group = (...clauses: ReturnType<typeof clause>[]) => ({ name: "g", clauses });

const ada = {
  department: "Sales",
  employeeId: "1500000",
  accountEnabled: true,
  city: null,
  mail: "ada@domain.com",
  list: ["Sales"],
};

test.each([
  ["EQUALS", "department", ["Sales"], true],
  ["EQUALS", "department", ["sales"], false],
  ["NOT EQUALS", "department", ["Legal"], true],
  ["NOT EQUALS", "city", ["Paris"], false],
  ["IS TRUE", "accountEnabled", [], true],
  ["IS FALSE", "accountEnabled", [], false],
  ["IS NULL", "city", [], true],
  ["IS NOT NULL", "city", [], false],
  ["IS NULL", "constructor", [], true],
  ["REGEX MATCH", "mail", [".*\\@domain.com"], true],
  ["NOT REGEX MATCH", "mail", [".*\\@domain.com"], false],
  ["NOT REGEX MATCH", "city", ["x"], false],
  ["REGEX MATCH", "employeeId", ["(1[0-9][0-9][0-9][0-9][0-9][0-9])"], true],
  ["REGEX MATCH", "employeeId", ["([1-9][0-9])"], false],
  ["REGEX MATCH", "mail", ["("], false],
  ["ENDS_WITH", "mail", ["domain.com"], true],
  ["Includes", "mail", ["@dom"], true],
  ["Greater_Than", "employeeId", ["1000000"], true],
  ["Greater_Than", "employeeId", ["1500000"], false],
  ["Greater_Than_OR_EQUALS", "employeeId", ["1500000"], true],
  ["Greater_Than", "department", ["1"], false],
  ["&", "department", ["Sales;Legal"], true],
  ["!&", "department", ["Sales;Legal"], false],
  ["EQUALS", "list", ["Sales"], false],
  ["IsMemberOf", "department", ["Sales"], false],
])("%s %s %j: %s", (operator, attribute, values, expected) => {
  expect(passesScopingFilter({ groups: [group(clause(operator, attribute, ...values))] }, ada)).toBe(
    expected,
  );
});

test("clauses are joined by AND, groups by OR, no filter lets everybody through", () => {
  const sales = clause("EQUALS", "department", "Sales");
  const legal = clause("EQUALS", "department", "Legal");
  expect(passesScopingFilter({ groups: [group(sales, legal)] }, ada)).toBe(false);
  expect(passesScopingFilter({ groups: [group(legal), group(sales)] }, ada)).toBe(true);
  expect(passesScopingFilter({ groups: [] }, ada)).toBe(true);
  expect(passesScopingFilter(null, ada)).toBe(true);
});
