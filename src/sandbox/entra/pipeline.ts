import { randomUUID } from "node:crypto";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ADMINISTRATOR, authenticate } from "./caller.ts";
import { GraphError, injectedError, malformed, throttled } from "./graph-error.ts";
import type { TenantState } from "./tenant-state.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whether it is a part of a $batch. */
    batched: boolean;
    /** Whether the connection is to be closed instead of answering. */
    dropAnswer: boolean;
  }
}

/** Thrown to close the connection without an answer. */
export class DroppedConnection extends Error {}

/** The status by which a part of a batch tells the batch that the connection is to be closed. */
export const DROPPED_PART = 599;

/** Headers that only this process can set, for calls that it makes to itself. */
export const PART_HEADER = "x-sandbox-part";
export const ADMINISTRATOR_HEADER = "x-sandbox-administrator";
const SECRET = randomUUID();
export const internalHeader = (
  name: typeof PART_HEADER | typeof ADMINISTRATOR_HEADER,
): Record<string, string> => ({
  [name]: SECRET,
});

export const JSON_TYPE =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** What happens to every call before and after it is answered: faults, refusals, authentication, log, error bodies. */
export function installPipeline(server: FastifyInstance, tenant: TenantState): void {
  server.decorateRequest("batched", false);
  server.decorateRequest("dropAnswer", false);
  server.decorateRequest("caller");

  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    parseJson(String(text), done);
  });
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, text, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(text))));
    },
  );

  server.addHook("onRequest", async (request) => {
    if (isAdministration(request)) return;
    if (request.headers[ADMINISTRATOR_HEADER] === SECRET) {
      request.caller = ADMINISTRATOR;
      return;
    }
    request.batched = request.headers[PART_HEADER] === SECRET;
    tenant.consistency.tick();
    befall(request, tenant);
    if (!isGraph(request)) return;
    request.caller = authenticate(tenant, request.headers.authorization);
    refuse(request, tenant);
  });

  server.addHook("onSend", async (request, reply) => {
    reply.header("request-id", request.id);
    const client = request.headers["client-request-id"];
    if (client !== undefined) reply.header("client-request-id", client);
    log(request, tenant, reply.statusCode === DROPPED_PART ? 0 : reply.statusCode);
  });

  server.setNotFoundHandler((request, reply) => {
    const segment = request.url.replace(/\?.*$/s, "").split("/").at(-1) ?? "";
    const message = `Resource not found for the segment '${segment}'.`;
    const error = isGraph(request) ? malformed(message) : new GraphError(404, "NotFound", message);
    return answerError(error, request, reply, tenant);
  });

  server.setErrorHandler((error: FastifyError | GraphError | DroppedConnection, request, reply) => {
    if (error instanceof DroppedConnection) return drop(request, reply, tenant);
    return answerError(asGraphError(error), request, reply, tenant);
  });
}

function befall(request: FastifyRequest, tenant: TenantState): void {
  const fault = tenant.faults.strike(request.method, request.url);
  if (!fault) return;
  if ("answer" in fault) throw injectedError(fault.answer, fault.retryAfter, request.url);
  if (fault.drop === "before") throw new DroppedConnection();
  request.dropAnswer = true;
}

function refuse(request: FastifyRequest, tenant: TenantState): void {
  if (request.url.endsWith("/$batch")) return;
  const path = request.url.replace(/\?.*$/s, "");
  const retryAfter = tenant.unkind.refusal(`${request.method} ${path}`);
  if (retryAfter !== undefined) throw throttled(retryAfter);
}

function isAdministration(request: FastifyRequest): boolean {
  return request.url.startsWith("/_sandbox");
}

function isGraph(request: FastifyRequest): boolean {
  return /^\/(v1\.0|beta)(\/|\?|$)/.test(request.url);
}

function log(request: FastifyRequest, tenant: TenantState, status: number): void {
  if (isAdministration(request) || request.headers[ADMINISTRATOR_HEADER] === SECRET) return;
  tenant.log.add({ method: request.method, path: request.originalUrl, status, batched: request.batched });
}

function drop(request: FastifyRequest, reply: FastifyReply, tenant: TenantState): FastifyReply | undefined {
  if (request.batched) return reply.code(DROPPED_PART).send();
  log(request, tenant, 0);
  reply.hijack();
  request.raw.socket.destroy();
  return undefined;
}

function answerError(
  error: GraphError,
  request: FastifyRequest,
  reply: FastifyReply,
  tenant: TenantState,
): FastifyReply {
  if (error.retryAfter !== undefined) reply.header("retry-after", String(error.retryAfter));
  const id = {
    "request-id": request.id,
    "client-request-id": request.headers["client-request-id"] ?? request.id,
  };
  return reply
    .code(error.status)
    .type(JSON_TYPE)
    .send({
      error: {
        code: error.code,
        message: error.message,
        innerError: { date: tenant.clock.now().toISOString().slice(0, 19), ...id },
      },
    });
}

function asGraphError(error: FastifyError | GraphError): GraphError {
  if (error instanceof GraphError) return error;
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return malformed("Write requests (excluding DELETE) must contain the Content-Type header declaration.");
  }
  if (error.statusCode !== undefined && error.statusCode < 500) return malformed(error.message);
  return new GraphError(500, "InternalServerError", `The sandbox failed: ${error.stack ?? error.message}`);
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (text === "") {
    done(null);
    return;
  }
  try {
    done(null, JSON.parse(text));
  } catch {
    done(
      malformed(
        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
      ),
    );
  }
}
