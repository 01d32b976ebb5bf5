import { asInteger, asText, type EvaluableFunction, EvaluationFailure } from "../value.ts";
import { normalizeDiacritics } from "./diacritics.ts";

/** A function of one string for which no string gives no string. */
const ofText =
  (name: string, work: (text: string) => string): EvaluableFunction =>
  ([source]) => {
    const text = asText(source, name);
    return text === null ? null : work(text);
  };

const inCulture =
  (name: string, change: (text: string, culture: string | undefined) => string): EvaluableFunction =>
  ([source, culture]) => {
    const text = asText(source, name);
    if (text === null) return null;
    const tag = asText(culture, name) ?? undefined;
    try {
      return change(text, tag);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new EvaluationFailure(
        "invalid-argument",
        `${name}: "${tag}" is no culture; write one like ja-JP.`,
      );
    }
  };

export const textFunctions: Record<string, EvaluableFunction> = {
  Append: ([source, suffix]) => {
    const text = asText(source, "Append");
    return text === null ? null : text + (asText(suffix, "Append") ?? "");
  },

  Left: ([source, length]) => {
    const count = asInteger(length, "Left's NumChars");
    const text = asText(source, "Left") ?? "";
    return count < 0 ? text : text.slice(0, count);
  },

  Mid: ([source, start, length]) => {
    const first = asInteger(start, "Mid's start");
    const count = asInteger(length, "Mid's length");
    if (first < 1 || count < 0) {
      throw new EvaluationFailure("invalid-argument", "Mid counts from 1 and takes no negative length.");
    }
    const text = asText(source, "Mid");
    return text === null ? null : text.slice(first - 1, first - 1 + count);
  },

  NormalizeDiacritics: ofText("NormalizeDiacritics", normalizeDiacritics),

  StripSpaces: ofText("StripSpaces", (text) => text.replaceAll(" ", "")),

  ToLower: inCulture("ToLower", (text, culture) =>
    culture === undefined ? text.toLowerCase() : text.toLocaleLowerCase(culture),
  ),

  ToUpper: inCulture("ToUpper", (text, culture) =>
    culture === undefined ? text.toUpperCase() : text.toLocaleUpperCase(culture),
  ),

  Word: ([source, wordNumber, delimiters]) => {
    const number = asInteger(wordNumber, "Word's WordNumber");
    const text = asText(source, "Word") ?? "";
    const separators = new Set(asText(delimiters, "Word") ?? "");
    const words: string[] = [];
    let word = "";
    for (const character of text) {
      if (separators.has(character)) {
        words.push(word);
        word = "";
      } else word += character;
    }
    words.push(word);
    return words.filter((candidate) => candidate !== "")[number - 1] ?? "";
  },
};
