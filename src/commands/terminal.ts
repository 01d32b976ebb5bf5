import { stripVTControlCharacters, styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colours `text` on a terminal, and leaves it alone elsewhere, under NO_COLOR and in logs. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

const width = (text: string) => stripVTControlCharacters(text).length;

/** Lines of a table with aligned columns; the first row is the heading, columns of figures stand to the right. */
export function table(rows: string[][], alignRight: number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  const line = (row: string[]) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat((widths[column] ?? 0) - width(cell));
        return alignRight.includes(column) ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((size) => "─".repeat(size)).join("  ");
  const [heading, ...body] = rows.map(line);
  return [heading ?? "", paint("dim", rule), ...body].join("\n");
}

/** Whether a stream shows colour, and the person has not asked for none. */
export function hasColour(stream: NodeJS.WriteStream): boolean {
  return Boolean(stream.isTTY) && stream.hasColors() && !process.env.NO_COLOR;
}
