import { styleText } from "node:util";
import { parsePropertyPath } from "./property-path.ts";
import type { Diagnostic, EngineEvent, EngineResult, Operation, PropertyChange, Step } from "./result.ts";
import { nameOf } from "./urn.ts";

type Style = Parameters<typeof styleText>[0];

export interface PrinterOptions {
  /** Nothing is done, so it is said what would be. */
  preview: boolean;
  colour: boolean;
}

const WORDS: Record<Operation, { mark: string; style: Style; done: string; planned: string }> = {
  same: { mark: " ", style: "dim", done: "unchanged", planned: "unchanged" },
  create: { mark: "+", style: "green", done: "created", planned: "to create" },
  update: { mark: "~", style: "yellow", done: "updated", planned: "to update" },
  replace: { mark: "±", style: "magenta", done: "replaced", planned: "to replace" },
  delete: { mark: "-", style: "red", done: "deleted", planned: "to delete" },
  drifted: { mark: "!", style: "cyan", done: "changed in the tenant", planned: "changed in the tenant" },
  gone: { mark: "!", style: "cyan", done: "gone from the tenant", planned: "gone from the tenant" },
};

const MARKS = { add: "+", delete: "-", update: "~" } as const;
const STYLES = { add: "green", delete: "red", update: "yellow" } as const;
const LONGEST_VALUE = 100;

/** The text of an event, ending in a newline; empty for what is not worth a line. */
export function renderEvent(event: EngineEvent, options: PrinterOptions): string {
  if (event.kind === "start") return "";
  const lines =
    event.kind === "diagnostic" ? diagnosticLines(event.diagnostic, options) : stepLines(event.step, options);
  return lines.map((line) => `${line}\n`).join("");
}

/** One line with what was done, or would be. */
export function renderSummary({ counts, exitCode }: EngineResult, options: PrinterOptions): string {
  const paint = painter(options);
  const parts = (Object.keys(WORDS) as Operation[])
    .filter((op) => counts[op] > 0)
    .map((op) =>
      paint(WORDS[op].style, `${counts[op]} ${options.preview ? WORDS[op].planned : WORDS[op].done}`),
    );
  const outcome = exitCode === 1 ? paint("red", "failed: ") : "";
  return `${outcome}${parts.join(", ") || "nothing to do"}\n`;
}

function stepLines(step: Step, options: PrinterOptions): string[] {
  if (step.op === "same") return [];
  const paint = painter(options);
  const { mark, style, done, planned } = WORDS[step.op];
  const indent = "  ".repeat(step.depth);
  const heading = `${paint(style, mark)} ${indent}${step.name} ${paint("dim", shortType(step.type))} ${paint(style, options.preview ? planned : done)}`;
  // Of what is made anew only the entries of its sets are news: who gets in, what is mapped.
  const changes = step.op === "create" ? step.diff.filter(({ path }) => entryOf(path) !== -1) : step.diff;
  return [heading, ...changes.map((change) => `    ${indent}${changeLine(change, options)}`)];
}

function changeLine(change: PropertyChange, options: PrinterOptions): string {
  const value =
    change.kind === "update"
      ? `${cut(change.old)} => ${cut(change.new)}`
      : cut(change.kind === "add" ? change.new : change.old);
  const replaces = change.replace ? " (makes it anew)" : "";
  return painter(options)(
    STYLES[change.kind],
    `${MARKS[change.kind]} ${label(change.path)}: ${value}${replaces}`,
  );
}

/** `assignments["group:governance-team Reader"]` reads as the entry alone: `group:governance-team Reader`. */
function label(path: string): string {
  const keys = parsePropertyPath(path).map(String);
  const entry = entryOf(path);
  return entry === -1 ? keys.join(".") : keys.slice(entry).join(" ");
}

/** Where the last key stands that is no plain property's name; -1 without one. */
function entryOf(path: string): number {
  return parsePropertyPath(path).findLastIndex((key) => !/^\w+$/.test(String(key)));
}

function diagnosticLines({ severity, message, urn }: Diagnostic, options: PrinterOptions): string[] {
  const paint = painter(options);
  const style = severity === "error" ? "red" : severity === "warning" ? "yellow" : "dim";
  const about = urn ? `${nameOf(urn)}: ` : "";
  const [first = "", ...rest] = message.trimEnd().split("\n");
  return [`${paint(style, severity)} ${about}${first}`, ...rest.map((line) => (line ? `  ${line}` : ""))];
}

/** `azuread:index/applicationFromTemplate:ApplicationFromTemplate` -> `azuread:ApplicationFromTemplate` */
function shortType(type: string): string {
  const parts = type.split(":");
  return `${parts[0]}:${parts.at(-1)}`;
}

function cut(text = ""): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function painter({ colour }: PrinterOptions) {
  return (style: Style, text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
}
