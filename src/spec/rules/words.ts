import type { Path } from "../../yaml/tree.ts";

/** How a message names an item of a list: "assignment 2 of the list", counted as people count. */
export function lineOfItem(path: Path): string {
  return `item ${Number(path.at(-1)) + 1} of the list`;
}
