import type { Scalar } from "yaml";
import { type Diagnostic, diagnosticAt } from "./diagnostic.ts";
import type { Source, Span } from "./source.ts";

/** Control characters and what has no shape of its own: no width, or a turn of direction. Joiners are part of some scripts. */
const HIDDEN = /(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Those that stand in a file as they are. */
export function hiddenCharacters(source: Source): Diagnostic[] {
  return [...source.text.matchAll(HIDDEN)].map((match) =>
    refuse(
      { source, start: match.index, end: match.index + match[0].length },
      `character ${codeOf(match[0])} cannot be seen`,
      "delete it",
    ),
  );
}

/** As {@link HIDDEN}, and line ends: an escape puts them where the file shows none. */
const HIDDEN_IN_VALUE = /(?![\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** One that an escape as `\u200b` puts into a text in double quotes; undefined where there is none. */
export function hiddenByEscapes({ type, value }: Scalar, span: Span): Diagnostic | undefined {
  if (type !== "QUOTE_DOUBLE" || typeof value !== "string") return undefined;
  const written = span.source.text.slice(span.start, span.end);
  // Without an escape it stands in the file as it is; an empty line in a text of several is a line end, and can be seen.
  if (!written.includes("\\")) return undefined;
  const [found] = HIDDEN_IN_VALUE.exec(value) ?? [];
  if (found === undefined) return undefined;
  const isLineEnd = found === "\n" || found === "\r";
  return refuse(
    span,
    `an escape in it stands for ${codeOf(found)}, which cannot be seen`,
    isLineEnd
      ? "delete it; a text that is meant to have several lines starts with | and has them below"
      : "delete it",
  );
}

const codeOf = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

function refuse(span: Span, message: string, help: string): Diagnostic {
  const why = "a name with it looks like another name, and a line with it may read otherwise than it works";
  return diagnosticAt(span, { code: "hidden-character", severity: "error", message, why, help });
}
