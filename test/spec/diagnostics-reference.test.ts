import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkAgainstDirectory } from "../../src/desired/against-directory.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import { specFolder } from "./spec-files.ts";

const root = join(import.meta.dirname, "../..");
const sections = readFileSync(join(root, "docs/reference/diagnostics.md"), "utf8").split(/^### /m).slice(1);
const folder = specFolder();
folder.write("secrets.txt", "version: 1\n");
const { directories } = loadDirectory(join(import.meta.dirname, "directory.yaml"));
if (!directories) throw new Error("test/spec/directory.yaml is broken");

/** Codes that one example gives. */
function codesOf(example: string, wholeFile: boolean, withDirectory: boolean): string[] {
  const { spec, diagnostics } = wholeFile ? folder.load(example) : folder.overlay(example);
  const later = spec && withDirectory ? spec.report(checkAgainstDirectory(spec, directories ?? never())) : [];
  return [...new Set([...diagnostics, ...later].map((diagnostic) => diagnostic.code))];
}

function never(): never {
  throw new Error("unreachable");
}

describe("the examples of docs/reference/diagnostics.md", () => {
  for (const section of sections) {
    const [heading = ""] = section.split("\n");
    const code = heading.split(" ")[0] ?? "";
    const examples = [...section.matchAll(/```yaml (wrong|right)( file)?\n([\s\S]*?)```/g)];
    for (const [, verdict, file, text = ""] of examples) {
      it(`${code}: the ${verdict} one`, () => {
        const codes = codesOf(text, file !== undefined, heading.includes("--directory"));
        expect(codes).toEqual(verdict === "wrong" ? [code] : []);
      });
    }
  }

  it("cover every code that the source can give", () => {
    const documented = new Set(
      sections.flatMap((section) => (section.split("\n")[0] ?? "").replace(/\(.*/, "").split(/,?\s+/)),
    );
    const used = ["src/yaml", "src/spec", "src/spec/rules", "src/desired", "src/directory"].flatMap((place) =>
      readdirSync(join(root, place))
        .filter((name) => name.endsWith(".ts"))
        .flatMap((name) => {
          const text = readFileSync(join(root, place, name), "utf8");
          return [
            ...text.matchAll(
              /(?:\bcode: |\berror\(\s*|\bwarning\(\s*|#refuse\(\s*\w+,\s*|\bfailed\(\s*)"([a-z0-9-]+)"/g,
            ),
          ].map((m) => m[1]);
        }),
    );
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter((code) => code && !documented.has(code))).toEqual([]);
  });
});
