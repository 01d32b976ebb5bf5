import { visible } from "../yaml/visible.ts";

/** Renders as nothing, and stands between two characters that GitHub would read as one thing. */
const BREAK = "<!-- -->";
/** No text holds one once it has been made visible. */
const HERE = "\0";

/**
 * A text as Markdown that shows it letter for letter on one line: no markup, no link, no formula, and nobody is mentioned.
 * GitHub looks for mentions, issues, emoji and bare URLs once backslashes and entities are gone, so that only what
 * stands in between stops it (github/cmark-gfm#181).
 */
export function escapeMarkdown(said: string): string {
  return visible(said.replace(/\s+/g, " ").trim())
    .replace(/[@#](?=\w)|:(?=\/\/|[\w+-]+:)|\bwww(?=\.)|\bGH(?=-\d)/gi, `$&${HERE}`)
    .replaceAll("&", "&amp;")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replace(/^(?=[-+=])|(?<=^\d{1,9})(?=[.)])/, "\\")
    .replaceAll("$", () => "<span>$</span>")
    .replaceAll(HERE, BREAK);
}
