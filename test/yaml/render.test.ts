import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { type Diagnostic, diagnosticAt } from "../../src/yaml/diagnostic.ts";
import { render } from "../../src/yaml/render.ts";
import { makeSource } from "../../src/yaml/source.ts";

const source = makeSource("config/prod.yaml", "a:\n\tb: 1\n  displyName: x\n");
const said = {
  code: "unknown-key",
  severity: "error" as const,
  message: 'unknown key "displyName"',
  why: "unknown keys are refused",
  help: 'did you mean "displayName"?',
};
const diagnostic = diagnosticAt({ source, start: 11, end: 21 }, said);

describe("text", () => {
  it("shows the place, the line before, the caret under the whole word, why and help", () => {
    expect(render([diagnostic], "text")).toBe(
      [
        'config/prod.yaml:3:3 error[unknown-key] unknown key "displyName"',
        "   2 | \tb: 1",
        "   3 |   displyName: x",
        "     |   ^^^^^^^^^^",
        "  why:  unknown keys are refused",
        '  help: did you mean "displayName"?',
        "",
      ].join("\n"),
    );
  });

  it("keeps the caret under its word after a tab", () => {
    const [, , line = "", caret = ""] = render(
      [diagnosticAt({ source, start: 4, end: 5 }, said)],
      "text",
    ).split("\n");
    expect(line).toBe("   2 | \tb: 1");
    expect(caret).toBe("     | \t^");
  });

  it("cuts long lines around the caret", () => {
    const long = makeSource("a.yaml", `key: [${"x, ".repeat(200)}here, ${"y, ".repeat(200)}]`);
    const start = long.text.indexOf("here");
    const [, line = "", caret = ""] = render(
      [diagnosticAt({ source: long, start, end: start + 4 }, said)],
      "text",
    ).split("\n");
    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("here");
  });

  it("has colour only when asked for, and the same words with it", () => {
    const plain = render([diagnostic], "text");
    const coloured = render([diagnostic], "text", true);
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it("passes no control characters of a file on to the terminal", () => {
    const evil: Diagnostic = {
      ...diagnostic,
      message: "\u001b[2Jgone \u202e",
      excerpt: { line: "a: \u001b]0;x\u0007" },
    };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(render([evil], "text")).not.toMatch(/[\u001b\u0007\u202e]/);
  });
});

it("gives GitHub annotations that a message cannot break out of", () => {
  const evil = { ...diagnostic, file: "a,b:c.yaml", message: "50%\n::set-env name=x::y" };
  const output = render([evil], "github");
  expect(output.split("\n")).toHaveLength(2);
  expect(output).toBe(
    '::error file=a%2Cb%3Ac.yaml,line=3,col=3,endColumn=13,title=unknown-key::50%25%0A::set-env name=x::y%0Awhy: unknown keys are refused%0Ahelp: did you mean "displayName"?\n',
  );
});

it("gives JSON that reads back", () => {
  expect(JSON.parse(render([diagnostic], "json"))).toEqual({ diagnostics: [diagnostic] });
});
