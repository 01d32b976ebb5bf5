import type { Check } from "../inspect/check.ts";
import { oneLine } from "../inspect/one-line.ts";
import { paint } from "./terminal.ts";

const MARKS = {
  ok: ["green", "✓"],
  failed: ["red", "✗"],
  later: ["yellow", "…"],
  unseen: ["yellow", "?"],
} as const;

/** One line for what was looked at and what came of it. */
export function checkLine({ what, verdict, detail }: Check): string {
  const [style, mark] = MARKS[verdict];
  return `  ${paint(style, mark)} ${oneLine(`${what}: ${detail}`)}`;
}
