import { type Document, visit, type YAMLError } from "yaml";
import type { Said } from "./diagnostic.ts";

/** What the library's syntax errors mean to a person who writes a spec, by its code. */
const EXPLAINED: Record<string, { message: string; help: string }> = {
  TAB_AS_INDENT: { message: "a tab is used to indent", help: "indent with spaces" },
  MULTIPLE_DOCS: {
    message: "a second document starts here",
    help: 'remove the "---" or "...": one file is one spec; environments have files of their own',
  },
  BAD_INDENT: {
    message: "the indentation fits no line above",
    help: "keys of one map start in the same column",
  },
  BLOCK_IN_FLOW: {
    message: "something is missing inside { } or [ ]",
    help: 'put a comma between two keys, close the bracket, or put a value that has ": " in it in quotes',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second ": " in one line',
    help: "put the value in quotes, or start the inner key on a line of its own",
  },
  MULTILINE_IMPLICIT_KEY: {
    message: "a key runs over several lines",
    help: "is a colon missing after the first word?",
  },
  MISSING_CHAR: {
    message: "a quote or bracket is not closed, or a colon is missing",
    help: "close it before the line ends",
  },
  BAD_SCALAR_START: { message: "a value cannot start with this character", help: "put the value in quotes" },
  TAG_RESOLVE_FAILED: { message: "tags (!name) are not used in specs", help: "remove the tag" },
  BAD_DIRECTIVE: { message: "this directive is not known", help: "remove the line" },
};

/** Those of the library's errors that are not the consequence of another: behind a tab that indents, nothing is what it looks like. */
export function syntaxErrors(errors: YAMLError[]): YAMLError[] {
  const tabs = errors.filter(({ code }) => code === "TAB_AS_INDENT").map(({ pos }) => pos[0]);
  const first = Math.min(...tabs);
  return errors.filter(({ code, pos }, index) => {
    const isKnown = errors.slice(0, index).some((earlier) => earlier.pos[0] === pos[0]);
    return !isKnown && (code === "TAB_AS_INDENT" || pos[0] < first);
  });
}

/** What to say of an error, and where: at its cause, which the library meets only later, at the end of the file at worst. */
export function syntaxProblem(error: YAMLError, document: Document, text: string): Placed {
  const [start, end] = error.pos;
  const { message, help, ...place } = causeOf(error, document, text) ??
    EXPLAINED[error.code] ?? {
      message: lowerFirst(error.message),
      help: "see the line above as well: the cause often stands there",
    };
  const why = "the rest of the file cannot be read with certainty";
  return { start, end, ...place, said: { code: "yaml-syntax", severity: "error", message, why, help } };
}

interface Placed {
  start: number;
  end: number;
  said: Said;
}

type Cause = Omit<Placed, "said"> & { message: string; help: string };

function causeOf(error: YAMLError, document: Document, text: string): Cause | undefined {
  const [at] = error.pos;
  const isFlow = error.code === "BAD_INDENT" && error.message.startsWith("Flow");
  if (isFlow || (error.code === "MISSING_CHAR" && /closing .quote/.test(error.message))) {
    const opened = isFlow ? openBracket(document, text, at) : openQuote(document, at);
    if (!opened) return undefined;
    const message = `this ${text[opened.start]} is not closed`;
    return { ...opened, message, help: "close it before the line ends" };
  }
  if (error.code !== "BLOCK_AS_IMPLICIT_KEY") return undefined;
  // `a: b` and below it, deeper, `c: d`: to the library one key of two lines.
  const twoLines = document.errors.find(
    ({ code, pos }) =>
      code === "MULTILINE_IMPLICIT_KEY" && pos[0] === at && text.slice(...pos).includes("\n"),
  );
  if (!twoLines) return undefined;
  const end = twoLines.pos[1];
  const line = text.lastIndexOf("\n", end - 1) + 1;
  return {
    start: line + text.slice(line, end).search(/\S/),
    end,
    message: "this line is indented deeper than the one above, which has its value already",
    help: "keys of one map start in the same column",
  };
}

/** The last bracket before a place that is not closed. */
function openBracket(
  document: Document,
  text: string,
  at: number,
): { start: number; end: number } | undefined {
  let found: { start: number; end: number } | undefined;
  visit(document, {
    Collection(_, { flow, range }) {
      if (flow && range && range[0] < at && !/[}\]]/.test(text[range[1] - 1] ?? ""))
        found = { start: range[0], end: range[1] };
    },
  });
  return found;
}

/** The quote that opens the text which a place stands in. */
function openQuote(document: Document, at: number): { start: number; end: number } | undefined {
  let found: { start: number; end: number } | undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[0] < at && at <= range[1])
        found = { start: range[0], end: range[1] };
    },
  });
  return found;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
