import { SCHEMA } from "../../scim/wire.ts";
import { isObject } from "./application.ts";

/** One attribute of an application user on its way to a SCIM resource. */
export interface ScimAttribute {
  /** As in Okta's profile editor: `name.givenName`, `emails.^[primary==true].value`, `department`. */
  externalName: string;
  /** The schema's URN; the core user schema when undefined. */
  externalNamespace?: string;
  value: string | null;
  /** False: applied on create only. */
  push: boolean;
}

export type ScimBody = Record<string, unknown>;

interface Step {
  name: string;
  /** Picks the element of a list: `^[primary==true]`. */
  where?: { name: string; value: unknown };
}

/**
 * Sets an attribute in a resource, creating what is missing on the way; null removes it, and a list element with it when its
 * value goes. @throws RangeError when the external name cannot be read.
 */
export function setAttribute(body: ScimBody, attribute: ScimAttribute): void {
  const namespace = attribute.externalNamespace;
  let at = body;
  if (namespace !== undefined && namespace !== SCHEMA.user) {
    if (attribute.value === null && !isObject(body[namespace])) return;
    at = child(body, namespace);
    const schemas = Array.isArray(body.schemas) ? body.schemas : [];
    if (!schemas.includes(namespace)) body.schemas = [...schemas, namespace];
  }
  assign(at, steps(attribute.externalName), attribute.value);
}

/** Whether {@link setAttribute} can read the name. */
export function isExternalName(externalName: string): boolean {
  try {
    return steps(externalName).length > 0;
  } catch {
    return false;
  }
}

function steps(externalName: string): Step[] {
  const pattern =
    /([A-Za-z$][\w$-]*)(?:\.\^\[\s*([A-Za-z]\w*)\s*==\s*(true|false|'[^']*'|"[^"]*")\s*\])?(?:\.|$)/gy;
  const found: Step[] = [];
  if (externalName === "") throw new RangeError("An external name cannot be empty.");
  while (pattern.lastIndex < externalName.length) {
    const [, name, key, literal] = pattern.exec(externalName) ?? [];
    if (name === undefined) throw new RangeError(`Not an external name that Okta can send: ${externalName}`);
    found.push(
      key === undefined || literal === undefined
        ? { name }
        : { name, where: { name: key, value: read(literal) } },
    );
  }
  return found;
}

function read(literal: string): unknown {
  return literal === "true" || literal === "false" ? literal === "true" : literal.slice(1, -1);
}

function assign(at: ScimBody, [step, ...rest]: Step[], value: string | null): void {
  if (!step) return;
  if (step.where) {
    assignElement(at, step.name, step.where, rest, value);
  } else if (rest.length > 0) {
    if (value === null && !isObject(at[step.name])) return;
    assign(child(at, step.name), rest, value);
  } else if (value === null) {
    delete at[step.name];
  } else {
    at[step.name] = value;
  }
}

function assignElement(
  at: ScimBody,
  name: string,
  where: { name: string; value: unknown },
  rest: Step[],
  value: string | null,
): void {
  const list = Array.isArray(at[name]) ? at[name].filter(isObject) : [];
  const element = list.find((candidate) => candidate[where.name] === where.value);
  if (element) {
    assign(element, rest, value);
    at[name] =
      value === null && element.value === undefined ? list.filter((other) => other !== element) : list;
  } else if (value !== null) {
    const created: ScimBody = { [where.name]: where.value };
    assign(created, rest, value);
    at[name] = [...list, created];
  }
}

function child(at: ScimBody, name: string): ScimBody {
  const present = at[name];
  if (isObject(present)) return present;
  const created: ScimBody = {};
  at[name] = created;
  return created;
}
