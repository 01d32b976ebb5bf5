import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseYaml } from "../../src/yaml/parse.ts";
import { lineAndColumn, makeSource } from "../../src/yaml/source.ts";
import { keySpanAt, merge, type Node, nodeAt, toPlain } from "../../src/yaml/tree.ts";

const key = fc.constantFrom("a", "b", "c", "d");
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.integer(),
    fc.boolean(),
    fc.constantFrom("text", "x y", "007"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const map = fc.dictionary(key, value, { maxKeys: 4 });

function tree(data: unknown, file = "a.yaml"): Node {
  const { root, diagnostics } = parseYaml(
    makeSource(file, stringify(data, { aliasDuplicateObjects: false })),
  );
  expect(diagnostics).toEqual([]);
  if (!root) throw new Error("no value");
  return root;
}

/** What merging means, said again on plain data. */
function mergePlain(base: unknown, over: unknown): unknown {
  const isMap = (data: unknown): data is Record<string, unknown> =>
    typeof data === "object" && data !== null && !Array.isArray(data);
  if (!isMap(base) || !isMap(over)) return over;
  const result = { ...base };
  for (const [name, data] of Object.entries(over))
    result[name] = name in base ? mergePlain(base[name], data) : data;
  return result;
}

const plain = (node: Node) => JSON.parse(JSON.stringify(toPlain(node)));

describe("a tree", () => {
  it("holds the data of the file", () => {
    fc.assert(
      fc.property(value, (data) => {
        expect(plain(tree(data))).toEqual(data);
      }),
    );
  });

  it("merges maps key by key and replaces the rest", () => {
    fc.assert(
      fc.property(map, map, (base, over) => {
        expect(plain(merge(tree(base), tree(over)))).toEqual(mergePlain(base, over));
      }),
    );
  });

  it("is not changed by merging it with itself, nor with nothing", () => {
    fc.assert(
      fc.property(map, (data) => {
        expect(plain(merge(tree(data), tree(data)))).toEqual(data);
        expect(plain(merge(tree(data), tree({})))).toEqual(data);
        expect(plain(merge(tree({}), tree(data)))).toEqual(data);
      }),
    );
  });

  it("knows after a merge in which file a value stands", () => {
    const merged = merge(tree({ a: { b: 1, c: 2 } }, "base.yaml"), tree({ a: { c: 3 } }, "over.yaml"));
    expect(nodeAt(merged, ["a", "b"])?.span.source.file).toBe("base.yaml");
    expect(nodeAt(merged, ["a", "c"])?.span.source.file).toBe("over.yaml");
    expect(keySpanAt(merged, ["a", "c"])?.source.file).toBe("over.yaml");
  });
});

it("counts lines and columns as editors do", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab\n]{0,40}$/), fc.nat(40), (text, at) => {
      const offset = Math.min(at, text.length);
      const before = text.slice(0, offset).split("\n");
      expect(lineAndColumn(makeSource("f", text), offset)).toEqual({
        line: before.length,
        column: (before.at(-1) ?? "").length + 1,
      });
    }),
  );
});
