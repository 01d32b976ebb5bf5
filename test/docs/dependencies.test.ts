import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const { dependencies, devDependencies } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
) as Record<"dependencies" | "devDependencies", Record<string, string>>;
const page = readFileSync(join(root, "docs/dependencies.md"), "utf8");
const [, installed = "", development = "", ours = ""] = page.split(/^## /m);
const named = (section: string) =>
  section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name))
    .sort();

describe("docs/dependencies.md", () => {
  it("has a line for each dependency, and for nothing else", () => {
    expect(named(installed)).toEqual(Object.keys(dependencies).sort());
    expect(named(development)).toEqual(Object.keys(devDependencies).sort());
    expect(ours).not.toBe("");
  });

  it("names no dependency that the sources do not import", () => {
    const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[jt]s$/.test(name))
      .map((name) => readFileSync(join(root, "src", name), "utf8"))
      .join("\n");
    const unused = Object.keys(dependencies).filter((name) => !new RegExp(`["']${name}["'/]`).test(sources));
    expect(unused).toEqual([]);
  });
});
