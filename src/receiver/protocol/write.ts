import { Intake } from "../deviation.ts";
import type { Change } from "../dialects/dialect.ts";
import type { JsonObject } from "../document/json.ts";
import { isObject, sameJson } from "../document/json.ts";
import { readPatch } from "../document/operation.ts";
import { applyOperation } from "../document/patch.ts";
import { foldCase } from "../document/predicate.ts";
import { readResource } from "../document/read.ts";
import { badValue, immutable, ScimError } from "../errors.ts";
import type { ResourceModel, ResourceType } from "../schema/model.ts";
import type { NewRow, Row } from "../store/resources.ts";
import { addMembers, applyToMembers, readMembers } from "./members.ts";
import { newId } from "./new-id.ts";
import type { Tenant } from "./tenant.ts";

/** POST, RFC 7644 section 3.3. @param id Chosen beforehand, for bulk requests. @throws ScimError 400 or 409. */
export function createResource(
  tenant: Tenant,
  type: ResourceType,
  body: unknown,
  intake: Intake,
  id?: string,
): Row {
  const { product } = tenant.dialect;
  const resource = readResource(tenant.models[type], body, intake);
  const members = takeMembers(tenant, type, resource, intake);
  const name = String(nameOf(type, resource));
  const reused =
    type === "Group" && product?.reusesGroups ? tenant.data.groups.idOfName(foldCase(name)) : undefined;
  if (reused !== undefined) return reuseGroup(tenant, reused, members ?? [], intake);
  product?.shape?.(
    changeOf(tenant, { type, by: "create", next: resource, membersSent: sendsMembers(body), intake }),
  );
  const given = product?.newId?.(type, resource) ?? id;
  if (isTaken(tenant, type, name) || (given !== undefined && tenant.data.table(type).has(given)))
    throw duplicate(tenant, type, name);
  const now = Date.now();
  const frame = { id: given ?? newId(), version: 1, created: now, modified: now };
  const row = rowOf(tenant, type, resource, frame);
  const seq = tenant.data.table(type).insert(row);
  if (type === "User") tenant.data.indexEmails(seq, undefined, resource.emails);
  else if (members) addMembers(tenant, seq, members, intake);
  return { ...row, seq, ...(type === "Group" ? { member_count: members?.length ?? 0 } : {}) };
}

/** Makes a group that exists in the product before SCIM does, unless it is there. */
export function ensureGroup(tenant: Tenant, name: string): void {
  const { groups, batch } = tenant.data;
  if (groups.idOfName(foldCase(name)) !== undefined) return;
  const now = Date.now();
  const frame = { id: newId(), version: 1, created: now, modified: now };
  batch.run(() => groups.insert(rowOf(tenant, "Group", { displayName: name }, frame)));
}

/** Puts a whole resource, as it was once answered, back under its id. @throws ScimError 400 for one that is none. */
export function restoreResource(tenant: Tenant, type: ResourceType, document: JsonObject): void {
  const intake = new Intake(true);
  const resource = readResource(tenant.models[type], document, intake);
  const members = takeMembers(tenant, type, resource, intake);
  const { id, meta } = document;
  if (typeof id !== "string" || id === "") throw badValue("Each resource of a snapshot needs its `id`.");
  const when = (value: unknown) => (typeof value === "string" ? Date.parse(value) || Date.now() : Date.now());
  const { created, lastModified, version } = isObject(meta) ? meta : {};
  const seq = tenant.data.table(type).insert(
    rowOf(tenant, type, resource, {
      id,
      created: when(created),
      modified: when(lastModified),
      version: Number(/\d+/.exec(String(version))?.[0] ?? 1),
    }),
  );
  if (type === "User") tenant.data.indexEmails(seq, undefined, resource.emails);
  else if (members) tenant.data.members.add(seq, members);
}

