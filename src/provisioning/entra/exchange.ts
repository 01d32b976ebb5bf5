import type { ScimRequest, ScimResponse } from "../../scim/wire.ts";
import type { TargetValue } from "./evaluate-mappings.ts";
import {
  CycleAborted,
  type Failure,
  failureOf,
  incompatible,
  refuseBadCredentials,
  succeeded,
} from "./failure.ts";
import type { AttributePlan, ObjectPlan } from "./plan.ts";
import { isResource, type Resource } from "./resource.ts";
import { getRequest, queryRequest } from "./wire-forms.ts";

/** A coroutine that asks for SCIM requests to be performed and is handed the responses. */
export type Exchange<Result> = Generator<ScimRequest, Result, ScimResponse>;

/** Performs a request; a refused token ends the cycle. */
export function* send(request: ScimRequest): Exchange<ScimResponse> {
  const response = yield request;
  refuseBadCredentials(response);
  return response;
}

export type Found =
  | { kind: "found"; id: string; resource: Resource }
  | { kind: "none" }
  | { kind: "failure"; failure: Failure };

/** Reads the object behind a cached id; "none" when it is gone. */
export function* fetchLinked(plan: ObjectPlan, id: string): Exchange<Found> {
  const response = yield* send(getRequest(plan.endpoint, id));
  if (response.status === 404) return { kind: "none" };
  if (succeeded(response) && isResource(response.body)) return { kind: "found", id, resource: response.body };
  return { kind: "failure", failure: failureOf(response, `read the ${plan.sourceType} ${id}`) };
}

/**
 * Looks for an object by each matching attribute in the order of precedence, one query each, until one matches
 * (customize-application-attributes.md, "Matching users in the source and target systems").
 */
export function* findByMatching(plan: ObjectPlan, values: Map<AttributePlan, TargetValue>): Exchange<Found> {
  for (const attribute of plan.matching) {
    const value = values.get(attribute);
    if (value === undefined) continue;
    const found = yield* query(plan, attribute.target, String(value));
    if (found.kind !== "none") return found;
  }
  return { kind: "none" };
}

function* query(plan: ObjectPlan, attribute: string, value: string): Exchange<Found> {
  if (/["\\]/.test(value)) {
    return {
      kind: "failure",
      failure: {
        code: "UnsupportedMatchingValue",
        message: `Entra cannot query for ${attribute} = ${value}: special characters are not supported in matching attributes. Rename it.`,
      },
    };
  }
  const response = yield* send(queryRequest(plan.endpoint, attribute, value));
  const resources = listed(response);
  if (!resources) {
    if (response.status === 404 || succeeded(response)) throw new CycleAborted(incompatible(response));
    return { kind: "failure", failure: failureOf(response, `query ${plan.endpoint} by ${attribute}`) };
  }
  const [resource] = resources;
  if (!resource) return { kind: "none" };
  if (resources.length > 1) {
    return {
      kind: "failure",
      failure: {
        code: "DuplicateTargetEntries",
        message: `${resources.length} objects in the target have ${attribute} "${value}". Remove the duplicates, or match by another attribute.`,
      },
    };
  }
  const id = idOf(resource);
  if (id === undefined) throw new CycleAborted(incompatible(response));
  return { kind: "found", id, resource };
}

export function listed(response: ScimResponse): Resource[] | undefined {
  if (!succeeded(response) || !isResource(response.body)) return undefined;
  const { Resources: resources, totalResults } = response.body;
  if (Array.isArray(resources)) return resources.filter(isResource);
  return totalResults === 0 ? [] : undefined;
}

export function idOf(resource: unknown): string | undefined {
  return isResource(resource) && typeof resource.id === "string" && resource.id !== ""
    ? resource.id
    : undefined;
}
