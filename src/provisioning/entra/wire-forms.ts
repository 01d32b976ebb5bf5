import type { AppRoleAssignmentValue } from "../../expressions/functions/roles.ts";
import type { AttributePath } from "../../scim/ast.ts";
import { SCHEMA, type ScimRequest } from "../../scim/wire.ts";
import type { TargetValue } from "./evaluate-mappings.ts";
import type { PatchFlavor } from "./input.ts";
import type { AttributePlan, ObjectPlan } from "./plan.ts";
import { place, type Resource } from "./resource.ts";

/*
 * The requests of Entra's SCIM client, in its own spelling (entra-docs: use-scim-to-provision-users-and-groups.md,
 * application-provisioning-config-problem-scim-compatibility.md, customize-application-attributes.md).
 *
 * Older texts show a check of a reference before it is written (`filter=id eq "…" and manager eq "…"`). It is not sent here:
 * servers that are known to work with Entra's default mappings, such as DataHub's, refuse any filter with `and`.
 */

const ADSCIM_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
const ROLE_TYPE = "WindowsAzureActiveDirectoryRole";

export interface Change {
  target: string;
  path: AttributePath;
  op: "Add" | "Replace";
  value: TargetValue;
  boolean: boolean;
  readsRoles: boolean;
}

type Endpoint = ObjectPlan["endpoint"];

export function queryRequest(endpoint: Endpoint, attribute: string, value: string): ScimRequest {
  const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
  const projection = endpoint === "/Groups" ? "excludedAttributes=members&" : "";
  return { method: "GET", path: `${endpoint}?${projection}filter=${filter}` };
}

export function getRequest(endpoint: Endpoint, id: string): ScimRequest {
  const projection = endpoint === "/Groups" ? "?excludedAttributes=members" : "";
  return { method: "GET", path: `${endpoint}/${encodeURIComponent(id)}${projection}` };
}

export function deleteRequest(endpoint: Endpoint, id: string): ScimRequest {
  return { method: "DELETE", path: `${endpoint}/${encodeURIComponent(id)}` };
}

/** Values that are null are left out, booleans are booleans, groups come without members. */
export function createRequest(plan: ObjectPlan, values: Map<AttributePlan, TargetValue>): ScimRequest {
  const isGroup = plan.endpoint === "/Groups";
  const body: Resource = {
    schemas: isGroup ? [SCHEMA.group, ADSCIM_GROUP] : [SCHEMA.user, SCHEMA.enterpriseUser],
  };
  for (const [attribute, value] of values) place(body, attribute.path, createdValue(attribute, value));
  body.meta = { resourceType: isGroup ? "Group" : "User" };
  if (!isGroup) {
    body.roles ??= [];
    if ([...values.keys()].some((attribute) => attribute.readsRoles)) nameRoleType(body.roles);
  }
  return { method: "POST", path: plan.endpoint, body };
}

/** Numbers go as text, whatever the target's type: github.com/elimity-com/scim, pull request 165, reports so, and nothing else does. */
function createdValue(attribute: AttributePlan, value: TargetValue): unknown {
  if (Array.isArray(value)) return attribute.readsRoles ? value.map(roleElement) : value;
  if (attribute.boolean) return isTrue(value);
  return typeof value === "boolean" ? booleanText(value) : value;
}

function nameRoleType(roles: unknown): void {
  if (!Array.isArray(roles)) return;
  for (const role of roles) role.type ??= ROLE_TYPE;
}

/** What AppRoleAssignmentsComplex gives, as an element of a create's `roles`. */
function roleElement(text: string): Resource {
  const { displayName, value } = JSON.parse(text) as AppRoleAssignmentValue;
  return { primary: false, type: ROLE_TYPE, displayName, value: value ?? displayName };
}

export function patchRequest(
  endpoint: Endpoint,
  id: string,
  changes: Change[],
  flavor: PatchFlavor,
): ScimRequest {
  const operations = flavor === "default" ? changes.map(defaultOperation) : compliantOperations(changes);
  return patch(endpoint, id, operations);
}

function patch(endpoint: Endpoint, id: string, operations: object[]): ScimRequest {
  const body = { schemas: [SCHEMA.patchOp], Operations: operations };
  return { method: "PATCH", path: `${endpoint}/${encodeURIComponent(id)}`, body };
}

function defaultOperation({ op, target, value }: Change): object {
  if (Array.isArray(value)) return { op, path: target, value: value.map((element) => ({ value: element })) };
  return { op, path: target, value: typeof value === "boolean" ? booleanText(value) : value };
}

/** Value paths keep an operation of their own; several other attributes share one without a path. */
function compliantOperations(changes: Change[]): object[] {
  const operations: object[] = [];
  for (const op of ["Add", "Replace"] as const) {
    const ofKind = changes.filter((change) => change.op === op);
    const apart = ofKind.filter((change) => change.path.filter || Array.isArray(change.value));
    const together = ofKind.filter((change) => !apart.includes(change));
    const alone = together.length === 1 ? [...apart, ...together] : apart;
    for (const change of alone) {
      operations.push({ op: op.toLowerCase(), path: change.target, value: compliantValue(change) });
    }
    if (together.length > 1) {
      const value = Object.fromEntries(together.map((change) => [change.target, compliantValue(change)]));
      operations.push({ op: op.toLowerCase(), value });
    }
  }
  return operations;
}

function compliantValue({ value, boolean, readsRoles }: Change): unknown {
  if (Array.isArray(value))
    return readsRoles ? value.map(roleElement) : value.map((element) => ({ value: element }));
  return boolean || typeof value === "boolean" ? isTrue(value) : value;
}

/** One member a request, as Entra sends them. */
export function addMemberRequest(
  groupId: string,
  memberId: string,
  target: string,
  flavor: PatchFlavor,
): ScimRequest {
  const op = flavor === "default" ? "Add" : "add";
  return patch("/Groups", groupId, [{ op, path: target, value: [{ $ref: null, value: memberId }] }]);
}

export function removeMemberRequest(
  groupId: string,
  memberId: string,
  target: string,
  flavor: PatchFlavor,
): ScimRequest {
  const operation =
    flavor === "default"
      ? { op: "Remove", path: target, value: [{ value: memberId }] }
      : { op: "remove", path: `${target}[value eq ${JSON.stringify(memberId)}]` };
  return patch("/Groups", groupId, [operation]);
}

const isTrue = (value: TargetValue) => String(value).toLowerCase() === "true";
const booleanText = (value: boolean) => (value ? "True" : "False");
