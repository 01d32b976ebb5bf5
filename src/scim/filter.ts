import type { Filter } from "./ast.ts";
import type { ParseOptions } from "./parser.ts";
import { Parser } from "./parser.ts";

/**
 * Reads a filter of RFC 7644 section 3.4.2.2. Operators are case-insensitive; names are kept as written.
 *
 * @throws ScimSyntaxError with the position of what is wrong, also for a text beyond the limits of length, depth and terms.
 */
export function parseFilter(text: string, options: ParseOptions = {}): Filter {
  const parser = new Parser(text, options);
  const filter = parser.filter();
  parser.end();
  return filter;
}
