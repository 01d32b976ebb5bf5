import { createServer, type Server } from "node:https";
import type { ThrowAwayCertificate } from "../certificate.ts";

/**
 * The one thing that azuread insists on fetching over TLS: where Graph and the sign-in service are
 * (`GET /metadata/endpoints?api-version=2022-09-01`). Both may be plain HTTP.
 */
export function metadataServer({ certificate, key }: ThrowAwayCertificate, baseUrl: () => string): Server {
  return createServer({ cert: certificate, key, minVersion: "TLSv1.2" }, (request, response) => {
    const url = new URL(request.url ?? "/", "https://metadata");
    const found = request.method === "GET" && url.pathname === "/metadata/endpoints";
    const body = found ? endpoints(baseUrl(), `https://${request.headers.host}`) : { error: "not found" };
    response.writeHead(found ? 200 : 404, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(body));
  });
}

function endpoints(base: string, self: string): Record<string, unknown> {
  return {
    name: "rollcall sandbox",
    resourceManager: self,
    microsoftGraphResourceId: base,
    authentication: {
      loginEndpoint: base,
      audiences: [self],
      tenant: "common",
      identityProvider: "AAD",
    },
    suffixes: {},
  };
}
