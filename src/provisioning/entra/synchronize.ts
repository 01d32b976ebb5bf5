import type { Entitlement } from "./access.ts";
import type { MappedValues, TargetValue } from "./evaluate-mappings.ts";
import { type Exchange, fetchLinked, findByMatching, idOf, send } from "./exchange.ts";
import { type Failure, failureOf, succeeded } from "./failure.ts";
import type { PatchFlavor } from "./input.ts";
import type { AttributePlan, ObjectPlan } from "./plan.ts";
import type { LogAction, LogEntry, LogStep, ModifiedProperty } from "./report.ts";
import { isResource, type Resource, read } from "./resource.ts";
import type { SourceType } from "./source-attributes.ts";
import { type Change, createRequest, deleteRequest, patchRequest } from "./wire-forms.ts";

/** One user or group on its way to the target system. */
export interface SourceObject {
  id: string;
  displayName: string;
  type: SourceType;
  mapped: MappedValues;
}

export interface SyncOptions {
  plan: ObjectPlan;
  patchFlavor: PatchFlavor;
  /** Source object already linked to a target id, if any. */
  ownerOf(targetId: string): string | undefined;
}

/** What became of one object. `targetId` is its link from now on; undefined when it has none. */
export interface Outcome {
  action: LogAction;
  status: LogEntry["status"];
  errorCode: string | null;
  reason: string | null;
  steps: LogStep[];
  modifiedProperties: ModifiedProperty[];
  targetId: string | undefined;
  /** As far as it is known from this cycle. */
  resource: Resource | undefined;
  writes: number;
}

/** Brings an object that is in scope to the target: finds it by its link or by matching, then creates or updates it. */
export function* synchronizeObject(
  source: SourceObject,
  linkedId: string | undefined,
  options: SyncOptions,
): Exchange<Outcome> {
  const { plan } = options;
  const outcome = newOutcome(source, linkedId);
  for (const warning of source.mapped.warnings) {
    outcome.steps.push({ name: "AttributeMapping", type: "import", status: "warning", description: warning });
  }
  if (source.mapped.failure) return fail(outcome, "other", source.mapped.failure);

  let current: Resource | undefined;
  if (linkedId !== undefined) {
    const found = yield* fetchLinked(plan, linkedId);
    if (found.kind === "failure") return fail(outcome, "update", found.failure);
    if (found.kind === "found") current = found.resource;
    else outcome.targetId = undefined;
  }
  if (!current) {
    if (!plan.matching.some((attribute) => source.mapped.values.has(attribute))) {
      const names = plan.matching.map((attribute) => attribute.target).join(", ");
      const reason = `The ${source.type} has no value for the matching attribute (${names || "none is configured"}).`;
      return skip(outcome, "create", "ImportSkipped", reason);
    }
    const found = yield* findByMatching(plan, source.mapped.values);
    if (found.kind === "failure") return fail(outcome, "other", found.failure);
    if (found.kind === "none") return yield* create(source, outcome, plan);
    const owner = options.ownerOf(found.id);
    if (owner !== undefined && owner !== source.id) {
      const message = `The matching attributes lead to ${found.id}, which is already linked to the object ${owner}. Make their values differ, or match by another attribute.`;
      return fail(outcome, "other", { code: "DuplicateSourceEntries", message });
    }
    outcome.targetId = found.id;
    current = found.resource;
    outcome.steps.push(
      step("EntrySynchronizationUpdate", "matching", `Matched with ${found.id} in the target.`),
    );
  }
  outcome.resource = current;
  return yield* update(
    outcome,
    "update",
    changes(plan.attributes, source.mapped.values, current),
    source,
    options,
  );
}

/**
 * Deactivates an object that went out of scope, by those mappings alone that read IsSoftDeleted or accountEnabled: without
 * one, nothing is sent (how-provisioning-works.md, "Deprovisioning events").
 */
export function* deactivateObject(
  source: SourceObject,
  linkedId: string,
  entitlement: Entitlement,
  options: SyncOptions,
): Exchange<Outcome> {
  const outcome = newOutcome(source, linkedId);
  outcome.steps.push(step("EntrySynchronizationScoping", "scoping", entitlement.words));
  const attributes = options.plan.attributes.filter((attribute) => attribute.deactivates);
  if (attributes.length === 0) {
    const reason = "No mapping reads IsSoftDeleted or accountEnabled, so the account stays as it is.";
    return skip(outcome, "disable", "EntrySynchronizationSkipped", reason);
  }
  const found = yield* fetchLinked(options.plan, linkedId);
  if (found.kind === "failure") return fail(outcome, "disable", found.failure);
  if (found.kind === "none") {
    outcome.targetId = undefined;
    return skip(outcome, "disable", "EntrySynchronizationSkipped", "The account is no longer in the target.");
  }
  outcome.resource = found.resource;
  const values = new Map([...source.mapped.values].filter(([attribute]) => attributes.includes(attribute)));
  return yield* update(outcome, "disable", changes(attributes, values, found.resource), source, options);
}

/** Deletes what was provisioned; that it is gone already is as good. */
export function* deleteObject(source: SourceObject, linkedId: string, plan: ObjectPlan): Exchange<Outcome> {
  const outcome = newOutcome(source, linkedId);
  const response = yield* send(deleteRequest(plan.endpoint, linkedId));
  outcome.writes++;
  if (!succeeded(response) && response.status !== 404) {
    return fail(outcome, "delete", failureOf(response, `delete ${source.type} '${source.displayName}'`));
  }
  outcome.targetId = undefined;
  return finish(outcome, "delete", `${source.type} '${source.displayName}' was deleted in the target.`);
}

