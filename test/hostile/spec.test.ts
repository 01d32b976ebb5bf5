import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadSpec } from "../../src/spec/load.ts";
import { render } from "../../src/yaml/render.ts";
import { short, specFolder } from "../spec/spec-files.ts";

const folder = specFolder();
const codes = (text: string) => folder.load(text).diagnostics.map((diagnostic) => diagnostic.code);
const app = (rest: string) =>
  `version: 1\nenvironment: dev\napplications:\n  a:\n    product: datahub\n    endpoint: https://acme.acryl.io\n    token: { secret: s }\n    entra:\n      displayName: A\n      assignments: [{ group: g, role: Reader }]\n${rest}`;

describe("YAML that is no spec", () => {
  it.each([
    ["nothing", "", "empty-file"],
    ["blanks", "  \n\n", "empty-file"],
    ["a comment", "# later\n", "empty-file"],
    ["null", "null\n", "empty-value"],
    ["a word", "datahub\n", "wrong-type"],
    ["a list", "- version: 1\n", "wrong-type"],
    ["a tab", "version: 1\n\tenvironment: dev\n", "yaml-syntax"],
    ["a bracket too many", "version: 1\napplications: {}}\n", "yaml-syntax"],
    ["two documents", "version: 1\n---\nversion: 1\n", "yaml-syntax"],
    ["a tag", "version: !int 1\n", "yaml-syntax"],
    ["a tag of YAML's own", "version: !!int 1\n", "yaml-syntax"],
    ["a tag without a name", "version: ! 1\n", "yaml-syntax"],
    ["a tag at a key", "!!str version: 1\n", "yaml-syntax"],
    ["a tag at a list", "version: 1\nwaivers: !!seq []\n", "yaml-syntax"],
    ["JavaScript", "version: !!js/function 'function () { return 1 }'\n", "yaml-syntax"],
    ["another YAML", "%YAML 1.1\n---\nversion: 1\n", "yaml-directive"],
  ])("%s", (_, text, code) => {
    const { diagnostics, spec } = folder.load(text);
    expect(spec).toBeUndefined();
    expect(diagnostics.map((d) => d.code)).toContain(code);
    for (const diagnostic of diagnostics) {
      expect(diagnostic.line).toBeGreaterThan(0);
      expect(diagnostic.column).toBeGreaterThan(0);
    }
  });

  it("a comma that is missing between braces", () => {
    const { diagnostics } = folder.load("version: 1\napplications: { a: x b: y }\n");
    expect(diagnostics[0]).toMatchObject({ line: 2, code: "yaml-syntax" });
    expect(diagnostics[0]?.help).toMatch(/^put a comma between two keys/);
  });

  it.each([
    [
      "a quote",
      'version: 1\nenvironment: "dev\napplications: {}\n',
      '2:14+4 yaml-syntax: this " is not closed',
    ],
    ["a brace", "version: 1\na:\n  - { group: g\nb: { c: d }\n", "3:5+10 yaml-syntax: this { is not closed"],
    ["a bracket that holds braces", "a: [ { b: c }\nd: e\n", "1:4+10 yaml-syntax: this [ is not closed"],
    [
      "a line too deep",
      "version: 1\na:\n  b: c\n    d: e\n",
      "4:5+1 yaml-syntax: this line is indented deeper than the one above, which has its value already",
    ],
    ["two colons", "version: 1\na: b: c\n", '2:4+1 yaml-syntax: a second ": " in one line'],
  ])("%s where it is, and not where YAML notices", (_, text, said) => {
    expect(short(folder.load(text))).toEqual([said]);
  });

  it("a word in quotes that is meant as a number", () => {
    const { diagnostics } = folder.load('version: "1"\nenvironment: dev\napplications: {}\n');
    expect(diagnostics[0]).toMatchObject({
      message: 'version cannot be the text "1"',
      help: "write 1, without quotes",
    });
  });

  it("a second document, and a tab, at their own lines", () => {
    expect(short(folder.load("version: 1\n---\nversion: 1\n"))).toEqual([
      "2:1+3 yaml-syntax: a second document starts here",
    ]);
    expect(short(folder.load("version: 1\n\tx: y\n"))).toEqual([
      "2:1+1 yaml-syntax: a tab is used to indent",
    ]);
  });
});

