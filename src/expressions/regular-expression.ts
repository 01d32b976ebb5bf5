import { RE2JS, RE2JSException } from "re2js";

/** .NET's classes, which are Unicode's ("Character classes in .NET regular expressions"); RE2's own are of ASCII. */
const CLASSES: Readonly<Record<string, string>> = {
  d: "\\p{Nd}",
  w: "\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}",
  s: "\\f\\n\\r\\t\\v\\x{85}\\p{Z}",
};

const MOST_KEPT = 100;
const kept = new Map<string, RE2JS | undefined>();

/**
 * A regular expression as .NET reads it, where Entra evaluates them, on an engine whose time is linear in the text: no
 * pattern of a spec can stall a run, as `(a+)+$` does where one backtracks.
 * @returns undefined for what is none, and for what such an engine does not have: lookahead, back references, atomic groups,
 * subtracted classes. `\b` knows ASCII words only.
 */
export function regularExpression(pattern: string): RE2JS | undefined {
  if (!kept.has(pattern)) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(pattern, compile(pattern));
  }
  return kept.get(pattern);
}

function compile(pattern: string): RE2JS | undefined {
  const translated = translate(pattern);
  if (translated === undefined) return undefined;
  try {
    return RE2JS.compile(translated, RE2JS.LOOKBEHINDS);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}

/** From .NET's way of writing to RE2's; undefined where the same characters mean another thing there. */
function translate(pattern: string): string | undefined {
  let translated = "";
  let inClass = false;
  for (const [part] of pattern.matchAll(/\\u[0-9A-Fa-f]{4}|\\.|\[\^?\]?|./gs)) {
    if (part.startsWith("\\u") && part.length > 2) translated += `\\x{${part.slice(2)}}`;
    else if (part.startsWith("\\")) {
      const written = classOf(part, inClass);
      if (written === undefined) return undefined;
      translated += written;
    } else if (part.startsWith("[")) {
      // In a class .NET subtracts with `-[`, and RE2 names one with `[:`: neither knows the other's.
      if (inClass) return undefined;
      inClass = true;
      translated += part;
    } else {
      if (part === "]") inClass = false;
      translated += part;
    }
  }
  return translated;
}

function classOf(escaped: string, inClass: boolean): string | undefined {
  const letter = escaped.slice(1);
  const members = CLASSES[letter.toLowerCase()];
  if (members === undefined) return escaped;
  const negated = letter !== letter.toLowerCase();
  if (inClass) return negated ? (letter === "D" ? "\\P{Nd}" : undefined) : members;
  return `[${negated ? "^" : ""}${members}]`;
}
