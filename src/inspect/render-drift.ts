import { escapeMarkdown } from "../markdown/escape.ts";
import type { Finding, Inspection } from "./finding.ts";
import type { NotInspected } from "./inspect.ts";
import { lastingText } from "./lasting-text.ts";
import { oneLine } from "./one-line.ts";

export const DRIFT_FORMATS = ["text", "json", "markdown"] as const;
export type DriftFormat = (typeof DRIFT_FORMATS)[number];

export interface DriftReport {
  environment: string;
  /** Of the spec, as people name it. */
  file: string;
  applications: (Inspection | NotInspected)[];
  /** Others of the spec were not looked at, because one was asked for. */
  partial?: true;
}

export type Emphasis = (style: "red" | "green" | "yellow" | "dim" | "bold", text: string) => string;

export type Verdict = "clean" | "drift" | "credentials" | "failure";

/** The worst of what was found: what could not be seen stands over what was. */
export function verdictOf({ applications }: DriftReport): Verdict {
  const failed = applications.filter((one) => "failure" in one);
  if (failed.some(({ credentials }) => credentials)) return "credentials";
  if (failed.length > 0) return "failure";
  return applications.some((one) => "drift" in one && one.drift.length > 0) ? "drift" : "clean";
}

export function renderDrift(report: DriftReport, format: DriftFormat, paint: Emphasis): string {
  if (format === "json") return `${JSON.stringify({ verdict: verdictOf(report), ...report }, null, 2)}\n`;
  return format === "markdown" ? markdown(report) : text(report, paint);
}

function text(report: DriftReport, paint: Emphasis): string {
  const lines: string[] = [];
  for (const one of report.applications) {
    const heading = `${paint("bold", oneLine(one.name))}  ${paint("dim", oneLine(place(one)))}`;
    if ("failure" in one) {
      const why = oneLine(one.failure);
      lines.push(`${paint("red", "!")} ${heading}`, `    could not be looked at: ${why}`);
      continue;
    }
    lines.push(`${one.drift.length > 0 ? paint("red", "✗") : paint("green", "✓")} ${heading}`);
    for (const { message, help } of one.drift)
      lines.push(`    ${oneLine(message)}`, `      ${paint("dim", oneLine(help))}`);
    for (const note of one.notes) lines.push(`    ${paint("yellow", "note:")} ${oneLine(note)}`);
  }
  return `${[...lines, "", summary(report)].join("\n")}\n`;
}

/**
 * For an issue or a pull request: nothing that a name in a tenant holds is taken for markup, and what has not changed reads
 * the same the next night.
 */
function markdown(report: DriftReport): string {
  const lines = [
    `## Drift in ${escapeMarkdown(report.environment)}`,
    "",
    escapeMarkdown(summary(report)),
    "",
  ];
  for (const one of report.applications) {
    if (!("failure" in one) && one.drift.length + one.notes.length === 0) continue;
    lines.push(`### ${escapeMarkdown(one.name)} (${escapeMarkdown(place(one))})`, "");
    if ("failure" in one)
      lines.push(`Could not be looked at: ${escapeMarkdown(lastingText(one.failure))}`, "");
    else
      lines.push(...findings(one.drift), ...one.notes.map((note) => `- *Note:* ${escapeMarkdown(note)}`), "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function findings(drift: Finding[]): string[] {
  return drift.map(
    ({ aspect, message, help }) => `- **${aspect}**: ${escapeMarkdown(message)}  \n  ${escapeMarkdown(help)}`,
  );
}

const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" } as const;

function place({ idp, product }: Pick<Inspection, "idp" | "product">): string {
  return `${product} from ${PROVIDERS[idp]}`;
}

function summary(report: DriftReport): string {
  const { applications, file } = report;
  const differences = applications.flatMap((one) => ("drift" in one ? one.drift : [])).length;
  const unseen = applications.filter((one) => "failure" in one).length;
  const looked = applications.length - unseen;
  const parts = [
    differences === 0
      ? looked > 0
        ? `${count(looked, "application")} of ${file} ${looked === 1 ? "is" : "are"} as declared.`
        : ""
      : `${count(differences, "difference")} between ${file} and the tenants.`,
    unseen > 0 ? `${count(unseen, "application")} could not be looked at.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
