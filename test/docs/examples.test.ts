import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { specFolder } from "../spec/spec-files.ts";

const root = join(import.meta.dirname, "../..");
const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => join(root, "docs", name));
const pages = [...docs, ...["README.md", "CONTRIBUTING.md", "SECURITY.md"].map((name) => join(root, name))];
const folder = specFolder();

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

describe.each(pages.map((page) => [relative(root, page), page] as const))("%s", (_name, page) => {
  const text = readFileSync(page, "utf8");

  it("has specs that are right", () => {
    for (const [, spec = ""] of text.matchAll(/```yaml\n((?:#.*\n)?version: 1\n[\s\S]*?)```/g)) {
      const { spec: checked, diagnostics } = folder.load(spec);
      expect(diagnostics, spec).toEqual([]);
      expect(checked).toBeDefined();
    }
  });

  it("links to what is there", () => {
    for (const [link, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      expect(existsSync(path), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(path), link).toContain(anchor);
    }
  });
});
