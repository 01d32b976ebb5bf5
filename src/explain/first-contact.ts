import type { ScimRequest, ScimResponse } from "../scim/wire.ts";

/**
 * The requests with which a provider brings an object to a product that does not know it: each search finds nothing, and what
 * comes after the first write is left away.
 */
export function firstContact(exchange: Generator<ScimRequest, unknown, ScimResponse>): ScimRequest[] {
  const requests: ScimRequest[] = [];
  const nothing: ScimResponse = { status: 200, headers: {}, body: { totalResults: 0, Resources: [] } };
  for (let step = exchange.next(); !step.done; step = exchange.next(nothing)) {
    requests.push(step.value);
    if (step.value.method !== "GET") break;
  }
  return requests;
}