/** An empty list counts: it says that there are none, and is read as no list at all. */
function sendsMembers(body: unknown): boolean {
  return (
    isObject(body) &&
    Object.entries(body).some(([key, value]) => /^members$/i.test(key) && Array.isArray(value))
  );
}

/** Collate takes the team of the same name that it has already, wherever it stands, and changes its members alone. */
function reuseGroup(tenant: Tenant, id: string, members: JsonObject[], intake: Intake): Row {
  const row = existing(tenant, "Group", id);
  if (addMembers(tenant, row.seq, members, intake)) tenant.data.groups.touch(row.seq, Date.now());
  return existing(tenant, "Group", id);
}

/** PUT, RFC 7644 section 3.5.1: what is not sent is cleared. @throws ScimError 400 or 409. */
export function replaceResource(
  tenant: Tenant,
  type: ResourceType,
  before: Row,
  body: unknown,
  intake: Intake,
): Row {
  const next = readResource(tenant.models[type], body, intake);
  const members = takeMembers(tenant, type, next, intake);
  const previous = withoutFrame(JSON.parse(before.body) as JsonObject);
  tenant.dialect.product?.shape?.(
    changeOf(tenant, { type, by: "replace", next, previous, membersSent: sendsMembers(body), intake }),
  );
  let membersChanged = false;
  if (type === "Group") {
    const removed = before.member_count === 0 ? 0 : tenant.data.members.removeAll(before.seq);
    membersChanged = (members && addMembers(tenant, before.seq, members, intake)) || removed > 0;
  }
  return store(tenant, type, before, previous, next, membersChanged);
}

/** PATCH, RFC 7644 section 3.5.2. The caller runs it in a transaction: it is all or nothing. @throws ScimError 400, 409, 413. */
export function patchResource(
  tenant: Tenant,
  type: ResourceType,
  before: Row,
  body: unknown,
  intake: Intake,
): Row {
  const model = tenant.models[type];
  const { product } = tenant.dialect;
  const operations = readPatch(body, intake);
  product?.checkPatch?.(type, operations, intake, tenant.settings);
  const document = JSON.parse(before.body) as JsonObject;
  let membersChanged = false;
  for (const operation of operations) {
    if (type === "User") applyOperation(model, document, operation, intake);
    else {
      const { changed, rest } = applyToMembers(tenant, before.seq, operation, intake);
      membersChanged ||= changed;
      if (rest) applyOperation(model, document, rest, intake);
    }
  }
  const next = withoutFrame(document);
  const previous = withoutFrame(JSON.parse(before.body) as JsonObject);
  product?.shape?.(changeOf(tenant, { type, by: "patch", next, previous, intake }));
  checkRequired(model, next);
  return store(tenant, type, before, previous, next, membersChanged);
}

/** DELETE: the resource is taken out of every group too. */
export function deleteResource(tenant: Tenant, type: ResourceType, row: Row): void {
  const { data } = tenant;
  const now = Date.now();
  for (const group of data.members.removeEverywhere(row.id)) data.groups.touch(group, now);
  if (type === "User") {
    data.indexEmails(row.seq, (JSON.parse(row.body) as JsonObject).emails, undefined);
  } else data.members.removeAll(row.seq);
  data.table(type).delete(row.seq);
}

/** @throws ScimError 404. */
export function existing(tenant: Tenant, type: ResourceType, id: string): Row {
  const row = tenant.data.table(type).byId(id);
  if (row) return row;
  throw new ScimError(
    404,
    undefined,
    tenant.dialect.product?.notFound?.(type, id) ??
      `There is no ${type} with the id \`${id.slice(0, 200)}\`.`,
  );
}

function changeOf(
  tenant: Tenant,
  change: Omit<Change, "settings" | "previous"> & { previous?: JsonObject },
): Change {
  return { previous: undefined, ...change, settings: tenant.settings };
}

