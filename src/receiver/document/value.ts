import type { Intake } from "../deviation.ts";
import { badSyntax, badValue } from "../errors.ts";
import type { AttributeDefinition } from "../schema/definition.ts";
import { subAttribute } from "../schema/model.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";

const DATE_TIME = /^-?\d{4,9}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)?$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Brings a value that a client sent into its attribute's form.
 *
 * @returns undefined when the value means "unassigned" (RFC 7643 section 2.5).
 * @throws ScimError 400 for a value that has no meaning, or a deviant one when the intake is strict.
 */
export function readValue(
  definition: AttributeDefinition,
  value: Json,
  intake: Intake,
  at = definition.name,
): Json | undefined {
  if (value === null) {
    intake.note("null-value", at);
    return undefined;
  }
  return definition.multiValued
    ? readList(definition, value, intake, at)
    : readSingle(definition, value, intake, at);
}

function readList(
  definition: AttributeDefinition,
  value: Json,
  intake: Intake,
  at: string,
): Json | undefined {
  let items = value;
  if (!Array.isArray(items)) {
    if (!intake.lenient) throw badValue(`\`${at}\` is multi-valued: an array is needed.`);
    intake.note("single-for-list", at);
    items = [items];
  }
  const list: Json[] = [];
  for (const item of items) {
    const element = readElement(definition, item, intake, at);
    if (element !== undefined) list.push(element);
  }
  if (list.length === 0) return undefined;
  if (definition.type === "complex") keepOnePrimary(list as JsonObject[], intake, at);
  return list;
}

/** One element of a multi-valued attribute. */
export function readElement(
  definition: AttributeDefinition,
  item: Json,
  intake: Intake,
  at = definition.name,
): Json | undefined {
  if (item === null) return undefined;
  return definition.type === "complex"
    ? readComplex(definition, item, intake, at)
    : readScalar(definition, item, intake, at);
}

function keepOnePrimary(list: JsonObject[], intake: Intake, at: string): void {
  const [, ...more] = list.filter((element) => element.primary === true);
  if (more.length === 0) return;
  if (!intake.lenient)
    throw badValue(`\`${at}\` has ${more.length + 1} primary values; at most one may be primary.`);
  intake.note("several-primary", at);
  for (const element of more) element.primary = false;
}

function readSingle(
  definition: AttributeDefinition,
  value: Json,
  intake: Intake,
  at: string,
): Json | undefined {
  let single = value;
  if (Array.isArray(single)) {
    if (!intake.lenient || single.length > 1) throw badValue(`\`${at}\` takes a single value, no array.`);
    intake.note("list-for-single", at);
    const [only] = single;
    if (only === undefined || only === null) return undefined;
    single = only;
  }
  return definition.type === "complex"
    ? readComplex(definition, single, intake, at)
    : readScalar(definition, single, intake, at);
}

function readComplex(
  definition: AttributeDefinition,
  value: Json,
  intake: Intake,
  at: string,
): JsonObject | undefined {
  const source = isObject(value) ? value : complexFromSimple(definition, value, intake, at);
  if (!source) return undefined;
  const result: JsonObject = {};
  for (const key of Object.keys(source)) {
    const given = source[key];
    const sub = subAttribute(definition, key);
    if (given === undefined) continue;
    if (!sub) keepUnknown(definition, result, key, given, intake, at);
    else if (given !== null && !(sub.mutability === "readOnly" && definition.mutability !== "readOnly")) {
      const read = readValue(sub, given, intake, `${at}.${sub.name}`);
      if (read !== undefined) result[sub.name] = read;
    }
  }
  if (intake.lenient) unpackJsonString(result, intake, at);
  return Object.keys(result).length > 0 ? result : undefined;
}

const UNSAFE_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/** Members keep what was sent with them, as Microsoft's collection asks; elsewhere an unknown sub-attribute is dropped. */
function keepUnknown(
  definition: AttributeDefinition,
  result: JsonObject,
  key: string,
  given: Json,
  intake: Intake,
  at: string,
): void {
  if (!intake.lenient) throw badSyntax(`\`${at}\` has no sub-attribute \`${key.slice(0, 80)}\`.`);
  if (definition.name === "members" && !UNSAFE_KEYS.has(key) && typeof given === "string")
    result[key] = given;
  else intake.note("unknown-attribute", `${at}.${key.slice(0, 80)}`);
}

function complexFromSimple(
  definition: AttributeDefinition,
  value: Json,
  intake: Intake,
  at: string,
): JsonObject | undefined {
  if (!intake.lenient || !subAttribute(definition, "value") || Array.isArray(value)) {
    throw badValue(`\`${at}\` is complex: an object is needed.`);
  }
  if (value === "") {
    intake.note("empty-value-removes", at);
    return undefined;
  }
  intake.note("simple-for-complex", at);
  return { value };
}

/** Entra's AppRoleAssignmentsComplex sends each role as a JSON text: `{"id":"…","value":"Admin","displayName":"Admin"}`. */
function unpackJsonString(element: JsonObject, intake: Intake, at: string): void {
  const text = element.value;
  if (typeof text !== "string" || !text.startsWith("{")) return;
  try {
    const inner: unknown = JSON.parse(text);
    if (!isObject(inner) || typeof inner.value !== "string") return;
    intake.note("json-in-string", at);
    element.value = inner.value;
    if (typeof inner.displayName === "string") element.display ??= inner.displayName;
  } catch {
    // Not JSON after all: the text is the value.
  }
}

function readScalar(definition: AttributeDefinition, value: Json, intake: Intake, at: string): Json {
  switch (definition.type) {
    case "boolean":
      return readBoolean(value, intake, at);
    case "integer":
    case "decimal":
      return readNumber(definition, value, intake, at);
    default:
      return readText(definition, value, intake, at);
  }
}

function readBoolean(value: Json, intake: Intake, at: string): boolean {
  if (typeof value === "boolean") return value;
  if (intake.lenient && typeof value === "string" && /^(?:true|false)$/i.test(value)) {
    intake.note("string-boolean", at);
    return value.toLowerCase() === "true";
  }
  throw badValue(`\`${at}\` is a boolean: true or false is needed.`);
}

function readNumber(definition: AttributeDefinition, value: Json, intake: Intake, at: string): number {
  let number = value;
  if (
    intake.lenient &&
    typeof number === "string" &&
    number.trim() !== "" &&
    Number.isFinite(Number(number))
  ) {
    intake.note("string-number", at);
    number = Number(number);
  }
  if (typeof number === "number" && (definition.type === "decimal" || Number.isInteger(number)))
    return number;
  throw badValue(`\`${at}\` takes ${definition.type === "integer" ? "an integer" : "a number"}.`);
}

function readText(definition: AttributeDefinition, value: Json, intake: Intake, at: string): string {
  let text = value;
  if (intake.lenient && (typeof text === "number" || typeof text === "boolean")) {
    intake.note("number-string", at);
    text = String(text);
  }
  if (typeof text !== "string") throw badValue(`\`${at}\` takes a string.`);
  if (definition.type === "dateTime" && (!DATE_TIME.test(text) || Number.isNaN(Date.parse(text)))) {
    throw badValue(`\`${at}\` takes a date and time such as 2011-05-13T04:42:34Z.`);
  }
  if (definition.type === "binary" && !intake.lenient && !BASE64.test(text)) {
    throw badValue(`\`${at}\` takes base64.`);
  }
  return text;
}
