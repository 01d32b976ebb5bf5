import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passphraseCrypter, seal, unseal } from "../../src/sandbox/engine/crypter.ts";
import { compare, detailedChanges } from "../../src/sandbox/engine/property-diff.ts";
import { parsePropertyPath, valueAt } from "../../src/sandbox/engine/property-path.ts";
import {
  equal,
  hasSecret,
  keepSecrets,
  type PropertyMap,
  presentable,
  revealAll,
  secret,
  secretStrings,
  UNKNOWN,
  type Value,
} from "../../src/sandbox/engine/values.ts";

/** Property values as they come over the wire, secrets and unknown ones among them. */
const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.constant(UNKNOWN),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { maxKeys: 3 }),
    fc.string({ minLength: 6 }).map((text) => secret(`hidden ${text}`)),
  ),
})).value;
const maps = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), values, {
  maxKeys: 4,
}) as fc.Arbitrary<PropertyMap>;
const crypter = await passphraseCrypter("correct horse");

describe("property values", () => {
  it("come back from the state as they went in, and no secret is in the text between", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const text = JSON.stringify(seal(map, crypter));
        for (const hidden of secretStrings(map))
          expect(text).not.toContain(JSON.stringify(hidden).slice(1, -1));
        expect(unseal(JSON.parse(text) as PropertyMap, crypter)).toEqual(map);
      }),
    );
  });

  it("are shown without a secret", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const shown = JSON.stringify(presentable(map));
        for (const hidden of secretStrings(map))
          expect(shown).not.toContain(JSON.stringify(hidden).slice(1, -1));
      }),
    );
  });

  it("differ nowhere from themselves, and somewhere from anything that is not equal", () => {
    fc.assert(
      fc.property(maps, maps, (one, other) => {
        expect(compare(one, structuredClone(one))).toEqual([]);
        expect(compare(one, other).length === 0).toBe(equal(one, other));
      }),
    );
  });

  it("are shown in no difference when they are secret", () => {
    fc.assert(
      fc.property(maps, maps, (one, other) => {
        const shown = JSON.stringify(compare(one, other).map((change) => [change.old, change.new]));
        for (const hidden of secretStrings([one, other]))
          expect(shown).not.toContain(JSON.stringify(hidden).slice(1, -1));
      }),
    );
  });

  it("keep their marks by name when a provider loses them", () => {
    const inputs = { token: secret("abc"), nested: { token: secret("def") }, plain: 1 };
    const kept = keepSecrets(revealAll(inputs), inputs);
    expect(kept).toEqual({ token: secret("abc"), nested: secret({ token: "def" }), plain: 1 });
    expect(hasSecret(keepSecrets({ password: "x" }, {}, ["password"]))).toBe(true);
  });
});

describe("property paths", () => {
  it("are read as Pulumi writes them", () => {
    expect(parsePropertyPath("scope")).toEqual(["scope"]);
    expect(parsePropertyPath('assignments["group:governance-team Reader"]')).toEqual([
      "assignments",
      "group:governance-team Reader",
    ]);
    expect(parsePropertyPath('mappings.user["emails[type eq \\"work\\"].value"].apply')).toEqual([
      "mappings",
      "user",
      'emails[type eq "work"].value',
      "apply",
    ]);
    expect(parsePropertyPath("list[2].name")).toEqual(["list", 2, "name"]);
    expect(() => parsePropertyPath('broken["')).toThrow(/is not a property path/);
  });

  it("lead to the value that compare names, for any key", () => {
    const keys = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(keys, keys, (outer, inner) => {
        const map = { top: { [outer]: { [inner]: 1 } } };
        const [change] = compare({ top: { [outer]: { [inner]: 0 } } }, map);
        expect(valueAt(map, parsePropertyPath(change?.path ?? "")).value).toBe(1);
      }),
    );
  });

  it("say nothing of what is inside a secret", () => {
    const map = { credentials: secret({ password: "hunter2" }) };
    const [line] = detailedChanges(
      { "credentials.password": { kind: "update", replace: false, inputDiff: true } },
      { inputs: map, outputs: {} },
      map,
    );
    expect(line).toMatchObject({ old: "[secret]", new: "[secret]" });
  });
});
