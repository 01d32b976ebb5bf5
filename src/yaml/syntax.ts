import type { YAMLError } from "yaml";
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

export function syntaxProblem(error: YAMLError): Said {
  const explained = EXPLAINED[error.code];
  return {
    code: "yaml-syntax",
    severity: "error",
    message: explained ? explained.message : lowerFirst(error.message),
    why: "the rest of the file cannot be read with certainty",
    help: explained ? explained.help : "see the line above as well: the cause often stands there",
  };
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
