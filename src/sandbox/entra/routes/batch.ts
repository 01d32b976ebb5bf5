import type { FastifyInstance, InjectOptions } from "fastify";
import type { GraphObject } from "../filter.ts";
import { malformed } from "../graph-error.ts";
import { type GraphCall, type GraphRouter, ok } from "../graph-router.ts";
import { DROPPED_PART, DroppedConnection, internalHeader, PART_HEADER } from "../pipeline.ts";

const MAX_PARTS = 20;

interface Part {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: GraphObject | undefined;
  dependsOn: string[];
}

interface PartAnswer {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

/** JSON batching: up to 20 calls in one request, each answered, counted and refused for itself. */
export function batchRoutes(router: GraphRouter, server: FastifyInstance): void {
  router.onAsync("POST", "/$batch", undefined, async (call) => {
    const parts = readParts(call);
    const answers: PartAnswer[] = [];
    for (const part of parts) {
      const failed = part.dependsOn.some(
        (id) => (answers.find((answer) => answer.id === id)?.status ?? 500) >= 400,
      );
      answers.push(failed ? failedDependency(part) : await perform(server, call, part));
    }
    const order = router.tenant.unkind.reorder(call.url, answers, ({ id }) => id);
    return ok({ responses: order });
  });
}

async function perform(server: FastifyInstance, call: GraphCall, part: Part): Promise<PartAnswer> {
  const answer = await server.inject({
    method: part.method as InjectOptions["method"] & string,
    url: `/${call.version}${part.url.startsWith("/") ? "" : "/"}${part.url}`,
    headers: {
      ...Object.fromEntries(Object.entries(part.headers).map(([name, value]) => [name.toLowerCase(), value])),
      authorization: call.headers.authorization,
      ...internalHeader(PART_HEADER),
    },
    ...(part.body === undefined ? {} : { payload: JSON.stringify(part.body) }),
  });
  if (answer.statusCode === DROPPED_PART) throw new DroppedConnection();
  const retryAfter = answer.headers["retry-after"];
  return {
    id: part.id,
    status: answer.statusCode,
    headers: {
      ...(answer.headers["content-type"] === undefined
        ? {}
        : { "Content-Type": String(answer.headers["content-type"]) }),
      ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
    },
    ...(answer.payload === "" ? {} : { body: bodyOf(answer.payload) }),
  };
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function failedDependency({ id }: Part): PartAnswer {
  return {
    id,
    status: 424,
    headers: { "Content-Type": "application/json" },
    body: { error: { code: "FailedDependency", message: "The request this one depends on has failed." } },
  };
}

function readParts({ body }: GraphCall): Part[] {
  if (!Array.isArray(body.requests) || body.requests.length === 0) {
    throw malformed("Invalid batch payload format.");
  }
  if (body.requests.length > MAX_PARTS) {
    throw malformed(`Number of batch request steps exceeds the maximum value of ${MAX_PARTS}.`);
  }
  const seen = new Set<string>();
  return body.requests.map((value: unknown) => {
    const part = readPart(value as GraphObject);
    if (seen.has(part.id)) throw malformed(`The request id '${part.id}' is not unique in the batch.`);
    for (const id of part.dependsOn) {
      if (!seen.has(id))
        throw malformed(`The request '${part.id}' depends on '${id}', which does not stand before it.`);
    }
    seen.add(part.id);
    return part;
  });
}

function readPart({ id, method, url, headers, body, dependsOn }: GraphObject): Part {
  if (typeof id !== "string" || id === "" || typeof method !== "string" || typeof url !== "string") {
    throw malformed("Each request of a batch needs an id, a method and a url.");
  }
  const known = (headers ?? {}) as Record<string, string>;
  const typed = Object.keys(known).some((name) => name.toLowerCase() === "content-type");
  if (body !== undefined && !typed) {
    throw malformed(`Write request with id '${id}' does not contain a Content-Type header.`);
  }
  return {
    id,
    method: method.toUpperCase(),
    url,
    headers: known,
    body: body as GraphObject | undefined,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.map(String) : [],
  };
}