describe("what follows from a tab", () => {
  const tab = (place: string) => `${place} yaml-syntax: a tab is used to indent`;

  it("is not reported beside it", () => {
    const text = "version: 1\napplications:\n  a:\n\tproduct: datahub\n    endpoint: https://acme.acryl.io\n";
    expect(short(folder.load(text))).toEqual([tab("4:1+1")]);
  });

  it("hides no other tab, and nothing that stands before", () => {
    const text = "version: %1\napplications:\n\ta:\n\t\tproduct: datahub\n";
    expect(short(folder.load(text))).toEqual([
      "1:10+1 yaml-syntax: a value cannot start with this character",
      tab("3:1+1"),
      tab("4:1+2"),
    ]);
  });
});

it("is told what to write instead of a value that is no map", () => {
  const said = (text: string) => folder.load(text).diagnostics.map(({ code, help }) => [code, help]);
  expect(said(app("      provisioning: running\n"))).toEqual([
    [
      "wrong-type",
      "write one or more of its keys on lines of their own, indented: status, notify, accidentalDeletionThreshold, onDelete",
    ],
  ]);
  expect(said("version: 1\nenvironment: dev\napplications: none\n")).toEqual([
    ["wrong-type", "write name: value on lines of their own, indented"],
  ]);
});

describe("encodings", () => {
  it("takes the byte order mark of UTF-8, with the columns as an editor shows them", () => {
    const { diagnostics } = folder.load(`\ufeff${app("      scop: all\n")}`);
    expect(diagnostics.map((d) => `${d.line}:${d.column} ${d.code}`)).toEqual(["11:7 unknown-key"]);
    const { diagnostics: first } = folder.load("\ufeffversio: 1\n");
    expect(first.map((d) => `${d.line}:${d.column} ${d.code}`)).toContain("1:1 unknown-key");
  });

  it.each([
    ["UTF-16, little end first", Buffer.from("\ufeffversion: 1\n", "utf16le"), "UTF-16"],
    ["Latin-1", Buffer.from("version: 1\nenvironment: dev\n# Zürich\n", "latin1"), "line 3"],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]), "line 1"],
  ])("refuses %s", (_, bytes, said) => {
    const { diagnostics } = loadSpec(folder.write("encoded.yaml", bytes));
    expect(diagnostics.map((d) => d.code)).toEqual(["not-utf8"]);
    expect(diagnostics[0]?.message).toContain(said);
  });

  it.each([
    ["a null character", "\u0000"],
    ["an escape", "\u001b[31m"],
    ["a turn of direction", "\u202e"],
    ["a space without width", "\u200b"],
  ])("refuses %s, also in a comment", (_, character) => {
    expect(codes(app(`# x${character}y\n`))).toContain("hidden-character");
  });

  it("takes names of any script", () => {
    const { diagnostics } = folder.load(
      app("").replace("group: g", 'group: "データ管理 Ünïcode 🙂 می‌خواهم"'),
    );
    expect(diagnostics).toEqual([]);
  });
});

describe("aliases", () => {
  it("cannot fill the memory", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 30; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(new Set(codes(lines.join("\n")))).toEqual(new Set(["yaml-alias", "unknown-key", "missing-key"]));
  });

  it("cannot go round in a circle", () => {
    expect(codes("a: &a [*a]\n")).toContain("yaml-alias");
    expect(codes(`${app("")}<<: *base\n`)).toContain("yaml-alias");
  });
});

describe("keys that mean something to JavaScript", () => {
  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])("%s", (key) => {
    const { diagnostics, spec } = folder.load(`${app("")}${key}: { polluted: true }\n`);
    expect(spec).toBeUndefined();
    expect(["unknown-key", "yaml-key"]).toContain(diagnostics[0]?.code);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(["constructor", "tostring", "valueof"])("%s is an application like any other", (name) => {
    const { diagnostics, spec } = folder.load(app("").replace("  a:", `  ${name}:`));
    expect(diagnostics).toEqual([]);
    expect(Object.keys(spec?.spec.applications ?? {})).toEqual([name]);
  });

  it("a mapping called __proto__ is refused and not dropped", () => {
    const text = app("").replace("product: datahub", "product: custom").replace(", role: Reader", "");
    expect(codes(`${text}      mappings: { user: { __proto__: { attribute: mail } } }\n`)).toEqual([
      "yaml-key",
    ]);
  });
});

