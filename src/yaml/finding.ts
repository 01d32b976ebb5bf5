import { type Diagnostic, diagnosticAt } from "./diagnostic.ts";
import type { Span } from "./source.ts";
import { keySpanAt, type Node, nodeAt, type Path } from "./tree.ts";

/** A problem named by path, before it is known where in which file that path stands. */
export interface Finding {
  code: string;
  severity: "error" | "warning";
  path: Path;
  /** What the caret goes under. A path that does not exist points at the nearest thing around it. */
  on: "key" | "value";
  /** A part of the scalar's value, in characters from its start. */
  within?: { start: number; length: number };
  message: string;
  why: string;
  help?: string;
}

export function locateFinding(root: Node, finding: Finding): Diagnostic {
  const { path, on, within, ...rest } = finding;
  let span = spanOf(root, path, on);
  if (within) span = partOf(root, path, within) ?? span;
  return diagnosticAt(span, rest);
}

/** Where a path stands: the value itself when it is a scalar, else its key, which is what a person looks for. */
export function spanOf(root: Node, path: Path, on: "key" | "value" = "value"): Span {
  const node = nodeAt(root, path);
  const key = keySpanAt(root, path);
  if (node === undefined) return path.length === 0 ? root.span : spanOf(root, path.slice(0, -1), "key");
  if (on === "key") return key ?? node.span;
  if (node.kind === "scalar" && node.span.end > node.span.start) return node.span;
  return key ?? node.span;
}

/** Characters `start`…`start + length` of a scalar's value, counted back to how it is written; undefined for block scalars. */
function partOf(root: Node, path: Path, part: { start: number; length: number }): Span | undefined {
  const node = nodeAt(root, path);
  if (node?.kind !== "scalar" || typeof node.value !== "string") return undefined;
  const { source, start, end } = node.span;
  const written = source.text.slice(start, end);
  const offsets = characterOffsets(written, node.value);
  const from = offsets?.[part.start];
  const to = offsets?.[Math.min(part.start + Math.max(part.length, 1), node.value.length)];
  if (from === undefined || to === undefined) return undefined;
  return { source, start: start + from, end: start + Math.max(to, from + 1) };
}

/** For each character of `value`, and its end, where it stands in `written`. */
function characterOffsets(written: string, value: string): number[] | undefined {
  const quote = written.charAt(0);
  if (quote !== '"' && quote !== "'") {
    return written === value ? Array.from({ length: value.length + 1 }, (_, index) => index) : undefined;
  }
  const offsets: number[] = [];
  let at = 1;
  while (at < written.length - 1) {
    offsets.push(at);
    if (quote === "'") at += written.startsWith("''", at) ? 2 : 1;
    else if (written.charAt(at) === "\\") at += ESCAPE_LENGTH[written.charAt(at + 1)] ?? 2;
    else at += 1;
  }
  offsets.push(at);
  return offsets.length === value.length + 1 ? offsets : undefined;
}

const ESCAPE_LENGTH: Record<string, number> = { x: 4, u: 6, U: 10 };
