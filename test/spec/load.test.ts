import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadSpec } from "../../src/spec/load.ts";
import { render } from "../../src/yaml/render.ts";
import { short, specFolder, TODAY } from "./spec-files.ts";

const folder = specFolder();

describe("a spec with many mistakes", () => {
  const loaded = folder.load(`version: 1
environment: dev
applications:
  datahub:
    product: datahub
    endpoint: http://acme.acryl.io
    token: my-very-own-token
    entra:
      displayName: 123
      assignRequired: true
      scope: all
      provisioning: { status: runing }
      assignments:
        - { group: governance-team }
        - { group: data-platform, role: Raeder }
        - { group: stewards, role: Reader }
        - { group: stewards, role: Reader }
`);

  it("says all of them in one run, in the order of the file, at the right places", () => {
    expect(short(loaded)).toEqual([
      "6:15+20 endpoint-http: http://acme.acryl.io is not encrypted",
      "7:12+17 secret-in-file: this looks like a secret",
      "9:20+3 wrong-type: applications.datahub.entra.displayName must be text, not the number 123",
      '10:7+14 unknown-key: unknown key "assignRequired" in applications.datahub.entra',
      "11:14+3 scope-all-with-roles: scope: all is impossible for DataHub, whose roles come from assignments",
      '12:31+6 unknown-value: applications.datahub.entra.provisioning.status cannot be "runing"',
      "14:20+15 missing-role: governance-team is assigned without a role",
      '15:41+6 unknown-role: DataHub has no role "Raeder"',
      "17:20+8 duplicate-assignment: group stewards is already assigned as Reader in line 16",
    ]);
    expect(loaded.spec).toBeUndefined();
  });

  it("gives each its reason and the nearest right spelling", () => {
    for (const diagnostic of loaded.diagnostics)
      expect(diagnostic.why.length, diagnostic.code).toBeGreaterThan(10);
    const helps = Object.fromEntries(
      loaded.diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.help]),
    );
    expect(helps).toMatchObject({
      "endpoint-http": "write https://acme.acryl.io",
      "unknown-value": 'did you mean "running"?',
      "unknown-role": 'did you mean "Reader"?',
      "missing-role": 'add role: "Admin", "Editor" or "Reader"',
    });
  });

  it("never repeats the token", () => {
    for (const format of ["text", "json", "github"] as const) {
      expect(render(loaded.diagnostics, format)).not.toContain("my-very-own-token");
    }
  });
});

