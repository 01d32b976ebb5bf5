import type { AttributePath } from "../../scim/ast.ts";
import { parseAttributePath } from "../../scim/path.ts";
import { ScimSyntaxError } from "../../scim/scanner.ts";
import { SCHEMA } from "../../scim/wire.ts";
import type { Intake } from "../deviation.ts";
import { badPath, badSyntax, ScimError } from "../errors.ts";
import type { Json } from "./json.ts";
import { isObject } from "./json.ts";

/** One operation of a PatchOp body, read but not yet applied. */
export interface Operation {
  op: "add" | "remove" | "replace";
  /** As written; undefined when the operation has none. */
  path: string | undefined;
  /** Undefined when the operation has none (which is not null). */
  value: Json | undefined;
}

const MAX_OPERATIONS = 1000;

/** Reads a PatchOp body, RFC 7644 section 3.5.2. @throws ScimError 400, or 413 for too many operations. */
export function readPatch(body: unknown, intake: Intake): Operation[] {
  if (!isObject(body)) throw badSyntax("The body is no JSON object; a PatchOp is needed.");
  const key = Object.keys(body).find((name) => name.toLowerCase() === "operations");
  let operations = key === undefined ? undefined : body[key];
  const { schemas } = body;
  if (!Array.isArray(schemas) || !schemas.includes(SCHEMA.patchOp)) {
    if (!intake.lenient) throw badSyntax(`\`schemas\` must hold \`${SCHEMA.patchOp}\`.`);
    intake.note("op-missing-schemas", "schemas");
  }
  if (isObject(operations) && intake.lenient) {
    intake.note("bare-operation", "Operations");
    operations = [operations];
  }
  if (!Array.isArray(operations) || operations.length === 0)
    throw badSyntax("`Operations` must be an array, and not empty.");
  if (operations.length > MAX_OPERATIONS) {
    throw new ScimError(
      413,
      "tooMany",
      `${operations.length} operations; at most ${MAX_OPERATIONS} are taken in one request.`,
    );
  }
  return operations.map((operation) => readOperation(operation, intake));
}

function readOperation(operation: Json, intake: Intake): Operation {
  if (!isObject(operation)) throw badSyntax("Each of `Operations` must be an object.");
  const { op, path, value } = operation;
  const name = typeof op === "string" ? op.toLowerCase() : "";
  if (name !== "add" && name !== "remove" && name !== "replace") {
    throw badSyntax("`op` must be `add`, `remove` or `replace`.");
  }
  if (op !== name) {
    if (!intake.lenient) throw badSyntax(`\`op\` must be in lower case: \`${name}\`.`);
    intake.note("op-case", "op");
  }
  const hasPath = path !== undefined && path !== null && !(path === "" && intake.lenient);
  if (hasPath && typeof path !== "string") throw badPath("`path` must be a string.");
  if (name === "remove" && !hasPath) throw new ScimError(400, "noTarget", "`remove` needs a `path`.");
  if (name !== "remove" && value === undefined) throw badSyntax(`\`${name}\` needs a \`value\`.`);
  return { op: name, path: hasPath ? (path as string) : undefined, value };
}

/** @throws ScimError 400 invalidPath with the position of what is wrong. */
export function readPath(text: string, intake: Intake): AttributePath {
  try {
    return parseAttributePath(text, { lenient: intake.lenient });
  } catch (error) {
    if (error instanceof ScimSyntaxError) throw badPath(`The path cannot be read: ${error.message}.`);
    throw error;
  }
}
