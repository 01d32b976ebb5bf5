import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { setScalar } from "../../src/yaml/set-scalar.ts";

const PATH = ["applications", "datahub", "okta", "scim"] as const;

describe("setting one scalar", () => {
  it("keeps comments, quotes and everything else", () => {
    const text = `# top
applications:
  datahub:   # a catalogue
    okta:
      label: 'DataHub'   # quoted
      # a person does it
      scim: pending   # until then
      assignments: [ {group: a}, ]
`;
    expect(setScalar(text, PATH, "enabled")).toBe(text.replace("pending", "enabled"));
  });

  it("replaces a quoted value", () => {
    expect(setScalar('a: { b: "x" } # c\n', ["a", "b"], "enabled")).toBe("a: { b: enabled } # c\n");
  });

  it("puts a missing key first into a block map", () => {
    const text = "applications:\n  datahub:\n    okta:\n      # the label\n      label: DataHub\n";
    expect(setScalar(text, PATH, "enabled")).toBe(
      "applications:\n  datahub:\n    okta:\n      # the label\n      scim: enabled\n      label: DataHub\n",
    );
  });

  it("puts a missing key first into a flow map, and keeps the line ends of Windows", () => {
    expect(setScalar("a: { c: 1 }\r\n", ["a", "b"], "2")).toBe("a: { b: 2, c: 1 }\r\n");
    expect(setScalar("a: {}\r\n", ["a", "b"], "2")).toBe("a: {b: 2}\r\n");
    expect(setScalar("a:\r\n  c: 1\r\n", ["a", "b"], "2")).toBe("a:\r\n  b: 2\r\n  c: 1\r\n");
  });

  it("makes the maps that are in another file", () => {
    const own = "# production\nextends: base.yaml\nenvironment: prod";
    expect(setScalar(own, PATH, "enabled")).toBe(
      `${own}\napplications:\n  datahub:\n    okta:\n      scim: enabled\n`,
    );
    expect(setScalar("applications:\n  datahub:\n    protect: true # yes\n", PATH, "enabled")).toBe(
      "applications:\n  datahub:\n    okta:\n      scim: enabled\n    protect: true # yes\n",
    );
    expect(setScalar("applications: { dmm: { protect: true } }\r\n", PATH, "enabled")).toBe(
      "applications: { datahub: { okta: { scim: enabled } }, dmm: { protect: true } }\r\n",
    );
  });

  it("refuses what is no map on the way, and no scalar at its end", () => {
    expect(() => setScalar("a: x\n", ["a", "b"], "y")).toThrow("a is no map in this text");
    expect(() => setScalar("a: { b: [] }\n", ["a", "b"], "y")).toThrow("a.b is no scalar in this text");
    expect(() => setScalar("- a\n", ["a"], "y")).toThrow("this text is no map");
  });

  it("changes nothing but that value, wherever it stands", () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const others = fc.dictionary(key, fc.oneof(fc.integer(), fc.constantFrom("x", "on it", "a: b", "#c")));
    fc.assert(
      fc.property(others, others, fc.boolean(), (before, after, present) => {
        const { scim: _one, ...first } = before;
        const { scim: _two, ...last } = after;
        const own = { ...first, ...(present ? { scim: "pending" } : {}), ...last };
        if (Object.keys(own).length === 0) return;
        const lines = Object.entries(own).map(
          ([name, value]) => `    ${name}: ${JSON.stringify(value)} # ${name}\n`,
        );
        const text = `a:\n  b:\n${lines.join("")}`;
        const changed = setScalar(text, ["a", "b", "scim"], "enabled");
        expect(parse(changed)).toEqual({ a: { b: { ...own, scim: "enabled" } } });
        for (const line of lines) if (!line.includes("scim:")) expect(changed).toContain(line);
      }),
    );
  });
});
