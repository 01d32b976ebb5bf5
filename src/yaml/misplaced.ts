import type { z } from "zod";
import type { Finding } from "./finding.ts";
import { keysOf, schemaAt } from "./schema-walk.ts";
import { type Node, nodeAt, type Path, printPath } from "./tree.ts";

/**
 * One finding in place of the many for a block that stands beside named entries although it belongs into one of them, such as
 * `entra:` beside the applications: it would be read as an entry of that name, of which every line is wrong.
 */
export function gatherMisplaced(findings: Finding[], schema: z.ZodType, root: Node): Finding[] {
  const blocks = new Map<string, Path>();
  for (const { code, path } of findings) {
    const block = path.slice(0, -1);
    if (code === "unknown-key" && isMisplaced(block, schema, root)) blocks.set(printPath(block), block);
  }
  const inside = (path: Path, block: Path) => block.every((step, depth) => path[depth] === step);
  return [
    ...findings.filter(({ path }) => ![...blocks.values()].some((block) => inside(path, block))),
    ...[...blocks.values()].map(misplaced),
  ];
}

/** It is called like a key of the entries, and has not one of their keys itself. */
function isMisplaced(block: Path, schema: z.ZodType, root: Node): boolean {
  const isNamedEntry = block.length > 1 && keysOf(schemaAt(schema, block.slice(0, -1), root)).length === 0;
  const known = keysOf(schemaAt(schema, block, root));
  const node = nodeAt(root, block);
  return (
    isNamedEntry &&
    known.includes(String(block.at(-1))) &&
    node?.kind === "map" &&
    !known.some((key) => node.entries.has(key))
  );
}

function misplaced(block: Path): Finding {
  const name = String(block.at(-1));
  const parent = printPath(block.slice(0, -1));
  return {
    code: "misplaced-block",
    severity: "error",
    path: block,
    on: "key",
    message: `"${name}" stands beside the entries of ${parent}, and belongs into one of them`,
    why: `as it is, it would be one of the ${parent}, called ${name}`,
    help: `indent "${name}" and all that is below it as far as the other keys of its entry`,
  };
}
