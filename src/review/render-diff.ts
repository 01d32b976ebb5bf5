import type { styleText } from "node:util";
import { escapeMarkdown } from "../markdown/escape.ts";
import { visible } from "../yaml/visible.ts";
import type { Change, Effect } from "./change.ts";
import type { SpecDiff } from "./compare-specs.ts";

export const DIFF_FORMATS = ["text", "markdown", "json"] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];
type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const MARKS: Record<Effect, { mark: string; style: Parameters<typeof styleText>[0] }> = {
  removal: { mark: "-", style: "red" },
  warning: { mark: "!", style: "yellow" },
  change: { mark: "~", style: "cyan" },
  gain: { mark: "+", style: "green" },
  other: { mark: " ", style: "dim" },
};

/** The whole report, ending in a newline. */
export function renderDiff(diff: SpecDiff, format: DiffFormat, paint: Paint): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(diff, null, 2)}\n`;
    case "markdown":
      return `${markdown(diff)}\n`;
    case "text":
      return text(diff, paint);
  }
}

function text({ changes, people }: SpecDiff, paint: Paint): string {
  if (changes.length + (people?.length ?? 0) === 0) return "Nothing changes.\n";
  const lines = (list: Change[]) =>
    list.map(
      ({ effect, sentence }) =>
        `${paint(MARKS[effect].style, `${MARKS[effect].mark} ${visible(sentence)}.`)}\n`,
    );
  const parts = [lines(changes).join("")];
  if (people && people.length > 0)
    parts.push(`${paint("bold", "For single people")}\n${lines(people).join("")}`);
  return parts.filter(Boolean).join("\n");
}

function markdown({ environment, changes, people }: SpecDiff): string {
  const parts = [`## Access in ${escapeMarkdown(environment)}`];
  if (changes.length + (people?.length ?? 0) === 0) parts.push("Nothing changes.");
  if (changes.length > 0) parts.push(changeList(changes));
  if (people && people.length > 0) parts.push("### For single people", changeList(people));
  return parts.join("\n\n");
}

const WORDS: Record<Effect, string> = {
  removal: "**Removed:** ",
  warning: "**Attention:** ",
  change: "",
  gain: "",
  other: "",
};

/** Changes as a Markdown list, each a sentence. */
export function changeList(changes: Change[]): string {
  return changes.map(({ effect, sentence }) => `- ${WORDS[effect]}${escapeMarkdown(sentence)}.`).join("\n");
}
