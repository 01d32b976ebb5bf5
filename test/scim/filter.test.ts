import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributePath, Filter } from "../../src/scim/ast.ts";
import { COMPARISON_OPERATORS } from "../../src/scim/ast.ts";
import { parseFilter } from "../../src/scim/filter.ts";
import { parseAttributePath } from "../../src/scim/path.ts";
import { printAttributePath, printFilter } from "../../src/scim/print.ts";
import { ScimSyntaxError } from "../../src/scim/scanner.ts";

const reserved = new Set(["not", "and", "or", "pr"]);
const name = fc
  .stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,9}$/)
  .filter((word) => !reserved.has(word.toLowerCase()));
const plainPath: fc.Arbitrary<AttributePath> = fc
  .record(
    {
      urn: fc.constantFrom("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:a:b"),
      attribute: name,
      subAttribute: name,
    },
    { requiredKeys: ["attribute"] },
  )
  .map((path) => ({ ...path }));
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);

function filters(path: fc.Arbitrary<AttributePath>, elements: boolean): fc.Arbitrary<Filter> {
  const leaf: fc.Arbitrary<Filter>[] = [
    fc.record({ kind: fc.constant("present" as const), path }),
    fc.record({
      kind: fc.constant("compare" as const),
      path,
      operator: fc.constantFrom(...COMPARISON_OPERATORS),
      value: value.map((v) => (Object.is(v, -0) ? 0 : v)),
    }),
  ];
  if (elements) leaf.push(elementPath.map((element) => ({ kind: "element" as const, path: element })));
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, depthIdentifier: elements ? "outer" : "inner" },
      ...leaf,
      fc.record({ kind: fc.constant("not" as const), operand: tie("filter") }),
      fc.record({
        kind: fc.constantFrom("and" as const, "or" as const),
        operands: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }));
  return filter;
}
const elementPath: fc.Arbitrary<AttributePath> = fc.record({
  attribute: name,
  filter: filters(plainPath, false),
});

describe("parseFilter", () => {
  it("reads back every filter that is printed", () => {
    fc.assert(
      fc.property(filters(plainPath, true), (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
    );
  });

  it("throws nothing but a positioned error on any text", () => {
    const soup = fc
      .array(
        fc.constantFrom("a", " ", "eq", '"', "(", ")", "[", "]", "not", "and", ".", ":", "pr", "1", "\\"),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string()), fc.boolean(), (text, lenient) => {
        try {
          parseFilter(text, { lenient });
        } catch (error) {
          expect(error).toBeInstanceOf(ScimSyntaxError);
          expect((error as ScimSyntaxError).position).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it("gives `and` precedence over `or`, and parentheses precedence over both", () => {
    expect(printFilter(parseFilter("a pr or b pr and c pr"))).toBe("a pr or b pr and c pr");
    expect(parseFilter("a pr or b pr and c pr")).toMatchObject({
      kind: "or",
      operands: [{ kind: "present" }, { kind: "and" }],
    });
    expect(parseFilter("(a pr or b pr) and c pr")).toMatchObject({
      kind: "and",
      operands: [{ kind: "or" }, { kind: "present" }],
    });
  });

  it("takes operators in any case and the operator-like attribute names", () => {
    expect(parseFilter('userName EQ "x" AND Not (title PR)')).toMatchObject({ kind: "and" });
    expect(parseFilter('not eq "x"')).toMatchObject({ kind: "compare", path: { attribute: "not" } });
  });

  it("takes a bare word only when lenient", () => {
    expect(parseFilter("externalId eq jyoung", { lenient: true })).toMatchObject({ value: "jyoung" });
    expect(parseFilter("meta.created gt 2015-05-13T04:42:34Z", { lenient: true })).toMatchObject({
      value: "2015-05-13T04:42:34Z",
    });
    expect(() => parseFilter("externalId eq jyoung")).toThrow(/`jyoung` is no JSON value.*at character 15/);
  });

  it.each([
    ["", 0],
    ["userName", 8],
    ["userName eq", 11],
    ['userName eq "a', 12],
    ['userName is "a"', 9],
    ['(userName eq "a"', 16],
    ['userName eq "a")', 15],
    ['userName eq "a" and', 19],
    ["emails[a[b eq 1] eq 2]", 8],
    ["a.b.c eq 1", 0],
    ["1a eq 1", 0],
  ])("points at what is wrong in %j", (text, position) => {
    try {
      parseFilter(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ name: "ScimSyntaxError", position });
    }
  });

  it("refuses what is too long, too deep or has too many terms", () => {
    expect(() => parseFilter(`a eq "${"x".repeat(9000)}"`)).toThrow(/8192 characters/);
    expect(() => parseFilter(`${"(".repeat(5000)}a pr${")".repeat(3000)}`, { maxLength: 20_000 })).toThrow(
      /20 levels/,
    );
    expect(() => parseFilter(Array(300).fill("a pr").join(" or "))).toThrow(/200 comparisons/);
  });
});

describe("parseAttributePath", () => {
  const path = fc.oneof(
    plainPath,
    fc.record({ attribute: name, filter: filters(plainPath, false), subAttribute: name }),
    elementPath,
  );

  it("reads back every path that is printed", () => {
    fc.assert(
      fc.property(path, (given) => {
        expect(parseAttributePath(printAttributePath(given))).toEqual(given);
      }),
    );
  });

  it("takes the forms of the identity providers", () => {
    expect(parseAttributePath('emails[type eq "work"].value')).toEqual({
      attribute: "emails",
      filter: { kind: "compare", path: { attribute: "type" }, operator: "eq", value: "work" },
      subAttribute: "value",
    });
    expect(parseAttributePath("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager")).toEqual({
      urn: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
      attribute: "manager",
    });
    expect(parseAttributePath("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName")).toMatchObject({
      attribute: "name",
      subAttribute: "familyName",
    });
    expect(parseAttributePath("members.$ref")).toEqual({ attribute: "members", subAttribute: "$ref" });
  });

  it.each(["", "a b", "a[", "a[b eq 1", "a[b eq 1]x", "a[b eq 1].", "a.b[c pr]", "a.", "urn:x:"])(
    "refuses %j",
    (text) => {
      expect(() => parseAttributePath(text)).toThrow(ScimSyntaxError);
    },
  );
});