describe("scalars that YAML reads otherwise than people do", () => {
  it.each([
    ["displayName: 007", "007"],
    ["displayName: 1e3", "1e3"],
    ["displayName: 0x1F", "0x1F"],
    ["displayName: true", "true"],
    ["displayName: 1.10", "1.10"],
  ])("%s is quoted as it is written", (line, written) => {
    const { diagnostics } = folder.load(app("").replace("displayName: A", line));
    expect(diagnostics.map((d) => [d.code, d.help])).toEqual([
      ["wrong-type", `put it in quotes: "${written}"`],
    ]);
  });

  it.each([
    ["yes", "write true"],
    ["on", "write true"],
    ["No", "write false"],
    ["off", "write false"],
    ["maybe", "write true or false"],
  ])("exclusive: %s", (word, help) => {
    const { diagnostics } = folder.load(app("").replace("    entra:", `    exclusive: ${word}\n    entra:`));
    expect(diagnostics.map((d) => d.code)).toEqual(["wrong-type"]);
    expect(diagnostics[0]?.help).toContain(help);
  });

  it.each(["2027-02-30", "31.12.2027", "tomorrow", "2027-13-01", "+2027-1-1"])("expires: %s", (date) => {
    expect(codes(app("").replace("{ secret: s }", `{ secret: s, expires: "${date}" }`))).toEqual([
      "bad-value",
    ]);
  });

  it.each(["-1", "1.5", "1e999", ".nan", "99999999999999999999"])("maxRemovals: %s", (number) => {
    const found = codes(app("").replace("    entra:", `    maxRemovals: ${number}\n    entra:`));
    expect(found).toHaveLength(1);
    expect(["bad-value", "wrong-type"]).toContain(found[0]);
  });
});

describe("size", () => {
  // What would take for ever runs into the time limit of the test.
  it("10,000 assignments are checked", () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `        - { group: team-${i}, role: Reader }`);
    const text = app("").replace(
      "assignments: [{ group: g, role: Reader }]",
      `assignments:\n${lines.join("\n")}`,
    );
    expect(folder.load(text).diagnostics).toEqual([]);
  });

  it.each([
    ["brackets", "[".repeat(30_000)],
    ["brackets that close", `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["dashes", `${"- ".repeat(20_000)}a`],
    ["question marks", `a: ${"?".repeat(300_000)}`],
    ["a long word", `${"x".repeat(300_000)}: 1`],
    ["tokens without end", "token".repeat(60_000)],
    ["what looks like the start of a token", "eyJ".repeat(100_000)],
    ["slashes", "://".repeat(100_000)],
    ["keys", Array.from({ length: 5000 }, (_, i) => `k${i}: ${i}`).join("\n")],
  ])("%s", (_, text) => {
    const { diagnostics, spec } = folder.load(text);
    expect(spec).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it("a file of many megabytes is not read", () => {
    expect(codes(`${app("")}# ${"x".repeat(9 * 1024 * 1024)}\n`)).toEqual(["file-too-large"]);
  });
});

describe("anything at all", () => {
  const word = fc.constantFrom(
    "version",
    "environment",
    "applications",
    "a",
    "product",
    "datahub",
    "collate",
    "custom",
    "endpoint",
    "token",
    "secret",
    "entra",
    "okta",
    "assignments",
    "group",
    "user",
    "role",
    "Reader",
    "mappings",
    "expression",
    "pushGroups",
    "startsWith",
    "https://x.example",
    "1",
    "true",
    "~",
    '"q"',
    "'q'",
    "&x",
    "*x",
    "!t",
    "|",
    ">",
    "%",
    "---",
    "#",
  );
  const mark = fc.constantFrom(
    ": ",
    "\n",
    "\n  ",
    "\n    ",
    "- ",
    "{ ",
    " }",
    "[",
    "]",
    ", ",
    " ",
    "\t",
    "?",
    "<<: ",
  );
  const text = fc.array(fc.oneof(word, mark), { maxLength: 60 }).map((parts) => parts.join(""));

  it("is a spec or has an error, and never throws", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 })), (written) => {
        const { spec, diagnostics } = folder.load(written);
        expect(spec === undefined).toBe(diagnostics.some((diagnostic) => diagnostic.severity === "error"));
        for (const format of ["text", "json", "github"] as const) render(diagnostics, format);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same answer again", () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(folder.load(written).diagnostics).toEqual(folder.load(written).diagnostics);
      }),
      { numRuns: 100 },
    );
  });
});
