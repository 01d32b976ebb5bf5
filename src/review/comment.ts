import type { DesiredState } from "../desired/model.ts";
import { escapeMarkdown } from "../markdown/escape.ts";
import { visible } from "../yaml/visible.ts";
import { accessGraph } from "./access-graph.ts";
import { blotted, blottedText } from "./blotted.ts";
import { count } from "./change.ts";
import type { SpecDiff } from "./compare-specs.ts";
import type { Preview, PreviewStep } from "./preview.ts";
import { changeList } from "./render-diff.ts";

/** GitHub takes 65,536 characters. */
export const MAX_COMMENT = 60_000;

export interface Review {
  /** The specs as they are and as they would be; `before` is absent in a new environment. */
  before?: DesiredState;
  /** Whether there is an earlier spec that has errors, so that nothing could be compared with it. */
  beforeIsWrong?: boolean;
  after: DesiredState;
  diff: SpecDiff;
  /** Absent where no preview could be made. */
  preview?: Preview;
}

/** Begins each comment, so that the next run finds it. */
export const commentMarker = (environment: string) => `<!-- rollcall comment: ${environment} -->`;

interface Section {
  head: string[];
  /** What may be cut. */
  lines: string[];
  foot: string[];
}

/**
 * One comment for a pull request and an environment: what is deleted first, then access, then the rest.
 * @returns undefined when nothing changes
 */
export function renderComment(review: Review): string | undefined {
  const { before, beforeIsWrong, after, diff, preview } = blotted(review);
  const { environment } = after;
  const changing = preview?.steps.filter(({ op }) => op !== "drifted" && op !== "gone") ?? [];
  const errors = preview?.diagnostics.filter(({ severity }) => severity === "error") ?? [];
  if (diff.changes.length + (diff.people?.length ?? 0) + changing.length + errors.length === 0 && preview)
    return undefined;
  if (!preview && diff.changes.length + (diff.people?.length ?? 0) === 0) return undefined;
  const touched = new Set(
    [...diff.changes, ...(diff.people ?? [])].flatMap(({ application }) => application ?? []),
  );
  const graph = accessGraph(before, after, touched);
  const sections: Section[] = [
    plain([`## rollcall: ${escapeMarkdown(environment)}`, "", summary(changing, preview)]),
    ...failures(errors),
    ...destructive(changing),
    ...(beforeIsWrong
      ? [
          plain([
            "The spec as it is has errors, so everything below is shown as new, and nothing as removed.",
          ]),
        ]
      : []),
    ...(diff.changes.length > 0 ? [titled("Access and settings", changeList(diff.changes))] : []),
    ...(diff.people?.length
      ? [folded(`For single people (${diff.people.length})`, changeList(diff.people))]
      : []),
    ...warnings(preview),
    ...(changing.length > 0 ? [folded("Resources", resourceDiff(changing), "diff")] : []),
    ...(graph ? [folded("Access graph", graph, "mermaid")] : []),
  ];
  return blottedText(withinLimit([plain([commentMarker(environment)]), ...sections]));
}

function summary(steps: PreviewStep[], preview: Preview | undefined): string {
  if (!preview) return "No preview could be made; this is what the specs differ in.";
  const parts = (["delete", "replace", "create", "update"] as const).flatMap((op) => {
    const number = steps.filter((step) => step.op === op).length;
    return number > 0 ? [`${number} to ${op}`] : [];
  });
  const counted = parts.length > 0 ? `${parts.join(", ")}.` : "No resource changes.";
  return preview.failed ? `The preview did not get to its end. So far: ${counted}` : counted;
}

/** The form of every refusal by Graph and Okta: `Microsoft Graph refused GET /v1.0/…: 403 …`. */
const REFUSED = / refused [A-Z]+ \S+: 40[13]\b/;

function failures(errors: Preview["diagnostics"]): Section[] {
  const hidden = errors.filter(({ message }) => REFUSED.test(message));
  const others = errors.filter((one) => !hidden.includes(one));
  return [
    ...(hidden.length > 0
      ? [
          titled(
            "Not visible to this identity",
            [
              "What needs these reads is missing below; `up` runs with another identity and may see more.",
              "",
              ...hidden.map(said),
            ].join("\n"),
          ),
        ]
      : []),
    ...(others.length > 0 ? [titled("Errors", others.map(said).join("\n"))] : []),
  ];
}

