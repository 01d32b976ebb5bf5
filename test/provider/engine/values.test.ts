import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "../../../src/provider/engine/difference.ts";
import {
  isMap,
  plain,
  protect,
  redact,
  secret,
  UNKNOWN,
  type Value,
} from "../../../src/provider/engine/values.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const { json } = fc.letrec<{ json: Value }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ maxLength: 8 }),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(
      fc.string({ maxLength: 5 }).filter((key) => key !== SIGNATURE && key !== "__proto__"),
      tie("json"),
      { maxKeys: 3 },
    ),
  ),
}));

/** Texts of a wire value that stand outside of every secret. */
function inClear(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(inClear);
  if (!isMap(value) || SIGNATURE in value) return [];
  return Object.values(value).flatMap(inClear);
}

describe("wire values", () => {
  it("become plain and come back the same", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(protect(plain(value, new Set()), new Set())).toEqual(value);
      }),
    );
  });

  it("let no secret stand in clear, wherever it is copied to", () => {
    fc.assert(
      fc.property(json, fc.string({ minLength: 6 }), (value, hidden) => {
        const secrets = new Set<string>();
        const known = plain({ token: secret(hidden), rest: value }, secrets);
        const copied = protect({ known, copy: hidden, within: `x${hidden}y`, list: [hidden] }, secrets);
        for (const text of inClear(copied)) expect(text).not.toContain(hidden);
        expect(plain(copied, new Set())).toEqual({
          known,
          copy: hidden,
          within: `x${hidden}y`,
          list: [hidden],
        });
      }),
    );
  });

  it("find every text in a secret, however deep", () => {
    const secrets = new Set<string>();
    plain(secret({ a: ["one", { b: "two" }], c: secret("three") }), secrets);
    expect([...secrets]).toEqual(["one", "two", "three"]);
  });

  it("take outputs, known or not, and references", () => {
    const secrets = new Set<string>();
    expect(
      plain(
        {
          known: { [SIGNATURE]: OUTPUT, value: "x", dependencies: ["urn"] },
          unknown: { [SIGNATURE]: OUTPUT },
          hidden: { [SIGNATURE]: OUTPUT, value: "s", secret: true },
          resource: { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn", id: "id" },
        },
        secrets,
      ),
    ).toEqual({ known: "x", unknown: UNKNOWN, hidden: "s", resource: "id" });
    expect([...secrets]).toEqual(["s"]);
  });

  it("drop what is undefined, which the protocol cannot carry", () => {
    expect(protect({ a: undefined, b: { c: undefined, d: 1 } }, new Set())).toEqual({ b: { d: 1 } });
  });

  it("keep secrets out of messages", () => {
    expect(redact("token abcdef was refused, abcdef!", new Set(["abcdef"]))).toBe(
      "token [secret] was refused, [secret]!",
    );
  });
});

describe("differences", () => {
  it("are none between a value and itself, and some between any two others", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(differences(one, structuredClone(one), "p")).toEqual([]);
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(differences(one, other, "p").length === 0).toBe(same);
      }),
    );
  });

  it("name the deepest place, in Pulumi's spelling", () => {
    expect(
      differences(
        { a: { 'x "y" z': 1, b: [1, 2] }, c: 1, d: 1 },
        { a: { 'x "y" z': 2, b: [1, 2, 3] }, d: UNKNOWN, e: {} },
      ),
    ).toEqual([
      { path: 'a["x \\"y\\" z"]', kind: "update" },
      { path: "a.b[2]", kind: "add" },
      { path: "c", kind: "delete" },
      { path: "d", kind: "update" },
      { path: "e", kind: "add" },
    ]);
  });

  it("take what is unknown for different", () => {
    expect(differences(UNKNOWN, UNKNOWN, "p")).toHaveLength(1);
  });
});

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
