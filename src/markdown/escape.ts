/** A text as Markdown that shows it letter for letter on one line: no markup, no link, and nobody is mentioned. */
export function escapeMarkdown(said: string): string {
  return said
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")
    .replaceAll("@", "&#64;");
}
