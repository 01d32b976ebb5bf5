import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Intake } from "../deviation.ts";
import { dialects } from "../dialects/index.ts";
import { badValue, ScimError } from "../errors.ts";
import type { Faults } from "../faults/faults.ts";
import { parseBody } from "../http/body.ts";
import type { Site } from "../http/exchange.ts";
import { locate } from "../http/exchange.ts";
import { bearerToken } from "../http/tokens.ts";
import { expectJournal } from "../journal/expect.ts";
import type { JournalQuery } from "../journal/journal.ts";
import { route } from "../protocol/route.ts";
import { diffArrivals, readArrivals } from "./arrivals.ts";
import { readExpectation, readExpectedArrivals } from "./expected-input.ts";
import { readFault } from "./fault-input.ts";
import { viewProduct } from "./product-view.ts";
import { restoreSnapshot, takeSnapshot } from "./snapshot.ts";
import { Streams } from "./stream.ts";

/** Where the administration stands; no tenant's path may begin with it. */
export const ADMIN_PREFIX = "/_rollcall";

const MAX_SNAPSHOT_BYTES = 512 * 1024 * 1024;

type Action = (site: Site, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Serves the administration of those tenants that a request's token belongs to. */
export function serveAdmin(server: FastifyInstance, sites: Site[], faults: Faults): void {
  const streams = new Streams();
  server.addHook("preClose", async () => streams.endAll());

  const on = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, action: Action) => {
    server.route({
      method,
      url: `${ADMIN_PREFIX}/tenants/:tenant${path}`,
      bodyLimit: MAX_SNAPSHOT_BYTES,
      onRequest: async (request) => {
        siteOf(sites, request);
      },
      handler: async (request, reply) => {
        const site = siteOf(sites, request);
        let result = await action(site, request, reply);
        if (reply.sent) return reply;
        try {
          await site.tenant.data.batch.settled();
        } catch (error) {
          if (method !== "GET") throw error;
          // What was read may have been in a transaction that came to nothing.
          result = await action(site, request, reply);
        }
        return result === undefined ? reply.code(204).send() : sendJson(reply, reply.statusCode, result);
      },
    });
  };

  server.get(`${ADMIN_PREFIX}/tenants`, async (request, reply) => {
    const open = openSites(sites, request);
    return sendJson(reply, 200, open.map(summary));
  });

  on("GET", "/journal", ({ journal }, request) => journal.query(journalQuery(request)));
  on("DELETE", "/journal", ({ journal }) => journal.clear());
  on("GET", "/journal/stream", ({ journal }, request, reply) => {
    streams.start(reply, journal, wholeNumber(query(request), "since"));
    return reply;
  });
  on("POST", "/expect", async ({ journal }, request, reply) => {
    const result = await expectJournal(journal, readExpectation(bodyOf(request)));
    // 417 lets `curl --fail` be the assertion.
    if (!result.ok) reply.code(417);
    return result;
  });

  on("GET", "/snapshot", ({ tenant }) => takeSnapshot(tenant));
  on("PUT", "/snapshot", ({ tenant }, request) => restoreSnapshot(tenant, bodyOf(request)));
  // What the page shows: neither journaled, nor hit by faults, nor limited to what a product can search.
  on("GET", "/resources/*", async ({ tenant }, request, reply) => {
    const path = (request.raw.url ?? "").replace(/^.*?\/resources/, "");
    const call = {
      method: "GET",
      headers: {},
      intake: new Intake(true),
      body: () => undefined,
      ...locate(path),
    };
    const { status, body } = await route({ ...tenant, dialect: dialects.lenient }, call);
    return reply.code(status).header("content-type", "application/json").send(body);
  });
  on("DELETE", "/resources", ({ tenant }) => tenant.data.clear());
  on("GET", "/arrivals", ({ tenant }) => readArrivals(tenant));
  on("POST", "/diff", ({ tenant }, request) =>
    diffArrivals(readExpectedArrivals(bodyOf(request)), readArrivals(tenant)),
  );
  on("GET", "/product", ({ tenant }) => {
    const view = viewProduct(tenant);
    if (!view) throw new ScimError(404, undefined, `The dialect \`${tenant.dialect.name}\` is no product's.`);
    return view;
  });

  const own = (site: Site) => faults.list().filter((fault) => fault.tenant === site.tenant.name);
  const faultId = (request: FastifyRequest) => String((request.params as { id: string }).id);
  on("GET", "/faults", (site) => own(site));
  on("PUT", "/faults/:id", (site, request) =>
    faults.set({ ...readFault(bodyOf(request)), id: faultId(request), tenant: site.tenant.name }),
  );
  on("DELETE", "/faults/:id", (site, request) => {
    if (!faults.clear(faultId(request), site.tenant.name))
      throw new ScimError(404, undefined, "There is no such fault.");
  });
  on("DELETE", "/faults", (site) => {
    for (const { id, tenant } of own(site)) faults.clear(id, tenant);
  });
}

function summary({ tenant, journal }: Site) {
  return {
    name: tenant.name,
    baseUrl: tenant.baseUrl,
    dialect: tenant.dialect.name,
    users: tenant.data.users.count(),
    groups: tenant.data.groups.count(),
    lastRequest: journal.lastSeq,
    journalEntriesLost: journal.lost,
  };
}

function sendJson(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply.code(status).header("content-type", "application/json").send(JSON.stringify(value));
}

/** @throws ScimError 401. */
function openSites(sites: Site[], request: FastifyRequest): Site[] {
  const token = bearerToken(request.headers.authorization);
  const open = token === undefined ? [] : sites.filter((site) => site.tokens.accepts(token));
  if (open.length > 0) return open;
  const what = token === undefined ? "A tenant's bearer token is needed." : "The token is no tenant's here.";
  throw new ScimError(401, undefined, what, {
    "www-authenticate": 'Bearer realm="rollcall"',
  });
}

/** @throws ScimError 401, or 404 for a tenant that the token does not belong to. */
function siteOf(sites: Site[], request: FastifyRequest): Site {
  const { tenant } = request.params as { tenant: string };
  const site = openSites(sites, request).find((open) => open.tenant.name === tenant);
  if (!site) throw new ScimError(404, undefined, "The token belongs to no tenant of this name.");
  return site;
}

function query(request: FastifyRequest): Record<string, string | undefined> {
  return request.query as Record<string, string | undefined>;
}

function wholeNumber(parameters: Record<string, string | undefined>, name: string): number | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw badValue(`\`${name}\` takes a whole number.`);
  return number;
}

function journalQuery(request: FastifyRequest): JournalQuery {
  const parameters = query(request);
  const { method, path, deviation } = parameters;
  const numbers = (["since", "before", "status", "limit"] as const).flatMap((name) => {
    const number = wholeNumber(parameters, name);
    return number === undefined ? [] : [[name, number]];
  });
  return {
    ...Object.fromEntries(numbers),
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(deviation === undefined ? {} : { deviation }),
  };
}

function bodyOf(request: FastifyRequest): unknown {
  return parseBody(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
}
