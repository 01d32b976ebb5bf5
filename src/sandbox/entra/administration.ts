import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fault } from "../faults.ts";
import { isLoopback } from "../outbound.ts";
import { applyChange, type DirectoryChange } from "./changes.ts";
import { dumpTenant } from "./dump.ts";
import { ADMINISTRATOR_HEADER, internalHeader } from "./pipeline.ts";
import { runCycle } from "./synchronization/cycle.ts";
import type { TenantState } from "./tenant-state.ts";

/**
 * The sandbox's own calls under `/_sandbox`: what people and tests do that Graph has no call for. They need no token, so they
 * answer nobody but this machine, and no page in a browser.
 */
export function administrationRoutes(server: FastifyInstance, tenant: TenantState): void {
  server.register(
    async (scope) => {
      scope.addHook("onRequest", async (request, reply) => {
        if (request.headers.origin === undefined && isLoopback(`http://${request.headers.host}`)) return;
        return reply
          .code(403)
          .send({ error: "The sandbox is administered from this machine only, and not by web pages." });
      });
      scope.addHook("preHandler", async ({ method, url, body }) => {
        if (method !== "POST" || /\/(cycles|graph)(\/|$)/.test(url)) return;
        if (typeof body !== "object" || body === null)
          throw new RangeError("This call needs a JSON object as its body.");
      });
      scope.setErrorHandler((error: Error, _request: FastifyRequest, reply: FastifyReply) => {
        const expected =
          error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError;
        return reply.code(expected ? 400 : 500).send({ error: error.message });
      });

      scope.get("/", async () => ({
        tenantId: tenant.tenantId,
        manner: tenant.unkind.describe(),
        calls: CALLS,
      }));
      scope.get("/requests", async () => ({ counts: tenant.log.counts(), requests: tenant.log.list() }));
      scope.delete("/requests", async (_request, reply) => {
        tenant.log.clear();
        return reply.code(204).send();
      });
      scope.post<{ Body: Fault }>("/faults", async ({ body }, reply) =>
        reply.code(201).send({ id: tenant.faults.arm(body) }),
      );
      scope.delete("/faults", async (_request, reply) => {
        tenant.faults.clear();
        return reply.code(204).send();
      });
      scope.post<{ Body: DirectoryChange }>("/changes", async ({ body }, reply) => {
        tenant.store.transaction(() => applyChange(tenant, body));
        return reply.code(204).send();
      });
      scope.post("/cycles", async () => {
        const { jobs, servicePrincipals } = tenant.documents;
        return Object.fromEntries(
          await Promise.all(
            jobs.values().map(async ({ id, servicePrincipalId }) => {
              const application =
                servicePrincipals.get(servicePrincipalId)?.displayName ?? servicePrincipalId;
              return [id, { application, ...(await runCycle(tenant, id)) }];
            }),
          ),
        );
      });
      scope.post<{ Params: { jobId: string } }>("/cycles/:jobId", ({ params }) =>
        runCycle(tenant, params.jobId),
      );
      scope.post<{ Body: { seconds: number } }>("/clock", async ({ body }) => {
        tenant.clock.advance(body.seconds * 1000);
        return { now: tenant.clock.now().toISOString() };
      });
      scope.route<{ Params: { "*": string } }>({
        method: ["GET", "POST", "PUT", "PATCH", "DELETE"],
        url: "/graph/*",
        handler: async ({ method, url, body }, reply) => {
          const answer = await server.inject({
            method: method as "GET",
            url: url.slice("/_sandbox/graph".length),
            headers: internalHeader(ADMINISTRATOR_HEADER),
            ...(body === undefined ? {} : { payload: body as object }),
          });
          return reply
            .code(answer.statusCode)
            .type("application/json")
            .send(answer.payload || undefined);
        },
      });
      scope.get("/dump", async () => dumpTenant(tenant));
    },
    { prefix: "/_sandbox" },
  );
}

const CALLS = {
  "GET /_sandbox/requests": "what was asked of the tenant, with counts of reads and writes",
  "DELETE /_sandbox/requests": "forgets them",
  "POST /_sandbox/faults":
    '{"method": "POST", "path": "appRoleAssignedTo", "times": 1, "effect": {"answer": 503}}',
  "DELETE /_sandbox/faults": "disarms all faults",
  "POST /_sandbox/changes": '{"change": "removeMember", "group": "governance-team", "user": "john@acme.com"}',
  "POST /_sandbox/cycles": "one provisioning cycle of every started job; /cycles/{jobId} of one",
  "POST /_sandbox/clock": '{"seconds": 3600}',
  "* /_sandbox/graph/v1.0/{path}": "calls Graph as an administrator: past permissions, faults and delays",
  "GET /_sandbox/dump": "the tenant without ids and times",
};
