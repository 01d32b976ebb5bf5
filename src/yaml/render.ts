import { styleText } from "node:util";
import type { Diagnostic } from "./diagnostic.ts";
import { visible } from "./visible.ts";

export type Format = "text" | "json" | "github";
export const FORMATS: readonly Format[] = ["text", "json", "github"];

/** The whole report, ending in a newline unless it is empty. Colour only when asked for, and in `text` alone. */
export function render(diagnostics: Diagnostic[], format: Format, colour = false): string {
  switch (format) {
    case "json":
      return `${JSON.stringify({ diagnostics }, null, 2)}\n`;
    case "github":
      return diagnostics.map((diagnostic) => `${renderGithub(diagnostic)}\n`).join("");
    case "text":
      return diagnostics.map((diagnostic) => `${renderText(diagnostic, colour)}\n`).join("\n");
  }
}

/** Wider lines are cut around the caret. */
const WINDOW = 100;

function renderText(diagnostic: Diagnostic, colour: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const { line, column, code, severity, help } = diagnostic;
  const [file, message, why] = [diagnostic.file, diagnostic.message, diagnostic.why].map(visible);
  const before = diagnostic.excerpt.before;
  const accent = severity === "error" ? "red" : "yellow";
  const gutter = String(line).length + 3;
  const numbered = (number: number, text: string) =>
    `${paint("dim", `${String(number).padStart(gutter)} |`)} ${text}`;

  const { shown, start } = windowAround(visible(diagnostic.excerpt.line), column - 1);
  const lead = shown.slice(0, start).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(diagnostic.length, shown.length - start)));
  const lines = [
    `${paint("bold", `${file}:${line}:${column}`)} ${paint([accent, "bold"], `${severity}[${code}]`)} ${message}`,
    ...(before === undefined ? [] : [numbered(line - 1, cut(visible(before)))]),
    numbered(line, shown),
    `${" ".repeat(gutter)} ${paint("dim", "|")} ${lead}${paint(accent, carets)}`,
    `  ${paint("dim", "why: ")} ${why}`,
    ...(help === undefined ? [] : [`  ${paint("green", "help:")} ${visible(help)}`]),
  ];
  return lines.map((text) => text.trimEnd()).join("\n");
}

function windowAround(text: string, at: number): { shown: string; start: number } {
  if (text.length <= WINDOW) return { shown: text, start: at };
  const from = Math.max(0, Math.min(at - 30, text.length - WINDOW));
  const head = from > 0 ? "…" : "";
  return {
    shown: `${head}${text.slice(from, from + WINDOW)}${from + WINDOW < text.length ? "…" : ""}`,
    start: at - from + head.length,
  };
}

const cut = (text: string) => (text.length <= WINDOW ? text : `${text.slice(0, WINDOW)}…`);

/** A workflow command; GitHub shows it at the line of the pull request. */
function renderGithub(diagnostic: Diagnostic): string {
  const { file, line, column, length, code, severity, message, why, help } = diagnostic;
  const properties = [
    `file=${escapeProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    `endColumn=${column + length}`,
    `title=${escapeProperty(code)}`,
  ];
  const body = [message, `why: ${why}`, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
  return `::${severity} ${properties.join(",")}::${escapeData(body)}`;
}

const escapeData = (text: string) =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