function* create(source: SourceObject, outcome: Outcome, plan: ObjectPlan): Exchange<Outcome> {
  outcome.steps.push(
    step("EntrySynchronizationAdd", "matching", "No matching object was found in the target."),
  );
  if (!plan.flows.add) {
    return skip(
      outcome,
      "create",
      "EntrySynchronizationSkipped",
      "The mapping's action Create is switched off.",
    );
  }
  const values = new Map(source.mapped.values);
  for (const attribute of plan.attributes) {
    if (!values.has(attribute) && attribute.defaultValue !== null)
      values.set(attribute, attribute.defaultValue);
  }
  outcome.modifiedProperties = [...values].map(([attribute, value]) => ({
    displayName: attribute.target,
    oldValue: null,
    newValue: shown(value),
  }));
  const response = yield* send(createRequest(plan, values));
  outcome.writes++;
  const id = idOf(response.body);
  if (!succeeded(response) || id === undefined) {
    return fail(outcome, "create", failureOf(response, `create ${source.type} '${source.displayName}'`));
  }
  outcome.targetId = id;
  outcome.resource = isResource(response.body) ? response.body : undefined;
  return finish(
    outcome,
    "create",
    `${source.type} '${source.displayName}' was created in the target as ${id}.`,
  );
}

function* update(
  outcome: Outcome,
  action: LogAction,
  wanted: { change: Change; before: unknown }[],
  source: SourceObject,
  { plan, patchFlavor }: SyncOptions,
): Exchange<Outcome> {
  if (wanted.length === 0) {
    return skip(outcome, action, "RedundantExport", "The target already has these values.");
  }
  if (!plan.flows.update) {
    return skip(
      outcome,
      action,
      "EntrySynchronizationSkipped",
      "The mapping's action Update is switched off.",
    );
  }
  outcome.modifiedProperties = wanted.map(({ change, before }) => ({
    displayName: change.target,
    oldValue: before === undefined || before === null ? null : shown(before),
    newValue: shown(change.value),
  }));
  const id = outcome.targetId ?? "";
  const request = patchRequest(
    plan.endpoint,
    id,
    wanted.map(({ change }) => change),
    patchFlavor,
  );
  const response = yield* send(request);
  outcome.writes++;
  if (!succeeded(response)) {
    return fail(outcome, action, failureOf(response, `update ${source.type} '${source.displayName}'`));
  }
  return finish(outcome, action, `${source.type} '${source.displayName}' was updated in the target.`);
}

/** What differs between the mapped values and the target's; "Add" where the target has nothing. */
function changes(
  attributes: AttributePlan[],
  values: Map<AttributePlan, TargetValue>,
  current: Resource,
): { change: Change; before: unknown }[] {
  return attributes.flatMap((attribute) => {
    const before = read(current, attribute.path);
    const isEmpty = before === undefined || before === null || before === "";
    const fallback = attribute.expression === null ? attribute.defaultValue : null;
    const value = values.get(attribute) ?? fallback ?? undefined;
    if (value === undefined || attribute.apply === "on-create") return [];
    if (attribute.apply === "when-empty" && !isEmpty) return [];
    if (!attribute.flowAlways && isSame(attribute, value, before)) return [];
    const op = isEmpty || Array.isArray(value) ? "Add" : "Replace";
    const { target, path, boolean, readsRoles } = attribute;
    return [{ change: { target, path, op, value, boolean, readsRoles }, before }];
  });
}

function isSame(attribute: AttributePlan, value: TargetValue, before: unknown): boolean {
  if (Array.isArray(value)) {
    const present = new Set((Array.isArray(before) ? before : []).map(elementText));
    return value.every((element) => present.has(attribute.readsRoles ? roleValue(element) : element));
  }
  if (before === undefined || before === null || typeof before === "object") return false;
  const fold = (text: string) => (attribute.caseExact && !attribute.boolean ? text : text.toLowerCase());
  return fold(String(value)) === fold(String(before));
}

const elementText = (element: unknown) => String(isResource(element) ? element.value : element);

function roleValue(text: string): string {
  const role: { value: string | null; displayName: string } = JSON.parse(text);
  return role.value ?? role.displayName;
}

function newOutcome(source: SourceObject, linkedId: string | undefined): Outcome {
  return {
    action: "other",
    status: "skipped",
    errorCode: null,
    reason: null,
    steps: [
      step(
        "EntryImport",
        "import",
        `Received ${source.type} '${source.displayName}' from Microsoft Entra ID.`,
      ),
    ],
    modifiedProperties: [],
    targetId: linkedId,
    resource: undefined,
    writes: 0,
  };
}

function finish(outcome: Outcome, action: LogAction, description: string): Outcome {
  outcome.steps.push(step("EntryExport", "export", description));
  return Object.assign(outcome, { action, status: "success" });
}

function skip(outcome: Outcome, action: LogAction, errorCode: string, reason: string): Outcome {
  outcome.steps.push({ name: "EntryExport", type: "export", status: "skipped", description: reason });
  return Object.assign(outcome, { action, status: "skipped", errorCode, reason });
}

function fail(outcome: Outcome, action: LogAction, failure: Failure): Outcome {
  outcome.steps.push({
    name: "EntryExport",
    type: "export",
    status: "failure",
    description: failure.message,
  });
  return Object.assign(outcome, {
    action,
    status: "failure",
    errorCode: failure.code,
    reason: failure.message,
  });
}

function step(name: string, type: LogStep["type"], description: string): LogStep {
  return { name, type, status: "success", description };
}

function shown(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}
