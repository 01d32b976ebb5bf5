import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply } from "fastify";
import Fastify from "fastify";
import { ScimError } from "../errors.ts";
import { MAX_BODY_BYTES } from "../protocol/discovery.ts";
import { StorageError } from "../store/batch.ts";
import type { ExchangeOptions, Site } from "./exchange.ts";
import { exchange, isAuthorized } from "./exchange.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Seconds within which a request's head and body must have come; slow clients are cut off. */
const REQUEST_SECONDS = 30;

/** An HTTP server without routes, with the limits and the error bodies that all of them share. */
export function createServer(requestSeconds = REQUEST_SECONDS): FastifyInstance {
  const milliseconds = requestSeconds * 1000;
  const server = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: milliseconds,
    // Node.js takes the longer of the two timeouts for the body, and by default looks every 30 seconds only.
    http: { headersTimeout: milliseconds, connectionsCheckingInterval: milliseconds / 10 },
    clientErrorHandler: refuseUnreadable,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (_error, _request, reply) => {
      sendError(
        reply as FastifyReply,
        new ScimError(400, "invalidSyntax", "The request's URL cannot be read."),
      );
    },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    if (error instanceof ScimError || error instanceof StorageError) {
      sendError(
        reply,
        error instanceof ScimError ? error : new ScimError(error.status, undefined, error.message),
      );
      return;
    }
    const status = error.statusCode ?? 500;
    const detail =
      status === 413
        ? `The body is larger than the ${MAX_BODY_BYTES} bytes allowed.`
        : status < 500
          ? "The request cannot be read."
          : "The receiver failed to handle this request; it is a bug.";
    sendError(reply, new ScimError(status, status === 413 ? "tooMany" : undefined, detail));
  });
  server.setNotFoundHandler((request, reply) => {
    sendError(
      reply,
      new ScimError(404, undefined, `No tenant is served at \`${request.url.split("?")[0]}\`.`),
    );
  });
  return server;
}

/** Answers what never became a request: too slow, too large a head, or no HTTP. */
function refuseUnreadable(problem: NodeJS.ErrnoException, socket: Socket): void {
  if (problem.code === "ECONNRESET" || !socket.writable) return;
  const [status, detail] =
    problem.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ([408, "The request did not come in time."] as const)
      : problem.code === "HPE_HEADER_OVERFLOW"
        ? ([431, "The request's head is too large."] as const)
        : ([400, "This is no HTTP request."] as const);
  const body = JSON.stringify(new ScimError(status, undefined, detail).body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function sendError(reply: FastifyReply, error: ScimError): void {
  void reply
    .code(error.status)
    .headers({ "content-type": "application/scim+json", ...error.headers })
    .send(JSON.stringify(error.body));
}

/** Serves one tenant under its path. */
export function serveTenant(server: FastifyInstance, site: Site, options: ExchangeOptions): void {
  for (const url of [site.path, `${site.path}/*`]) {
    server.route({
      method: [...METHODS],
      url,
      // Refused before the body is read: it would stand in memory for anybody who cares to send one.
      onRequest: (request, reply, done) => {
        if (isAuthorized(site, request)) done();
        else exchange(site, request, reply, options, false).catch((error: Error) => done(error));
      },
      handler: (request, reply) => exchange(site, request, reply, options, true),
    });
  }
}
