import { type Diagnostic, diagnosticAt } from "./diagnostic.ts";
import { lineAndColumn, type Span } from "./source.ts";
import { keySpanAt, type Node, nodeAt, type Path, printPath } from "./tree.ts";

/** A problem named by path, before it is known where in which file that path stands. */
export interface Finding {
  code: string;
  severity: "error" | "warning";
  path: Path;
  /** What the caret goes under. A path that does not exist points at the nearest thing around it. */
  on: "key" | "value";
  /** A part of the scalar's value, in characters from its start. */
  within?: { start: number; length: number };
  /** `{other}` in it becomes the line at which `other` stands. */
  message: string;
  other?: Path;
  why: string;
  help?: string;
  /** What the finding says is not there. Where something is there and wrong in itself, that is said alone. */
  absent?: Path[];
  /** For a misspelt key: the path it was meant to be. */
  meant?: Path;
}

/** Drops findings that only follow from another: what was left out because its value or its spelling is wrong is not missing. */
export function withoutConsequences(findings: Finding[]): Finding[] {
  const places = (finding: Finding) =>
    [finding.path, ...(finding.meant ? [finding.meant] : [])].map(printPath);
  const there = new Set(findings.filter((finding) => !finding.absent).flatMap(places));
  return findings.filter((finding) => !finding.absent?.some((path) => there.has(printPath(path))));
}

export function locateFinding(root: Node, finding: Finding): Diagnostic {
  const { path, on, within, other, code, severity, message, why, help } = finding;
  let span = spanOf(root, path, on);
  if (within) span = partOf(root, path, within) ?? span;
  return diagnosticAt(span, {
    code,
    severity,
    message: other ? message.replace("{other}", lineOf(spanOf(root, other), span)) : message,
    why,
    ...(help === undefined ? {} : { help }),
  });
}

function lineOf(other: Span, here: Span): string {
  const { line } = lineAndColumn(other.source, other.start);
  return other.source === here.source ? `line ${line}` : `${other.source.file}:${line}`;
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
