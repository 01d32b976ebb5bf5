import type { Tracking } from "../github/issue.ts";
import { type DriftReport, renderDrift, verdictOf } from "../inspect/render-drift.ts";
import { escapeMarkdown } from "../markdown/escape.ts";
import { blotted, blottedText } from "./blotted.ts";
import { MAX_COMMENT } from "./comment.ts";

const LABEL = "rollcall-drift";

/** The tracking issue of one environment for what `rollcall drift` found. */
export function driftIssue(report: DriftReport): Tracking {
  const { environment } = report;
  const marker = `<!-- rollcall drift: ${environment} -->`;
  const clean = verdictOf(report) === "clean";
  return {
    marker,
    title: `Drift in ${environment}`,
    label: LABEL,
    body: clean ? undefined : body(marker, report),
    closing: `${escapeMarkdown(environment)} is as ${escapeMarkdown(report.file)} declares it again.`,
  };
}

function body(marker: string, report: DriftReport): string {
  const markdown = renderDrift(blotted(report), "markdown", (_, text) => text);
  const help =
    "Either bring the tenant back with `pulumi up`, or declare what was done by hand in a pull request. This issue is kept up to date every night, and closed when nothing differs.";
  const note = "\n\n*Cut: all of it is in the log of the run.*";
  const text = `${marker}\n${markdown}\n${help}\n`;
  const cut = text.length <= MAX_COMMENT ? text : `${text.slice(0, MAX_COMMENT - note.length)}${note}`;
  return blottedText(cut);
}
