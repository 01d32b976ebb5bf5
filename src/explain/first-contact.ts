import type { ScimRequest, ScimResponse } from "../scim/wire.ts";

/** Stands for the id that the product will give an object of this name. */
export const productId = (name: string) => `{id of ${name}}`;

/**
 * The requests with which a provider brings an object of this name to a product that does not know it: each search finds
 * nothing, and every write is taken.
 */
export function firstContact(
  name: string,
  exchange: Generator<ScimRequest, unknown, ScimResponse>,
): ScimRequest[] {
  const requests: ScimRequest[] = [];
  let created: object | undefined;
  const answer = ({ method, body }: ScimRequest): ScimResponse => {
    if (method === "POST") created = { ...(body as object), id: productId(name) };
    return { status: 200, headers: {}, body: created ?? { totalResults: 0, Resources: [] } };
  };
  for (let step = exchange.next(); !step.done; step = exchange.next(answer(step.value)))
    requests.push(step.value);
  return requests;
}
