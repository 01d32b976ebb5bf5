import { EvaluationFailure } from "./value.ts";

/** A moment in UTC with .NET's resolution. */
export interface Moment {
  date: Date;
  /** 100-nanosecond ticks within the second, 0 to 9,999,999. */
  ticks: number;
}

const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

type Token = { specifier: string } | { literal: string };

/** Splits a .NET custom format string; a one-letter standard format (`d`, `s`) is refused. */
function tokenize(format: string): Token[] {
  if (format.length === 1 && /[A-Za-z]/.test(format)) {
    throw new EvaluationFailure(
      "not-evaluable",
      `The standard date format "${format}" cannot be evaluated offline.`,
    );
  }
  const tokens: Token[] = [];
  const pattern = /'([^']*)'|"([^"]*)"|\\(.)|(y+|M+|d+|H+|h+|m+|s+|f+|F+|t+|z+|K)|([\s\S])/g;
  for (const [, single, double, escaped, specifier, other] of format.matchAll(pattern)) {
    if (specifier === undefined)
      tokens.push({ literal: single ?? double ?? escaped ?? (other === "%" ? "" : (other ?? "")) });
    else tokens.push({ specifier });
  }
  return tokens;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ticks: number;
  afternoon: boolean | undefined;
  offsetMinutes: number;
}

/** What a format letter takes from the text, and what it means. */
function reader(specifier: string): [pattern: string, read: (text: string, fields: Fields) => void] {
  const digits = specifier.length > 1 ? `\\d{${specifier.length}}` : "\\d{1,2}";
  switch (specifier.charAt(0)) {
    case "y":
      return specifier.length > 2
        ? [
            "\\d{4}",
            (text, fields) => {
              fields.year = Number(text);
            },
          ]
        : [
            "\\d{2}",
            (text, fields) => {
              fields.year = Number(text) + (Number(text) > 49 ? 1900 : 2000);
            },
          ];
    case "M":
      return specifier.length > 2
        ? [
            names(MONTHS, specifier),
            (text, fields) => {
              fields.month = indexOf(MONTHS, text) + 1;
            },
          ]
        : [
            digits,
            (text, fields) => {
              fields.month = Number(text);
            },
          ];
    case "d":
      return specifier.length > 2
        ? [names(DAYS, specifier), () => {}]
        : [
            digits,
            (text, fields) => {
              fields.day = Number(text);
            },
          ];
    case "H":
    case "h":
      return [
        digits,
        (text, fields) => {
          fields.hour = Number(text);
        },
      ];
    case "m":
      return [
        digits,
        (text, fields) => {
          fields.minute = Number(text);
        },
      ];
    case "s":
      return [
        digits,
        (text, fields) => {
          fields.second = Number(text);
        },
      ];
    case "f":
      return [
        `\\d{${specifier.length}}`,
        (text, fields) => {
          fields.ticks = Number(text.padEnd(7, "0").slice(0, 7));
        },
      ];
    case "F":
      return [
        `\\d{0,${specifier.length}}`,
        (text, fields) => {
          fields.ticks = Number(text.padEnd(7, "0").slice(0, 7));
        },
      ];
    case "t":
      return [
        specifier.length > 1 ? "AM|PM" : "A|P",
        (text, fields) => {
          fields.afternoon = /^p/i.test(text);
        },
      ];
    default:
      return [
        "Z|[+-]\\d{1,2}(?::?\\d{2})?|",
        (text, fields) => {
          fields.offsetMinutes = offset(text);
        },
      ];
  }
}

/** Reads a text by a .NET custom format. Undefined when it does not fit. Month and day names are English (invariant culture). */
export function parseDate(text: string, format: string): Moment | undefined {
  const readers: ((text: string, fields: Fields) => void)[] = [];
  let pattern = "";
  for (const token of tokenize(format)) {
    if ("literal" in token) pattern += token.literal.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    else {
      const [part, read] = reader(token.specifier);
      pattern += `(${part})`;
      readers.push(read);
    }
  }
  const match = new RegExp(`^${pattern}$`, "i").exec(text.trim());
  if (!match) return undefined;
  const fields: Fields = {
    year: 1,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    ticks: 0,
    afternoon: undefined,
    offsetMinutes: 0,
  };
  readers.forEach((read, position) => {
    read(match[position + 1] ?? "", fields);
  });
  return toMoment(fields);
}

/** `2020-12-31`, `2020-12-31-08:00`, `2009-06-15T01:45:30.5-07:00`. */
export function parseIsoDate(text: string): Moment | undefined {
  for (const format of [
    "yyyy-MM-ddK",
    "yyyy-MM-ddTHH:mmK",
    "yyyy-MM-ddTHH:mm:ssK",
    "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
  ]) {
    const moment = parseDate(text, format);
    if (moment) return moment;
  }
  return undefined;
}

function toMoment(fields: Fields): Moment | undefined {
  const hour =
    fields.afternoon === undefined ? fields.hour : (fields.hour % 12) + (fields.afternoon ? 12 : 0);
  const date = new Date(0);
  date.setUTCFullYear(fields.year, fields.month - 1, fields.day);
  date.setUTCHours(hour, fields.minute, fields.second);
  const rolledOver =
    date.getUTCMonth() !== fields.month - 1 ||
    date.getUTCDate() !== fields.day ||
    hour > 23 ||
    fields.minute > 59 ||
    fields.second > 59;
  if (rolledOver) return undefined;
  date.setTime(date.getTime() - fields.offsetMinutes * 60_000);
  return { date, ticks: fields.ticks };
}

export function formatDate(moment: Moment, format: string): string {
  return tokenize(format)
    .map((token) => ("literal" in token ? token.literal : written(moment, token.specifier)))
    .join("");
}

function written({ date, ticks }: Moment, specifier: string): string {
  const padded = (value: number) => String(value).padStart(Math.min(specifier.length, 2), "0");
  const fraction = String(ticks).padStart(7, "0").slice(0, specifier.length);
  switch (specifier.charAt(0)) {
    case "y":
      return specifier.length > 2
        ? String(date.getUTCFullYear()).padStart(specifier.length, "0")
        : padded(date.getUTCFullYear() % 100);
    case "M":
      return specifier.length > 2
        ? named(MONTHS, date.getUTCMonth(), specifier)
        : padded(date.getUTCMonth() + 1);
    case "d":
      return specifier.length > 2 ? named(DAYS, date.getUTCDay(), specifier) : padded(date.getUTCDate());
    case "H":
      return padded(date.getUTCHours());
    case "h":
      return padded(date.getUTCHours() % 12 || 12);
    case "m":
      return padded(date.getUTCMinutes());
    case "s":
      return padded(date.getUTCSeconds());
    case "f":
      return fraction;
    case "F":
      return fraction.replace(/0+$/, "");
    case "t":
      return (date.getUTCHours() < 12 ? "AM" : "PM").slice(0, specifier.length);
    case "K":
      return "Z";
    default:
      return ["+0", "+00", "+00:00"][Math.min(specifier.length, 3) - 1] ?? "";
  }
}

const names = (list: string[], specifier: string) =>
  list.map((name) => named([name], 0, specifier)).join("|");

const named = (list: string[], position: number, specifier: string) =>
  (list[position] ?? "").slice(0, specifier.length === 3 ? 3 : undefined);

const indexOf = (list: string[], text: string) =>
  list.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()));

function offset(text: string): number {
  const parts = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return parts[1] === "-" ? -minutes : minutes;
}
