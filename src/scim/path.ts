import type { AttributePath } from "./ast.ts";
import type { ParseOptions } from "./parser.ts";
import { Parser } from "./parser.ts";

/**
 * Reads an attribute path of RFC 7644 section 3.5.2: `userName`, `name.familyName`, `emails[type eq "work"].value`, each
 * with a URN before it or not. A URN alone cannot be told from a qualified attribute; who allows one compares it first.
 *
 * @throws ScimSyntaxError with the position of what is wrong.
 */
export function parseAttributePath(text: string, options: ParseOptions = {}): AttributePath {
  const parser = new Parser(text.trim(), options);
  const path = parser.path(true);
  parser.end();
  return path;
}
