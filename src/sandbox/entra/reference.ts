import type { GraphObject } from "./filter.ts";
import { malformed } from "./graph-error.ts";

/**
 * The object id in a body such as `{"@odata.id": "http://…/v1.0/directoryObjects/<id>"}`.
 * @throws GraphError 400 when there is none
 */
export function referencedId(body: GraphObject): string {
  const id = idOfUrl(body["@odata.id"]);
  if (id === undefined) throw malformed("Invalid URL format specified in @odata.id.");
  return id;
}

/** The object ids in `name@odata.bind`; empty when absent. @throws GraphError 400 when an entry names no object */
export function boundIds(body: GraphObject, name: string): string[] {
  const bound = body[`${name}@odata.bind`] ?? [];
  if (!Array.isArray(bound)) throw malformed(`The value of '${name}@odata.bind' is no array.`);
  return bound.map((url: unknown) => {
    const id = idOfUrl(url);
    if (id === undefined) throw malformed(`Invalid URL format specified in '${name}@odata.bind'.`);
    return id;
  });
}

function idOfUrl(url: unknown): string | undefined {
  if (typeof url !== "string") return undefined;
  return /\/(?:directoryObjects|users|groups|servicePrincipals)(?:\/|\(')([0-9A-Za-z-]+)/.exec(url)?.[1];
}
