import { lineAndColumn, lineText, type Span } from "./source.ts";

/** One problem of one file, as data; `render.ts` makes text of it. */
export interface Diagnostic {
  /** Stable words that name the rule: `unknown-key`. */
  code: string;
  severity: "error" | "warning";
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units, as editors count. */
  column: number;
  /** Characters under the caret, all on `line`. */
  length: number;
  message: string;
  why: string;
  help?: string;
  /** The line and the one before it (absent at the start of a file), with anything that looks like a secret blotted out. */
  excerpt: { before?: string; line: string };
}

export interface Said {
  code: string;
  severity: "error" | "warning";
  message: string;
  why: string;
  help?: string;
}

/** Spans over several lines are cut at the end of their first. */
export function diagnosticAt(span: Span, said: Said): Diagnostic {
  const { source } = span;
  const { line, column } = lineAndColumn(source, span.start);
  const text = lineText(source, line);
  const length = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  const before = line > 1 ? lineText(source, line - 1) : undefined;
  return {
    ...said,
    file: source.file,
    line,
    column,
    length,
    excerpt: before?.trim() ? { before, line: text } : { line: text },
  };
}

/** Same place, same code: said once. */
export function sortDiagnostics(diagnostics: Diagnostic[], files: string[]): Diagnostic[] {
  const rank = (file: string) => files.indexOf(file);
  const seen = new Set<string>();
  return diagnostics
    .toSorted((a, b) => rank(a.file) - rank(b.file) || a.line - b.line || a.column - b.column)
    .filter((d) => {
      const key = `${d.file}\0${d.line}\0${d.column}\0${d.code}\0${d.message}`;
      return !seen.has(key) && seen.add(key);
    });
}
