import type { AttributePath } from "../../scim/ast.ts";
import type { Intake } from "../deviation.ts";
import type { Json, JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";
import type { Operation } from "../document/operation.ts";
import { readPath } from "../document/operation.ts";
import { applyOperation } from "../document/patch.ts";
import { readValue } from "../document/value.ts";
import { badValue, noTarget } from "../errors.ts";
import type { AttributeDefinition } from "../schema/definition.ts";
import type { Tenant } from "./tenant.ts";

/** Additions for which it is looked up whether the member exists. */
const CHECKED_ADDITIONS = 100;

/** Members in the stored form, each once. @throws ScimError 400 for one without a value, or one that the product refuses. */
export function readMembers(tenant: Tenant, value: Json, intake: Intake): JsonObject[] {
  const members = readValue(membersOf(tenant), value, intake);
  if (!Array.isArray(members)) return [];
  const unique = new Map<string, JsonObject>();
  for (const member of members) {
    if (!isObject(member) || typeof member.value !== "string" || member.value === "") {
      throw badValue("Each of `members` needs a `value`: the id of a user or group.");
    }
    tenant.dialect.product?.checkMember?.(member.value);
    unique.set(member.value, member);
  }
  return [...unique.values()];
}

function membersOf(tenant: Tenant): AttributeDefinition {
  const definition = tenant.models.Group.core("members");
  if (!definition) throw new Error("unreachable: the Group schema has members");
  return definition;
}

/** Adds members to a group; true when anything changed. */
export function addMembers(tenant: Tenant, group: number, members: JsonObject[], intake: Intake): boolean {
  const { users, groups } = tenant.data;
  for (const member of members.slice(0, CHECKED_ADDITIONS)) {
    const id = String(member.value);
    if (!users.has(id) && !groups.has(id)) intake.note("dangling-member", "members");
  }
  const { added, changed } = tenant.data.members.add(group, members);
  if (added < members.length) intake.note("duplicate-member", "members");
  return changed;
}

/**
 * Applies the part of an operation that concerns members straight to their table, so that its cost is that of the members
 * it names and not that of the group.
 *
 * @returns whether members changed, and the operation that is left for the rest of the document.
 */
export function applyToMembers(
  tenant: Tenant,
  group: number,
  operation: Operation,
  intake: Intake,
): { changed: boolean; rest: Operation | undefined } {
  if (operation.path === undefined) {
    const { value } = operation;
    if (!isObject(value)) return { changed: false, rest: operation };
    const others: JsonObject = {};
    let changed = false;
    for (const [key, given] of Object.entries(value)) {
      if (isMembers(tenant, key)) {
        changed = assign(tenant, group, operation.op === "add" ? "add" : "replace", given, intake) || changed;
      } else if (intake.lenient && /members.*\[/i.test(key)) {
        intake.note("value-path-key", key.slice(0, 200));
        const { changed: there } = applyToMembers(
          tenant,
          group,
          { op: operation.op, path: key, value: given },
          intake,
        );
        changed = there || changed;
      } else if (key !== "__proto__") others[key] = given;
    }
    return { changed, rest: Object.keys(others).length > 0 ? { ...operation, value: others } : undefined };
  }
  if (!/members/i.test(operation.path)) return { changed: false, rest: operation };
  const path = readPath(operation.path, intake);
  const target = tenant.models.Group.find(path);
  if (target?.attribute.name !== "members") return { changed: false, rest: operation };
  return { changed: applyAt(tenant, group, operation, path, intake), rest: undefined };
}

function isMembers(tenant: Tenant, key: string): boolean {
  const name = key.toLowerCase();
  return name === "members" || name === `${tenant.models.Group.schema.id.toLowerCase()}:members`;
}

function applyAt(
  tenant: Tenant,
  group: number,
  operation: Operation,
  path: AttributePath,
  intake: Intake,
): boolean {
  const { op, value } = operation;
  const plain = !path.filter && path.subAttribute === undefined;
  if (op !== "remove") {
    return plain
      ? assign(tenant, group, op, value ?? null, intake)
      : applyInMemory(tenant, group, operation, intake);
  }
  if (value === undefined || path.filter) {
    const only = value !== undefined && !intake.lenient ? undefined : valueNamed(path);
    if (only !== undefined) return removeOne(tenant, group, only, intake);
    if (plain && value === undefined) return tenant.data.members.removeAll(group) > 0;
  } else if (plain && intake.lenient) {
    const named = valuesNamed(value);
    if (named) {
      intake.note("remove-with-value", "members");
      return removeSeveral(tenant, group, named, intake);
    }
  }
  return applyInMemory(tenant, group, operation, intake);
}

function assign(tenant: Tenant, group: number, op: "add" | "replace", value: Json, intake: Intake): boolean {
  const members = readMembers(tenant, value, intake);
  if (op === "add") return addMembers(tenant, group, members, intake);
  const removed = tenant.data.members.removeAll(group);
  return addMembers(tenant, group, members, intake) || removed > 0;
}

/** The id in `members[value eq "id"]`. */
function valueNamed(path: AttributePath): string | undefined {
  const { filter } = path;
  if (filter?.kind !== "compare" || filter.operator !== "eq" || path.subAttribute !== undefined)
    return undefined;
  const isValue = filter.path.attribute.toLowerCase() === "value" && filter.path.subAttribute === undefined;
  return isValue && typeof filter.value === "string" ? filter.value : undefined;
}

/** The ids in Entra's `[{"$ref": null, "value": "id"}]`; undefined when one of them is named otherwise. */
function valuesNamed(value: Json): string[] | undefined {
  const elements = Array.isArray(value) ? value : [value];
  const ids = elements.map((element) => (isObject(element) ? element.value : element));
  return ids.every((id) => typeof id === "string") ? ids : undefined;
}

function removeOne(tenant: Tenant, group: number, id: string, intake: Intake): boolean {
  if (tenant.data.members.remove(group, id)) return true;
  if (!intake.lenient) throw noTarget("The group has no such member.");
  intake.note("remove-names-nothing", "members");
  return false;
}

function removeSeveral(tenant: Tenant, group: number, ids: string[], intake: Intake): boolean {
  let changed = false;
  for (const id of ids) changed = tenant.data.members.remove(group, id) || changed;
  if (!changed) intake.note("remove-names-nothing", "members");
  return changed;
}

/** What no statement of SQL does: the members are read, changed as any attribute, and written back. */
function applyInMemory(tenant: Tenant, group: number, operation: Operation, intake: Intake): boolean {
  const document: JsonObject = { members: tenant.data.members.list(group) };
  const before = JSON.stringify(document);
  applyOperation(tenant.models.Group, document, operation, intake);
  if (JSON.stringify(document) === before) return false;
  tenant.data.members.removeAll(group);
  tenant.data.members.add(group, readMembers(tenant, document.members ?? [], intake));
  return true;
}
