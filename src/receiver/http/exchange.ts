import { parse as parseQuery } from "node:querystring";
import { setTimeout as wait } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Intake } from "../deviation.ts";
import type { Json } from "../document/json.ts";
import { badSyntax, ScimError } from "../errors.ts";
import type { FaultRule, Faults } from "../faults/faults.ts";
import type { JournalEntry } from "../journal/entry.ts";
import { judge } from "../journal/entry.ts";
import type { Journal } from "../journal/journal.ts";
import { redactBody, redactPath, withoutToken } from "../journal/redact.ts";
import type { Call, Reply } from "../protocol/call.ts";
import { route } from "../protocol/route.ts";
import type { Tenant } from "../protocol/tenant.ts";
import { StorageError } from "../store/batch.ts";
import { bodyText, parseBody } from "./body.ts";
import { brokenReply } from "./fault-reply.ts";
import type { Tokens } from "./tokens.ts";
import { bearerToken } from "./tokens.ts";

/** A tenant with what stands around its protocol. */
export interface Site {
  tenant: Tenant;
  tokens: Tokens;
  journal: Journal;
  /** The path of its base URL. */
  path: string;
}

export interface ExchangeOptions {
  faults: Faults;
  /** Called once a request with a line without personal data. */
  log: ((line: string) => void) | undefined;
}

/**
 * Answers one request to a tenant: fault, protocol, journal, storage, in this order.
 *
 * @param authorized Whether the token was accepted; without one nothing but a refusal happens.
 */
export async function exchange(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ExchangeOptions,
  authorized: boolean,
): Promise<FastifyReply> {
  const started = performance.now();
  const at = new Date();
  const { tenant, journal } = site;
  const { batch } = tenant.data;
  const seq = journal.nextSeq();
  const path = (request.raw.url ?? "").slice(site.path.length);
  const token = bearerToken(request.headers.authorization);
  const intake = new Intake(tenant.dialect.lenient);
  const bytes = Buffer.isBuffer(request.body) ? request.body : undefined;
  let text: string | undefined;
  let parsed: { value: unknown } | undefined;
  const call: Omit<Call, "segments" | "query"> = {
    method: request.method === "HEAD" ? "GET" : request.method,
    headers: request.headers,
    intake,
    body: () => {
      text ??= bodyText(bytes ?? Buffer.alloc(0), request.headers["content-type"], intake);
      parsed ??= { value: parseBody(text) };
      return parsed.value;
    },
  };
  const fault = authorized ? options.faults.strike(tenant.name, request.method, path) : undefined;
  const dropped = fault?.drop !== undefined;
  const answer = async (): Promise<Reply> => {
    try {
      if (!authorized) throw unauthorized(site, token);
      return await perform(tenant, { ...call, ...locate(path) }, fault);
    } catch (error) {
      return failure(error);
    }
  };
  const record = (outcome: Reply): string => {
    const status = dropped ? 0 : outcome.status;
    const entry: JournalEntry = {
      seq,
      tenant: tenant.name,
      at: at.toISOString(),
      method: request.method,
      path: redactPath(path, token),
      userAgent: withoutToken(String(request.headers["user-agent"] ?? "").slice(0, 200), token),
      status,
      ms: Math.round((performance.now() - started) * 100) / 100,
      ...(status >= 400 && outcome.body !== undefined ? { error: errorOf(outcome.body, token) } : {}),
      ...(outcome.headers.location === undefined ? {} : { location: outcome.headers.location }),
      deviations: intake.deviations,
      ...(fault === undefined ? {} : { fault: fault.id }),
      verdict: judge(status, request.method, path, intake.deviations.length),
    };
    return journal.record(entry, parsed && text !== undefined ? redactBody(text, token) : undefined);
  };

  if (fault?.delay !== undefined) await wait(fault.delay);
  let outcome = await answer();
  let entry: string | undefined;
  const committed = batch.settled();
  if (committed) {
    entry = record(outcome);
    try {
      await committed;
    } catch (error) {
      // What was read may have been written by the others of a transaction that came to nothing: it is read again.
      outcome = isRead(call.method, path) ? await answer() : failure(error);
      entry = record(outcome);
    }
  }
  outcome.headers["content-type"] ??= mediaTypeOf(tenant);
  const sent =
    fault && (dropped || fault.truncate) ? brokenReply(reply, outcome, fault) : send(reply, outcome);
  // An entry that belongs to no transaction is written while the answer is on its way.
  journal.publish(entry ?? record(outcome));
  options.log?.(
    `${tenant.name} ${request.method} /${path.split(/[/?]/)[1] ?? ""} ${outcome.status} ${Math.round(performance.now() - started)} ms`,
  );
  return sent;
}

