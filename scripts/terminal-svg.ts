import { stripVTControlCharacters } from "node:util";

const COLUMNS = 112;
const CHARACTER = { width: 7.83, height: 19 };
const MARGIN = 18;
const BAR = 30;
const COLOURS: Record<string, string> = {
  "31": "#ff7b72",
  "32": "#56d364",
  "33": "#e3b341",
  "36": "#79c0ff",
};

interface Style {
  colour?: string;
  bold?: boolean;
  dim?: boolean;
}

interface Run {
  column: number;
  text: string;
  style: Style;
}

/** Terminal output with its colours as an SVG that needs no font of its own: each run of characters stands at its column. */
export function terminalSvg(command: string, output: string): string {
  const lines = [`\u001b[2m$\u001b[22m ${command}`, "", ...output.split("\n").flatMap(wrapped)].map(runsOf);
  const width = Math.round(COLUMNS * CHARACTER.width + 2 * MARGIN);
  const height = Math.round(lines.length * CHARACTER.height + BAR + 2 * MARGIN);
  const text = lines.flatMap((runs, index) =>
    runs.map((run) => runSvg(run, BAR + MARGIN + (index + 0.75) * CHARACTER.height)),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Output of ${command}">
<rect width="${width}" height="${height}" rx="8" fill="#14171c"/>
<g fill="#3a414b"><circle cx="20" cy="18" r="5.5"/><circle cx="38" cy="18" r="5.5"/><circle cx="56" cy="18" r="5.5"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#d6dae0" xml:space="preserve">
${text.join("\n")}
</g>
</svg>
`;
}

/** Breaks a line that is too long between words, and goes on below its first word. */
function wrapped(line: string): string[] {
  if (stripVTControlCharacters(line).length <= COLUMNS) return [line];
  const at = line.lastIndexOf(" ", COLUMNS);
  return [line.slice(0, at), ...wrapped(`    ${line.slice(at + 1)}`)];
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let style: Style = {};
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code !== undefined) {
      style = restyled(style, code);
      continue;
    }
    // An image keeps no blanks in a row, so the cells of a table stand for themselves.
    for (const cell of part.split(/( {2,})/)) {
      if (cell.trim() !== "") runs.push({ column, text: cell, style });
      column += cell.length;
    }
  }
  return runs;
}

function restyled(style: Style, code: string): Style {
  if (code === "0") return {};
  if (code === "1") return { ...style, bold: true };
  if (code === "2") return { ...style, dim: true };
  if (code === "22") return { colour: style.colour };
  if (code === "39") return { bold: style.bold, dim: style.dim };
  return { ...style, colour: COLOURS[code] };
}

function runSvg({ column, text, style }: Run, y: number): string {
  const blanks = text.length - text.trimStart().length;
  const x = MARGIN + (column + blanks) * CHARACTER.width;
  const shown = text.trim();
  const attributes = [
    `x="${x.toFixed(1)}" y="${y.toFixed(1)}" textLength="${(shown.length * CHARACTER.width).toFixed(1)}"`,
    style.colour ? `fill="${style.colour}"` : "",
    style.bold ? 'font-weight="bold"' : "",
    style.dim ? 'opacity="0.6"' : "",
  ];
  return `<text ${attributes.filter(Boolean).join(" ")}>${escaped(shown)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