describe("what follows from a mistake is not said again", () => {
  it.each([
    ["a misspelt key is not missing as well", "entra: { asignments: [] }", ["unknown-key"]],
    ["a list of the wrong type is not missing as well", "entra: { assignments: none }", ["wrong-type"]],
    [
      "a role of the wrong type is not missing as well",
      "entra: { assignments: [{ group: g, role: 1 }] }",
      ["wrong-type"],
    ],
    [
      "a group of the wrong type is not missing as well",
      "entra: { assignments: [{ group: 1, role: Reader }] }",
      ["wrong-type"],
    ],
  ])("%s", (_, block, codes) => {
    const loaded = folder.load(`version: 1
environment: dev
applications:
  a:
    product: datahub
    endpoint: https://acme.acryl.io
    token: { secret: s }
    ${block.replace("{ as", "{ displayName: A, as")}
`);
    expect(loaded.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(codes);
  });
});

describe("a block that stands one level too far out", () => {
  const beside = (name: string, block: string) =>
    folder
      .load(`version: 1
environment: dev
applications:
  a: { product: collate, endpoint: "https://c.acme.io/api/v1/scim", token: { secret: s }, entra: { displayName: A, assignments: [{ group: g }] } }
  ${name}: ${block}
`)
      .diagnostics.map(({ code, line, column }) => `${line}:${column} ${code}`);

  it("is named once, and not line by line", () => {
    expect(beside("okta", "{ label: A, scim: pending, assignments: [{ group: g }] }")).toEqual([
      "5:3 misplaced-block",
    ]);
  });

  it("is not taken for one where it is an application of that name with a misspelt key", () => {
    const own =
      '{ product: collate, endpoint: "https://d.acme.io/api/v1/scim", tokn: { secret: t }, entra: { displayName: B, assignments: [{ group: g }] } }';
    expect(beside("entra", own)).toEqual(["5:73 unknown-key"]);
  });
});

describe("unknown keys", () => {
  it.each([
    ["near a right one", "datahub: { entra: { scop: all } }", 'did you mean "scope"?'],
    [
      "that belong elsewhere",
      "datahub: { notify: a@b.c }",
      '"notify" belongs in applications.<name>.entra.provisioning',
    ],
    ["that are like none", "datahub: { token: { colour: red } }", "expected one of secret, expires"],
    [
      "roles of Okta",
      "hub-okta: { okta: { assignments: [{ group: hub-users, role: Admin }] } }",
      "remove it, push the group, and give the group its role in the product",
    ],
  ])("%s", (_, block, help) => {
    expect(folder.overlay(`applications:\n  ${block}\n`).diagnostics.map((d) => d.help)).toEqual([help]);
  });
});

describe("expressions", () => {
  it.each([
    ["plain", "expression: Join([a], b c)", 1],
    ["in single quotes", "expression: 'Join(\"it''s\", [a]'", 1],
    ["in double quotes", 'expression: "Join(\\"\\u0041\\", [a) "', 1],
  ])("%s: the caret stands at the character meant", (_, text) => {
    const { diagnostics } = folder.overlay(
      `applications:\n  catalog:\n    entra:\n      mappings:\n        user:\n          title:\n            ${text}\n`,
    );
    const [found] = diagnostics;
    expect(found?.code).toBe("expression");
    const at = Number(/\(character (\d+) of/.exec(found?.message ?? "")?.[1]);
    const value = { plain: "Join([a], b c)", single: 'Join("it\'s", [a]', double: 'Join("A", [a) ' };
    const kind = text.includes("'") ? "single" : text.includes('\\"') ? "double" : "plain";
    const pointed = found?.excerpt.line.charAt(found.column - 1);
    expect(pointed).toBe(value[kind].charAt(Math.min(at, value[kind].length) - 1));
  });

  it("in a block scalar point at the key, and say the character", () => {
    const { diagnostics } = folder.overlay(
      "applications:\n  catalog:\n    entra:\n      mappings:\n        user:\n          title:\n            expression: |-\n              Join([a]\n",
    );
    expect(diagnostics.map((d) => d.code)).toEqual(["expression"]);
    expect(diagnostics[0]?.message).toContain("character 9");
  });
});

describe("extends", () => {
  it("merges maps, replaces lists, and points into the file where a value stands", () => {
    folder.write(
      "shared.yaml",
      "version: 1\nenvironment: dev\napplications:\n  datahub:\n    product: datahub\n    endpoint: http://far.example\n    token: { secret: a }\n    entra: { displayName: A, assignments: [{ group: one, role: Reader }, { group: two, role: Raeder }] }\n",
    );
    const first = folder.load("extends: shared.yaml\n");
    expect(first.diagnostics.map((d) => `${d.file.split("/").at(-1)}:${d.line} ${d.code}`)).toEqual([
      "shared.yaml:6 endpoint-http",
      "shared.yaml:8 unknown-role",
    ]);
    const second = folder.load(
      "extends: shared.yaml\napplications:\n  datahub:\n    endpoint: https://near.example\n    entra: { assignments: [{ group: three, role: Admin }] }\n",
    );
    expect(second.diagnostics).toEqual([]);
    expect(second.spec?.spec.applications.datahub).toMatchObject({
      endpoint: "https://near.example",
      token: { secret: "a" },
      entra: { displayName: "A", assignments: [{ group: "three", role: "Admin" }] },
    });
    expect(second.spec?.positionOf(["applications", "datahub", "token"]).file).toContain("shared.yaml");
    expect(second.spec?.positionOf(["applications", "datahub", "entra", "assignments", 0])).toEqual({
      file: folder.path("example.yaml"),
      line: 5,
      column: 28,
    });
  });

  it("finds a circle, and says who extends whom", () => {
    folder.write("one.yaml", "extends: two.yaml\n");
    folder.write("two.yaml", "extends: one.yaml\n");
    const { diagnostics } = loadSpec(folder.path("one.yaml"));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.file).toBe(folder.path("two.yaml"));
    expect(diagnostics[0]?.message.replaceAll(folder.path("/"), "")).toBe(
      "one.yaml extends two.yaml extends one.yaml",
    );
  });

  mkdirSync(folder.path("folder.yaml"));
  symlinkSync("/etc/hostname", folder.path("link.yaml"));

  it.each([
    ["an absolute path", "/etc/passwd", "extends"],
    ["another kind of file", "../../../etc/passwd", "not-yaml-file"],
    ["a folder", "folder.yaml", "file-unreadable"],
    ["a link to another kind of file", "link.yaml", "not-yaml-file"],
    ["a file that is not there", "nowhere.yaml", "file-missing"],
  ])("refuses %s", (_, target, code) => {
    const { diagnostics, spec } = folder.load(`extends: ${target}
`);
    expect(spec).toBeUndefined();
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    expect(diagnostics[0]?.line).toBe(1);
  });
});

describe("levels and waivers", () => {
  const all = "applications: { dmm: { entra: { scope: all } } }\n";
  const codes = (text: string) => folder.overlay(text).diagnostics.map((d) => `${d.severity} ${d.code}`);

  it("weigh more in production", () => {
    expect(codes(all)).toEqual([]);
    expect(codes(`production: true\n${all}`)).toEqual(["error assigned-scope"]);
    expect(codes(`environment: prod\n${all}`)).toEqual(["error assigned-scope"]);
    expect(codes(`environment: prod\nproduction: false\n${all}`)).toEqual([]);
  });

  it("are what the spec says", () => {
    expect(codes(`rules: { assigned-scope: warning }\n${all}`)).toEqual(["warning assigned-scope"]);
    expect(codes(`production: true\nrules: { assigned-scope: off }\n${all}`)).toEqual([]);
  });

  const waiver = (application: string, until: string) =>
    `waivers: [{ rule: assigned-scope, application: ${application}, reason: Until the groups are there., until: ${until} }]\n`;

  it("are waived to the end of the last day, for the application named", () => {
    const production = `production: true\n${all}`;
    expect(codes(production + waiver("dmm", TODAY))).toEqual([]);
    expect(codes(production + waiver("dmm", "2026-12-31"))).toEqual([
      "error assigned-scope",
      "warning waiver-ended",
    ]);
    expect(codes(production + waiver("datahub", TODAY))).toEqual([
      "error assigned-scope",
      "warning waiver-unused",
    ]);
  });

  it("take no other rule off", () => {
    expect(codes("waivers: [{ rule: endpoint-http, reason: We want it so., until: 2027-12-31 }]\n")).toEqual([
      "error unknown-value",
    ]);
    expect(codes("rules: { endpoint-http: off }\n")).toEqual(["error unknown-key"]);
  });
});

it("has no error for the spec that comes with rollcall", () => {
  const { spec, diagnostics } = loadSpec("config/sandbox.yaml");
  expect(diagnostics).toEqual([]);
  expect(Object.keys(spec?.spec.applications ?? {})).toContain("datahub");
});
