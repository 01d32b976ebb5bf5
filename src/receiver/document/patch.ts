import type { AttributePath } from "../../scim/ast.ts";
import type { Intake } from "../deviation.ts";
import { badPath, badSyntax, badValue, immutable } from "../errors.ts";
import type { ResourceModel, Target } from "../schema/model.ts";
import { addTo, replaceIn } from "./assign.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, sameJson } from "./json.ts";
import type { Operation } from "./operation.ts";
import { readPath } from "./operation.ts";
import { readMember } from "./read.ts";
import { removeAt } from "./remove.ts";
import { attributeAt } from "./target.ts";

/**
 * Applies one operation to a document in place, RFC 7644 section 3.5.2. The caller keeps the original: an operation that
 * throws may have changed the document in part.
 *
 * @throws ScimError 400 with the scimType that the RFC names.
 */
export function applyOperation(
  model: ResourceModel,
  document: JsonObject,
  operation: Operation,
  intake: Intake,
): void {
  const { op, path, value } = operation;
  if (path === undefined) {
    assignMembers(model, document, operation, intake);
    return;
  }
  const extension = model.extension(path);
  if (extension !== undefined) {
    applyToExtension(model, document, extension, operation, intake);
    return;
  }
  const parsed = readPath(path, intake);
  const target = model.find(parsed) ?? withoutUrn(model, parsed, intake);
  if (!target) {
    if (!intake.lenient) throw badPath(`\`${path.slice(0, 200)}\` names no attribute of a ${model.type}.`);
    intake.note("unknown-path", path.slice(0, 200));
    return;
  }
  if (!mayWrite(document, target, value, intake)) return;
  if (op === "remove") removeAt(document, target, parsed, value, intake);
  else if (op === "add") addTo(document, target, parsed, value ?? null, intake);
  else replaceIn(document, target, parsed, value ?? null, intake);
}

/** An extension's attribute named without its URN, as Microsoft's tutorial writes `manager`. */
function withoutUrn(model: ResourceModel, path: AttributePath, intake: Intake): Target | undefined {
  if (!intake.lenient || path.urn !== undefined) return undefined;
  const urn = model.extensionWith(path.attribute);
  if (urn === undefined) return undefined;
  intake.note("unqualified-path", path.attribute);
  return model.find({ ...path, urn });
}

/** False when the operation has no effect. Writing what is there already is no change, read-only or not. */
function mayWrite(document: JsonObject, target: Target, value: Json | undefined, intake: Intake): boolean {
  const { attribute, sub } = target;
  if (attribute.name === "password") {
    intake.note("password-dropped", "password");
    return false;
  }
  if (attribute.name === "schemas") return false;
  if (attribute.mutability !== "readOnly" && sub?.mutability !== "readOnly") return true;
  if (attribute.mutability !== "readOnly" && intake.lenient) {
    intake.note("read-only", `${attribute.name}.${sub?.name}`);
    return false;
  }
  if (!sub && value !== undefined && sameJson(attributeAt(document, target), value)) return false;
  throw immutable(`\`${sub ? `${attribute.name}.${sub.name}` : attribute.name}\` is read-only.`);
}

/** An operation without a path: each key of the value is an attribute to be written. */
function assignMembers(
  model: ResourceModel,
  document: JsonObject,
  operation: Operation,
  intake: Intake,
): void {
  const { op, value } = operation;
  if (!isObject(value)) throw badSyntax(`\`${op}\` without a path needs an object as its value.`);
  for (const key of Object.keys(value)) {
    const given = value[key];
    if (given === undefined) continue;
    if (intake.lenient && key.includes("[")) {
      intake.note("value-path-key", key.slice(0, 200));
      applyOperation(model, document, { op, path: key, value: given }, intake);
      continue;
    }
    const core = model.core(key);
    if (core && !mayWriteKey(document, core.name, given)) continue;
    readMember(model, document, key, given, intake, (resource, target, read) => {
      const path: AttributePath = { attribute: target.attribute.name };
      if (op === "add") addTo(resource, target, path, read ?? null, intake);
      else replaceIn(resource, target, path, read ?? null, intake);
    });
  }
}

/** Okta sends `id` along with a group's new name: equal, it is no change; another one is refused. */
function mayWriteKey(document: JsonObject, name: string, given: Json): boolean {
  if (name === "schemas" || name === "meta") return false;
  if (name !== "id") return true;
  if (sameJson(document.id, given)) return false;
  throw immutable("`id` is read-only.");
}

function applyToExtension(
  model: ResourceModel,
  document: JsonObject,
  urn: string,
  operation: Operation,
  intake: Intake,
): void {
  if (operation.op === "remove") {
    if (operation.value !== undefined && !intake.lenient) throw badValue("`remove` takes no `value`.");
    if (operation.value === undefined) delete document[urn];
    else intake.note("remove-names-nothing", urn);
    return;
  }
  assignMembers(
    model,
    document,
    { ...operation, path: undefined, value: { [urn]: operation.value ?? null } },
    intake,
  );
}