/** Requests that change nothing: GET, and searches by POST. */
function isRead(method: string, path: string): boolean {
  return method === "GET" || /\/\.search(?:\?|$)/.test(path);
}

/** Written as it is: there is nothing about it that Fastify would have to find out. */
function send(reply: FastifyReply, { status, headers, body }: Reply): FastifyReply {
  reply.hijack();
  const { "content-type": type, ...rest } = headers;
  if (body !== undefined) {
    reply.raw.writeHead(status, { "content-type": type, ...rest, "content-length": Buffer.byteLength(body) });
  } else
    reply.raw.writeHead(status, status === 204 || status === 304 ? rest : { ...rest, "content-length": 0 });
  reply.raw.end(body);
  return reply;
}

function mediaTypeOf(tenant: Tenant): string {
  return tenant.dialect.product?.mediaType ?? "application/scim+json";
}

export function isAuthorized(site: Site, request: FastifyRequest): boolean {
  const token = bearerToken(request.headers.authorization);
  return token !== undefined && site.tokens.accepts(token);
}

function unauthorized(site: Site, token: string | undefined): ScimError {
  return new ScimError(
    401,
    undefined,
    token === undefined ? "A bearer token is needed." : "The token is not valid here.",
    {
      "www-authenticate": `Bearer realm="${site.tenant.name}"${token === undefined ? "" : ', error="invalid_token"'}`,
    },
  );
}

/** Segments and query of a path below a base URL. @throws ScimError 400 for one that cannot be decoded. */
export function locate(path: string): Pick<Call, "segments" | "query"> {
  const mark = path.indexOf("?");
  const pathname = mark < 0 ? path : path.slice(0, mark);
  try {
    return {
      segments: pathname
        .split("/")
        .filter((segment) => segment !== "")
        .map(decodeURIComponent),
      query: mark < 0 ? {} : { ...parseQuery(path.slice(mark + 1)) },
    };
  } catch {
    throw badSyntax("The path's percent-encoding is broken.");
  }
}

async function perform(tenant: Tenant, call: Call, fault: FaultRule | undefined): Promise<Reply> {
  if (fault?.status !== undefined) {
    const error = new ScimError(fault.status, undefined, `Injected by the fault \`${fault.id}\`.`);
    return { status: fault.status, headers: { ...fault.headers }, body: JSON.stringify(error.body) };
  }
  if (fault?.drop === "before") return { status: 503, headers: {} };
  const reply = fault?.ignore
    ? await tenant.data.batch.rehearse(() => route(tenant, call))
    : await route(tenant, call);
  if (fault?.mediaType !== undefined) reply.headers["content-type"] = fault.mediaType;
  return reply;
}

function failure(error: unknown): Reply {
  const refusal =
    error instanceof StorageError ? new ScimError(error.status, undefined, error.message) : error;
  if (refusal instanceof ScimError) {
    return { status: refusal.status, headers: { ...refusal.headers }, body: JSON.stringify(refusal.body) };
  }
  const unexpected = new ScimError(
    500,
    undefined,
    "The receiver failed to handle this request; it is a bug.",
  );
  process.emitWarning(error instanceof Error ? error : new Error(String(error)), {
    code: "ROLLCALL_RECEIVER",
  });
  return { status: 500, headers: {}, body: JSON.stringify(unexpected.body) };
}

function errorOf(body: string, token: string | undefined): Json {
  return JSON.parse(withoutToken(body, token)) as Json;
}
