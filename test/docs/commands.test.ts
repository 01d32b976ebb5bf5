import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { main } from "../../src/cli.ts";

const root = join(import.meta.dirname, "../..");
/** Commands that have commands of their own. */
const PARENTS = ["okta", "sandbox", "github"];

async function help(...command: string[]): Promise<string> {
  let text = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += chunk;
    return true;
  });
  try {
    await main(["node", "rollcall", ...command, "--help"]);
  } finally {
    spy.mockRestore();
  }
  return text;
}

/** Command lines of rollcall in a page, between backquotes or on a line of their own. */
function commandLines(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const found = text.matchAll(
    /(?<=^|[\s(])`(?:npx )?rollcall ([a-z][^`\n]*)`|^npx rollcall ([a-z]+ [^#\n]*)$/gm,
  );
  return [...found].map(([, inline, alone]) => inline ?? alone ?? "");
}

it("every command and option that the documentation names is there", async () => {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .concat("README.md", "CONTRIBUTING.md");
  const lines = pages.flatMap((page) => commandLines(page).map((line) => ({ page, line })));
  const known = [...(await help()).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  const wrong: { page: string; line: string; because: string }[] = [];
  for (const { page, line } of lines) {
    const words = line.split(/\s+/);
    const command = words.slice(0, PARENTS.includes(words[0] ?? "") ? 2 : 1);
    if (!known.includes(command[0])) wrong.push({ page, line, because: "no such command" });
    const text = await help(...command);
    for (const option of words.filter((word) => word.startsWith("--")))
      if (!text.includes(option)) wrong.push({ page, line, because: `no ${option}` });
  }
  expect(lines.length).toBeGreaterThan(20);
  expect(wrong).toEqual([]);
});
