import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, listOf, nearest } from "../../src/yaml/nearest.ts";

describe("the distance between two spellings", () => {
  it.each([
    ["Reader", "Raeder", 1],
    ["Reader", "Reader", 0],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["runing", "running", 1],
  ])("%s and %s: %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it("is 0 for equal words only, the same in both directions, and never more than the longer word", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("the nearest right spelling", () => {
  it("is the nearest of several, whatever the letter case", () => {
    expect(nearest("reder", ["Admin", "Editor", "Reader"])).toBe("Reader");
    expect(nearest("EDITOR", ["Admin", "Editor"])).toBe("Editor");
  });

  it("is nothing when all are far off", () => {
    expect(nearest("Owner", ["Admin", "Editor", "Reader"])).toBeUndefined();
    expect(nearest("x".repeat(100_000), ["Admin"])).toBeUndefined();
  });
});

it("lists words as people do", () => {
  expect(listOf(["a"])).toBe('"a"');
  expect(listOf(["a", "b", 1])).toBe('"a", "b" or 1');
});
