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
  import: { mark: "=", style: "green", done: "imported", planned: "to import" },
  create: { mark: "+", style: "green", done: "created", planned: "to create" },
  update: { mark: "~", style: "yellow", done: "updated", planned: "to update" },
  replace: { mark: "±", style: "magenta", done: "replaced", planned: "to replace" },
  delete: { mark: "-", style: "red", done: "deleted", planned: "to delete" },
  drifted: { mark: "!", style: "cyan", done: "changed in the tenant", planned: "changed in the tenant" },
  gone: { mark: "!", style: "cyan", done: "gone from the tenant", planned: "gone from the tenant" },
};

const MARKS = { add: "+", delete: "-", update: "~" } as const;
const STYLES = { add: "green", delete: "red", update: "yellow" } as const;
/** Properties whose keys are names that people know: assignments, pushed groups, mapped attributes. */
const SETS = [["assignments"], ["pushes"], ["mappings", "user"], ["mappings", "group"]];
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
  // Of what is made anew only the entries of its sets are news: who gets in, what is mapped, which groups are pushed.
  if (step.op === "create") {
    const lines = newEntries(step.diff).map((line) => paint("green", `${MARKS.add} ${line}`));
    return [heading, ...lines.map((line) => `    ${indent}${line}`)];
  }
  return [heading, ...step.diff.map((change) => `    ${indent}${changeLine(change, options)}`)];
}

/** One line for each entry, with all that is said of it. */
function newEntries(diff: readonly PropertyChange[]): string[] {
  const entries = new Map<string, string[]>();
  for (const { path, new: value } of diff) {
    const [entry, ...below] = inSet(path) ?? [];
    if (entry === undefined) continue;
    const said = below.length > 0 ? `${below.join(".")} ${cut(value)}` : cut(value);
    entries.set(entry, [...(entries.get(entry) ?? []), said]);
  }
  return [...entries].map(([entry, said]) => `${entry}: ${said.join(", ")}`);
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
  return inSet(path)?.join(" ") ?? parsePropertyPath(path).join(".");
}

/** The entry's key and what stands below it, for a place inside one of the sets; undefined for any other. */
function inSet(path: string): string[] | undefined {
  const keys = parsePropertyPath(path).map(String);
  const set = SETS.find((names) => names.every((name, index) => keys[index] === name));
  return set && keys.length > set.length ? keys.slice(set.length) : undefined;
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