function takeMembers(
  tenant: Tenant,
  type: ResourceType,
  resource: JsonObject,
  intake: Intake,
): JsonObject[] | undefined {
  if (type !== "Group" || resource.members === undefined) return undefined;
  const members = readMembers(tenant, resource.members, intake);
  delete resource.members;
  return members;
}

function store(
  tenant: Tenant,
  type: ResourceType,
  before: Row,
  previous: JsonObject,
  next: JsonObject,
  membersChanged: boolean,
): Row {
  const table = tenant.data.table(type);
  const name = String(nameOf(type, next));
  if (foldCase(name) !== before.name && isTaken(tenant, type, name)) throw duplicate(tenant, type, name);
  checkImmutable(tenant.models[type], previous, next);
  if (sameJson(previous, next)) {
    if (!membersChanged) return before;
    table.touch(before.seq, Date.now());
  } else {
    const { id, created } = before;
    const frame = { id, created, version: before.version + 1, modified: Date.now() };
    table.update(before, rowOf(tenant, type, next, frame));
    if (type === "User") tenant.data.indexEmails(before.seq, previous.emails, next.emails);
  }
  return existing(tenant, type, before.id);
}

function nameOf(type: ResourceType, resource: JsonObject) {
  return type === "User" ? resource.userName : resource.displayName;
}

function isTaken(tenant: Tenant, type: ResourceType, name: string): boolean {
  const { uniqueUserNames, uniqueGroupNames } = tenant.dialect;
  const unique = type === "User" ? uniqueUserNames : uniqueGroupNames;
  return unique && tenant.data.table(type).idOfName(foldCase(name)) !== undefined;
}

function duplicate(tenant: Tenant, type: ResourceType, name: string): ScimError {
  const attribute = type === "User" ? "userName" : "displayName";
  const detail =
    tenant.dialect.product?.duplicate?.(name) ??
    `There is a ${type} with this \`${attribute}\` already; it must be unique.`;
  return new ScimError(409, "uniqueness", detail);
}

function checkRequired(model: ResourceModel, resource: JsonObject): void {
  for (const { name, required } of model.schema.attributes) {
    if (required && (resource[name] === undefined || resource[name] === "")) {
      throw badValue(`\`${name}\` is required: it cannot be removed or emptied.`);
    }
  }
}

/** An immutable attribute that has a value keeps it, RFC 7643 section 2.2. */
function checkImmutable(model: ResourceModel, previous: JsonObject, next: JsonObject): void {
  const check = (
    schema: { attributes: { name: string; mutability: string }[] },
    before: JsonObject,
    after: JsonObject,
  ) => {
    for (const { name, mutability } of schema.attributes) {
      if (mutability === "immutable" && before[name] !== undefined && !sameJson(before[name], after[name])) {
        throw immutable(`\`${name}\` is immutable: its value cannot change.`);
      }
    }
  };
  check(model.schema, previous, next);
  for (const extension of model.extensions) {
    const before = previous[extension.id];
    const after = next[extension.id];
    if (isObject(before)) check(extension, before, isObject(after) ? after : {});
  }
}

function withoutFrame(document: JsonObject): JsonObject {
  const { schemas: _schemas, id: _id, meta: _meta, ...rest } = document;
  return rest;
}

function rowOf(
  tenant: Tenant,
  type: ResourceType,
  resource: JsonObject,
  frame: { id: string; version: number; created: number; modified: number },
): NewRow {
  const model = tenant.models[type];
  const schemas = [
    model.schema.id,
    ...model.extensions.map((e) => e.id).filter((id) => resource[id] !== undefined),
  ];
  const { displayName, externalId } = resource;
  return {
    ...frame,
    name: foldCase(String(nameOf(type, resource))),
    display: type === "User" && typeof displayName === "string" ? foldCase(displayName) : null,
    external_id: typeof externalId === "string" ? externalId : null,
    body: JSON.stringify({ schemas, id: frame.id, ...resource }),
  };
}
