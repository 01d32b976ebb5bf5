import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { FaultEffect, Faults } from "../faults.ts";
import type { RequestLog } from "../request-log.ts";
import { areaOf } from "./areas.ts";
import { type Authentication, OAuthError } from "./auth.ts";
import { OktaError, refuse } from "./errors.ts";
import { administrators } from "./http.ts";
import type { RateLimits } from "./rate-limit.ts";
import type { OrgState } from "./state.ts";

export interface ServerParts {
  state: OrgState;
  authentication: Authentication;
  limits: RateLimits;
  faults: Faults;
  log: RequestLog;
}

/** The HTTP side that all endpoints share: targets, bodies, tokens, limits, faults, errors and the log. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { state, authentication } = parts;
  const server = Fastify({
    bodyLimit: 10 * 1024 * 1024,
    // Proxies' clients, @pulumi/okta among them, send the target in absolute form.
    rewriteUrl: (request) => (request.url ?? "/").replace(/^https?:\/\/[^/?#]*/i, "") || "/",
    routerOptions: { maxParamLength: 200 },
  });
  bodyParsers(server);

  // Each change is made whole or not at all, also when the process is killed.
  server.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/") || route.method === "GET" || route.method === "HEAD") return;
    const { handler } = route;
    route.handler = function (request, reply) {
      return state.store.transaction(() => handler.call(this, request, reply));
    };
  });

  server.addHook("onRequest", async (request, reply) => {
    const administrator = request.headers[ADMINISTRATOR_HEADER] === administratorSecret;
    if (administrator || request.url.startsWith("/_sandbox/")) {
      administrators.add(request);
      return;
    }
    const area = areaOf(request.url);
    const effect = parts.faults.strike(request.method, request.url);
    if (effect) befall(parts, request, effect);
    if (!area) return;
    authentication.check(request.headers.authorization, request.method, request.url, area);
    reply.headers(parts.limits.take(area));
    const wait = state.unkind.refusal(`${request.method} ${request.url}`);
    if (wait !== undefined) throw parts.limits.refusal(area, wait);
  });

  server.addHook("onSend", async (request, reply, payload) => {
    const type = String(reply.getHeader("content-type") ?? "");
    if (type.startsWith("application/json")) reply.header("content-type", "application/json");
    if (dropped.has(request)) request.raw.socket.destroy();
    return payload;
  });

  server.addHook("onResponse", async (request, reply) => {
    record(parts.log, request, reply.statusCode);
  });
  server.addHook("onRequestAbort", async (request) => {
    record(parts.log, request, 0);
  });

  server.post("/oauth2/v1/token", (request, reply) => {
    reply.header("cache-control", "no-store");
    return authentication.grant(new URLSearchParams(String(request.body ?? "")));
  });

  server.setErrorHandler((error, _, reply) => answerError(state, error, reply));
  server.setNotFoundHandler((_, reply) => answerError(state, refuse.noSuchPath(), reply));
  return server;
}

const ADMINISTRATOR_HEADER = "x-sandbox-administrator";
/** Known to this process alone. */
const administratorSecret = randomUUID();

/** Calls an endpoint past tokens, limits, faults and the log. @throws Error when it is refused. */
export async function callAsAdministrator(
  server: FastifyInstance,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const answer = await server.inject({
    method: method as "GET",
    url: path,
    headers: { [ADMINISTRATOR_HEADER]: administratorSecret },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  if (answer.statusCode >= 400) {
    throw new Error(`${method} ${path} was refused: ${answer.statusCode} ${answer.payload}`);
  }
  return answer.payload === "" ? undefined : JSON.parse(answer.payload);
}

function record(log: RequestLog, request: FastifyRequest, status: number): void {
  if (administrators.has(request)) return;
  log.add({ method: request.method, path: request.url, status, batched: false });
}

function bodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(refuse.malformed());
    }
  });
  server.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
    done(null, body),
  );
}

/** Requests that are carried out and whose answer is then lost. */
const dropped = new WeakSet<FastifyRequest>();

function befall(parts: ServerParts, request: FastifyRequest, effect: FaultEffect): void {
  if ("drop" in effect) {
    if (effect.drop === "after") {
      dropped.add(request);
      return;
    }
    request.raw.socket.destroy();
    throw refuse.internal();
  }
  switch (effect.answer) {
    case 401:
      throw refuse.unauthenticated();
    case 403:
      throw refuse.forbidden();
    case 404:
      throw refuse.notFound(request.url.split(/[/?]/).at(-1) ?? "", "Resource");
    case 409:
      throw new OktaError(409, "E0000001", "Api validation failed: conflict");
    case 429:
      throw parts.limits.refusal(
        areaOf(request.url) ?? { name: "others", limit: 1200 },
        effect.retryAfter ?? 1,
      );
    case 500:
      throw refuse.internal();
    case 503:
      throw new OktaError(503, "E0000010", "Service is in read only mode");
  }
}

function answerError(state: OrgState, error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof OAuthError) {
    return reply.status(error.status).send({ error: error.code, error_description: error.message });
  }
  const known = error instanceof OktaError ? error : fromFastify(error);
  return reply
    .headers(known.headers)
    .status(known.status)
    .send(known.body(state.random.id("oae", 25)));
}

function fromFastify(error: unknown): OktaError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new OktaError(
      415,
      "E0000021",
      "Bad request.  Accept and/or Content-Type headers likely do not match supported values.",
    );
  }
  if (typeof code === "string" && code.startsWith("FST_ERR_CTP")) return refuse.malformed();
  // A fault of the sandbox itself: whoever runs it has to see where.
  process.stderr.write(
    `okta sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return refuse.internal();
}