function destructive(steps: PreviewStep[]): Section[] {
  const lines = steps
    .filter(({ op }) => op === "delete" || op === "replace")
    .map(({ op, name, type }) => `- **${op}** ${escapeMarkdown(name)} (${escapeMarkdown(type)})`);
  const entries = steps
    .filter(({ op }) => op === "update")
    .flatMap(({ name, diff }) =>
      diff
        .filter(({ kind }) => kind === "delete")
        .map(({ path }) => `- **removed from ${escapeMarkdown(name)}:** ${escapeMarkdown(entryOf(path))}`),
    );
  return lines.length + entries.length === 0
    ? []
    : [titled("Deletions and replacements", [...lines, ...entries].join("\n"))];
}

function warnings(preview: Preview | undefined): Section[] {
  const found = preview?.diagnostics.filter(({ severity }) => severity === "warning") ?? [];
  const drifted = preview?.steps.filter(({ op }) => op === "drifted" || op === "gone") ?? [];
  const lines = [
    ...found.map(said),
    ...drifted.map(
      ({ op, name }) =>
        `- ${escapeMarkdown(name)} ${op === "gone" ? "is gone from" : "was changed by hand in"} the tenant.`,
    ),
  ];
  return lines.length > 0 ? [folded(count(lines.length, "warning"), lines.join("\n"))] : [];
}

const said = ({ message, resource }: Preview["diagnostics"][number]) =>
  `- ${resource ? `${escapeMarkdown(resource)}: ` : ""}${escapeMarkdown(message)}`;

const MARKS = { create: "+", update: "!", replace: "!", delete: "-" } as const;
const SIGNS = { add: "+", delete: "-", update: "!" } as const;

/** One line for each resource and property, in the colours of GitHub's diff blocks. */
function resourceDiff(steps: PreviewStep[]): string {
  return steps
    .flatMap((step) => {
      if (step.op === "drifted" || step.op === "gone") return [];
      return [
        `${MARKS[step.op]} ${step.op} ${step.name} (${step.type})`,
        ...step.diff.map(({ path, kind, old, new: fresh }) => {
          const value = kind === "update" ? `${old} => ${fresh}` : (fresh ?? old ?? "");
          return `${SIGNS[kind]}     ${entryOf(path)}: ${value.slice(0, 300)}`;
        }),
      ];
    })
    .map((line) => visible(line.trimEnd()))
    .join("\n");
}

/** `assignments["group:governance-team Reader"]` reads as its entry. */
const entryOf = (path: string) => /\["(.*)"\]$/.exec(path)?.[1] ?? path;

const plain = (head: string[]): Section => ({ head, lines: [], foot: [] });
const titled = (title: string, body: string): Section => ({
  head: [`### ${title}`, ""],
  lines: body.split("\n"),
  foot: [],
});
const folded = (title: string, body: string, language?: string): Section => ({
  head: ["<details>", `<summary>${title}</summary>`, "", ...(language ? [`\`\`\`${language}`] : [])],
  lines: body.split("\n"),
  foot: [...(language ? ["```"] : []), "", "</details>"],
});

const NOTE = `*Cut at ${MAX_COMMENT.toLocaleString("en")} characters: all of it is in the log of the run.*`;

/** Joins sections by blank lines, and leaves out what does not fit, from the end; a block that is cut is closed. */
function withinLimit(sections: Section[]): string {
  const texts: string[] = [];
  let room = MAX_COMMENT - NOTE.length - 2;
  for (const { head, lines, foot } of sections) {
    let left = room - [...head, ...foot].join("\n").length - 4;
    const kept: string[] = [];
    for (const line of lines) {
      left -= line.length + 1;
      if (left < 0) break;
      kept.push(line);
    }
    const complete = kept.length === lines.length && left >= 0;
    if (complete || kept.length > 0) texts.push([...head, ...kept, ...foot].join("\n"));
    if (!complete) {
      texts.push(NOTE);
      break;
    }
    room = left;
  }
  return `${texts.join("\n\n")}\n`;
}
