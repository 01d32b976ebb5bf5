import type { Intake } from "../deviation.ts";
import { isObject } from "../document/json.ts";
import { badFilter, badSyntax, badValue, ScimError } from "../errors.ts";

export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1000;

/** What is asked of a list, from a query string or a SearchRequest body (RFC 7644 section 3.4.3). */
export interface ListQuery {
  filter: string | undefined;
  sortBy: string | undefined;
  descending: boolean;
  /** 1-based; at least 1. */
  startIndex: number;
  /** At most {@link MAX_PAGE}. */
  count: number;
  /** RFC 9865: undefined without cursors, empty for the first page. */
  cursor: string | undefined;
  attributes: string[];
  excludedAttributes: string[];
  /** Which of startIndex and count were given. */
  paged: boolean;
}

export type QueryParameters = Record<string, string | string[] | undefined>;

function single(parameters: QueryParameters, name: string): string | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value[0] : value;
}

/** @throws ScimError 400 for a value that is none. */
export function readListQuery(parameters: QueryParameters, intake: Intake): ListQuery {
  const cursor = single(parameters, "cursor");
  const filter = single(parameters, "filter");
  if (filter !== undefined && filter.trim() === "") throw badFilter("The filter is empty.");
  const sortOrder = single(parameters, "sortOrder");
  if (sortOrder !== undefined && !/^(?:ascending|descending)$/i.test(sortOrder)) {
    throw badValue("`sortOrder` is `ascending` or `descending`.");
  }
  return {
    filter,
    sortBy: single(parameters, "sortBy"),
    descending: sortOrder?.toLowerCase() === "descending",
    startIndex: Math.max(1, wholeNumber(single(parameters, "startIndex"), "startIndex", 1, intake)),
    count: readCount(single(parameters, "count"), cursor !== undefined, intake),
    cursor,
    attributes: splitNames(single(parameters, "attributes")),
    excludedAttributes: splitNames(single(parameters, "excludedAttributes")),
    paged: single(parameters, "startIndex") !== undefined || single(parameters, "count") !== undefined,
  };
}

function readCount(text: string | undefined, withCursor: boolean, intake: Intake): number {
  const count = wholeNumber(text, "count", DEFAULT_PAGE, intake);
  if (withCursor && count < 0) throw new ScimError(400, "invalidCount", "`count` must not be negative.");
  return Math.min(MAX_PAGE, Math.max(0, count));
}

function wholeNumber(text: string | undefined, name: string, fallback: number, intake: Intake): number {
  if (text === undefined || (text.trim() === "" && intake.lenient)) return fallback;
  const number = Number(text);
  if (text.trim() === "" || !Number.isInteger(number)) throw badValue(`\`${name}\` takes an integer.`);
  return number;
}

/** Commas separate names, but not within the brackets of a value path. */
export function splitNames(text: string | undefined): string[] {
  if (text === undefined || text.length > 8192) return [];
  const names: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const character = text.charAt(i);
    if (character === "[") depth++;
    else if (character === "]") depth--;
    else if (i === text.length || (character === "," && depth <= 0)) {
      const name = text.slice(start, i).trim();
      if (name !== "") names.push(name);
      start = i + 1;
    }
  }
  return names;
}

/** The parameters of a SearchRequest body. @throws ScimError 400 for a body that is none. */
export function searchParameters(body: unknown): QueryParameters {
  if (!isObject(body)) throw badSyntax("The body is no JSON object; a SearchRequest is needed.");
  const parameters: QueryParameters = {};
  for (const name of ["filter", "sortBy", "sortOrder", "cursor", "startIndex", "count"]) {
    const value = body[name];
    if (typeof value === "string" || typeof value === "number") parameters[name] = String(value);
    else if (value !== undefined && value !== null) throw badValue(`\`${name}\` has the wrong type.`);
  }
  for (const name of ["attributes", "excludedAttributes"]) {
    const value = body[name];
    if (typeof value === "string") parameters[name] = value;
    else if (Array.isArray(value))
      parameters[name] = value.filter((item) => typeof item === "string").join(",");
    else if (value !== undefined && value !== null) throw badValue(`\`${name}\` takes an array of names.`);
  }
  return parameters;
}
