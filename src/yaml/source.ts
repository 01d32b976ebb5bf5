/** A text file as it was read. Offsets count UTF-16 units from its start; lines and columns are 1-based. */
export interface Source {
  /** As people named it; what messages print. */
  file: string;
  text: string;
  /** Offset at which each line starts. */
  lineStarts: number[];
}

/** A half-open range of one source. */
export interface Span {
  source: Source;
  start: number;
  end: number;
}

/** Where in a file a thing was declared, for errors that come later than its check. 1-based. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
}

export function makeSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

export function lineAndColumn(source: Source, offset: number): { line: number; column: number } {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
}

/** One line without its line break; empty beyond the end. */
export function lineText(source: Source, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  return source.text.slice(start, source.lineStarts[line] ?? source.text.length).replace(/\r?\n$/, "");
}
