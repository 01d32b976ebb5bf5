import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/yaml/parse.ts";
import { makeSource } from "../../src/yaml/source.ts";

const found = (text: string) =>
  parseYaml(makeSource("spec.yaml", text)).diagnostics.map(
    ({ line, column, length, code, message }) => `${line}:${column}+${length} ${code}: ${message}`,
  );

describe("characters that cannot be seen", () => {
  it.each([
    ["a blank of no width", 'a: "re\\u200baders"', "1:4+15", "U+200B"],
    ["an escape sequence of a terminal", 'a: "x\\e[2J"', "1:4+8", "U+001B"],
    ["a turn of direction", 'a: "x\\u202egnp"', "1:4+12", "U+202E"],
    ["a line end", 'a: "y gains access.\\n+ group z"', "1:4+28", "U+000A"],
    ["a line end of Unicode's", 'a: "x\\Ly"', "1:4+6", "U+2028"],
    ["beyond 16 bits", 'a: "x\\U000e0041"', "1:4+13", "U+E0041"],
    ["in an item of a list", 'a: ["x", "y\\0"]', "1:10+5", "U+0000"],
    ["in a key", '"a\\u200b": x', "1:1+9", "U+200B"],
  ])("are found behind an escape: %s", (_, text, place, code) => {
    expect(found(text)).toEqual([
      `${place} hidden-character: an escape in it stands for ${code}, which cannot be seen`,
    ]);
  });

  it.each([
    ["quotes and backslashes", 'a: "\\"x\\" \\\\u200b"'],
    ["letters", 'a: "\\u00e9\\x41"'],
    ["a joiner", 'a: "\\u0645\\u06cc\\u200c\\u062e\\u0648\\u0627\\u0647\\u0645"'],
    ["no escape, in single quotes", "a: '\\u200b \\n'"],
    ["no escape, without quotes", "a: x\\u200b"],
    ["several lines", "a: |\n  x\n  y\n"],
  ])("are not found in %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });
});
