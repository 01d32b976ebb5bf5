import { isUtf8 } from "node:buffer";
import type { Intake } from "../deviation.ts";
import { nestsDeeper } from "../document/json.ts";
import { badSyntax, ScimError } from "../errors.ts";

const MAX_DEPTH = 32;

/** The text of a request's body. @throws ScimError 400 for broken UTF-8, 415 for another media type. */
export function bodyText(bytes: Buffer, contentType: string | undefined, intake: Intake): string {
  checkMediaType(contentType, intake);
  if (!isUtf8(bytes)) throw badSyntax("The body is not valid UTF-8.");
  return bytes.toString("utf8");
}

/** @throws ScimError 400 for what is no JSON, or nests deeper than {@link MAX_DEPTH} levels. */
export function parseBody(text: string): unknown {
  if (text.trim() === "") throw badSyntax("The body is empty; JSON is needed.");
  if (nestsDeeper(text, MAX_DEPTH)) throw badSyntax(`The body nests deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text);
  } catch {
    throw badSyntax("The body is no valid JSON.");
  }
}

/** RFC 7644 section 3.1 names application/scim+json, and asks servers to take application/json too. */
function checkMediaType(contentType: string | undefined, intake: Intake): void {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/scim+json" || type === "application/json") return;
  if (type === "" && intake.lenient) {
    intake.note("content-type", "Content-Type");
    return;
  }
  throw new ScimError(
    415,
    undefined,
    "The body's media type must be application/scim+json or application/json.",
  );
}
