import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { USER } from "../../../src/sandbox/entra/entity-types.ts";
import { compileFilter, type GraphObject } from "../../../src/sandbox/entra/filter.ts";
import { GraphError } from "../../../src/sandbox/entra/graph-error.ts";

const ADA = {
  id: "1",
  displayName: "Ada O'Neill",
  accountEnabled: true,
  mail: null,
  proxyAddresses: ["SMTP:ada@acme.example", "smtp:ada@old.example"],
  createdDateTime: "2026-01-05T08:00:00Z",
  city: "Bern",
};

const holds = (filter: string, object: GraphObject = ADA, advanced = false) =>
  compileFilter(filter, USER, advanced)(object);

describe("$filter", () => {
  it.each([
    ["displayName eq 'ada o''neill'", true],
    ["displayName eq 'Ada'", false],
    ["startsWith(displayName,'ADA')", true],
    ["startswith(displayName, 'neill')", false],
    ["accountEnabled eq true", true],
    ["accountEnabled eq false", false],
    ["mail eq null", true],
    ["id in ('2','1')", true],
    ["id in ('2', '3')", false],
    ["city eq 'Bern' and accountEnabled eq false", false],
    ["city eq 'Bern' and accountEnabled eq false or id eq '1'", true],
    ["city eq 'Bern' and (accountEnabled eq false or id eq '2')", false],
    ["(((id eq '1')))", true],
    ["proxyAddresses/any(p:p eq 'smtp:ada@old.example')", true],
    ["proxyAddresses/any(p:startsWith(p,'smtp:bob'))", false],
    ["createdDateTime ge 2026-01-01T00:00:00Z", true],
    ["createdDateTime lt 2026-01-01T00:00:00Z", false],
  ])("%s is %s", (filter, expected) => {
    expect(holds(filter)).toBe(expected);
  });

  it.each([
    ["displayName ne 'Ada'", true],
    ["endsWith(displayName,'NEILL')", true],
    ["not(startsWith(displayName,'Ada'))", false],
    ["not (id eq '1') or not id eq '2'", true],
    ["companyName eq 'x'", false],
  ])("%s is %s for who asks with ConsistencyLevel: eventual and $count", (filter, expected) => {
    expect(() => holds(filter)).toThrow(GraphError);
    expect(holds(filter, ADA, true)).toBe(expected);
  });

  it("finds exactly those who have the value, however it has to be quoted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (value, other) => {
        const filter = `displayName eq '${value.replaceAll("'", "''")}'`;
        expect(holds(filter, { displayName: value })).toBe(true);
        expect(holds(filter, { displayName: other })).toBe(value.toLowerCase() === other.toLowerCase());
      }),
    );
  });

  it("follows the rules of logic", () => {
    const term = fc.constantFrom("id eq '1'", "id eq '2'", "accountEnabled eq true", "city eq 'Rome'");
    fc.assert(
      fc.property(term, term, term, (a, b, c) => {
        expect(holds(`${a} and ${b}`)).toBe(holds(a) && holds(b));
        expect(holds(`${a} or ${b} and ${c}`)).toBe(holds(a) || (holds(b) && holds(c)));
        expect(holds(`(${a} or ${b}) and ${c}`)).toBe((holds(a) || holds(b)) && holds(c));
        expect(holds(`not (${a}) and ${b}`, ADA, true)).toBe(!holds(a) && holds(b));
      }),
    );
  });

  it("answers any text with a predicate or a refusal, never with a crash", () => {
    const piece = fc.constantFrom(
      "id",
      "eq",
      "'x'",
      "and",
      "not",
      "(",
      ")",
      ",",
      "/any(",
      "x:",
      "in",
      "5",
      "'",
      "startsWith(",
      "true",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        try {
          expect(typeof holds(pieces.join(" "))).toBe("boolean");
        } catch (error) {
          expect(error).toBeInstanceOf(GraphError);
        }
      }),
    );
  });
});
