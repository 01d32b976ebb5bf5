import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { GraphRouter } from "./graph-router.ts";
import { installPipeline } from "./pipeline.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { assignmentRoutes } from "./routes/assignments.ts";
import { batchRoutes } from "./routes/batch.ts";
import { groupRoutes } from "./routes/groups.ts";
import { organizationRoutes } from "./routes/organization.ts";
import { provisioningLogRoutes } from "./routes/provisioning-logs.ts";
import { servicePrincipalRoutes } from "./routes/service-principals.ts";
import { templateRoutes } from "./routes/templates.ts";
import { tokenRoutes } from "./routes/token.ts";
import { userRoutes } from "./routes/users.ts";
import { credentialRoutes } from "./synchronization/credentials.ts";
import { expressionRoutes } from "./synchronization/expressions.ts";
import { jobRoutes } from "./synchronization/jobs.ts";
import { onDemandRoutes } from "./synchronization/on-demand.ts";
import { schemaRoutes } from "./synchronization/schema.ts";
import { secretRoutes } from "./synchronization/secrets.ts";
import { synchronizationTemplateRoutes } from "./synchronization/templates.ts";
import type { TenantState } from "./tenant-state.ts";

/** A synchronization schema can be large. */
const BODY_LIMIT = 16 * 1024 * 1024;

/** Microsoft Graph (v1.0 and beta) and the sign-in service on one server, not listening yet. */
export function graphServer(tenant: TenantState): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
    rewriteUrl: ({ url = "/" }) => withKeySegments(url),
  });
  installPipeline(server, tenant);
  tokenRoutes(server, tenant);
  for (const version of ["v1.0", "beta"] as const) {
    server.register(
      async (scope) => {
        const router = new GraphRouter(scope, tenant, version);
        userRoutes(router);
        groupRoutes(router);
        applicationRoutes(router);
        templateRoutes(router);
        servicePrincipalRoutes(router);
        assignmentRoutes(router);
        organizationRoutes(router);
        provisioningLogRoutes(router);
        secretRoutes(router);
        jobRoutes(router);
        schemaRoutes(router);
        expressionRoutes(router);
        synchronizationTemplateRoutes(router);
        credentialRoutes(router);
        onDemandRoutes(router);
        batchRoutes(router, server);
      },
      { prefix: `/${version}` },
    );
  }
  return server;
}

/** OData's keys in parentheses as path segments: `/applications(appId='x')` is `/applications/appId=x`. */
function withKeySegments(url: string): string {
  const [path = "", ...query] = url.split("?");
  const segments = decodeParentheses(path).replace(
    /\((?:(appId)=)?'([^'()/]+)'\)/g,
    (_all, name?: string, key?: string) => (name === undefined ? `/${key}` : `/${name}=${key}`),
  );
  return [segments, ...query].join("?");
}

function decodeParentheses(path: string): string {
  return path.replaceAll("%28", "(").replaceAll("%29", ")").replaceAll("%27", "'");
}
