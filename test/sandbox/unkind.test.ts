import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unkindness } from "../../src/sandbox/unkind.ts";

const ids = Array.from({ length: 4000 }, (_, index) => `id-${index}`);

describe("unkindness", () => {
  it("delays the share of new objects that its rate says, for 1 to 3 requests", () => {
    const unkind = unkindness({ rate: 0.05, seed: "a" });
    const delays = ids.map((id) => unkind.delayOf(id)).filter((delay) => delay > 0);
    expect(delays.length / ids.length).toBeGreaterThan(0.035);
    expect(delays.length / ids.length).toBeLessThan(0.065);
    expect(new Set(delays)).toEqual(new Set([1, 2, 3]));
  });

  it("refuses some calls, never the same twice in a row", () => {
    const unkind = unkindness({ rate: 1, seed: "a" });
    const refusals = Array.from({ length: 400 }, () => unkind.refusal("GET /users"));
    expect(refusals.filter((seconds) => seconds === 1).length).toBeGreaterThan(40);
    for (const [index, seconds] of refusals.entries()) {
      if (seconds !== undefined) expect(refusals[index + 1]).toBeUndefined();
    }
  });

  it("does the same for the same seed whatever else is asked meanwhile", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 10 }), (seed, others) => {
        const one = unkindness({ rate: 0.5, seed });
        const other = unkindness({ rate: 0.5, seed });
        for (const id of others) other.delayOf(`other ${id}`);
        for (const id of ids.slice(0, 20)) expect(other.delayOf(id)).toBe(one.delayOf(id));
      }),
    );
  });

  it("reorders without losing anything, and keeps the order of those that stay", () => {
    const unkind = unkindness({ seed: "a" });
    const all = unkind.reorder("users", ids, (id) => id);
    expect(all).not.toEqual(ids);
    expect([...all].sort()).toEqual([...ids].sort());
    const some = ids.filter((_, index) => index % 3 > 0);
    expect(unkind.reorder("users", some, (id) => id)).toEqual(all.filter((id) => some.includes(id)));
  });

  it("makes pages small, never empty and never larger than wanted", () => {
    const unkind = unkindness({ seed: "a" });
    for (const id of ids.slice(0, 100)) {
      expect(unkind.pageSize(id, 100)).toBeGreaterThanOrEqual(3);
      expect(unkind.pageSize(id, 100)).toBeLessThanOrEqual(7);
      expect(unkind.pageSize(id, 2)).toBe(2);
    }
  });

  it("is turned off by kind", () => {
    const kind = unkindness({ kind: true });
    expect(ids.some((id) => kind.delayOf(id) > 0 || kind.refusal(id) !== undefined)).toBe(false);
    expect(kind.reorder("users", ids, (id) => id)).toEqual(ids);
    expect(kind.pageSize("users", 100)).toBe(100);
  });

  it("prints its seed and how to turn it off", () => {
    expect(unkindness({ seed: "xyz" }).describe()).toMatch(/seed xyz; --kind/);
    expect(() => unkindness({ rate: 1.5 })).toThrow(RangeError);
  });
});
