import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A SCIM server that takes everybody and finds nobody, whose accepted tokens a test may change. */
export interface ScimEndpoint {
  url: string;
  tokens: Set<string>;
  stop(): Promise<void>;
}

export async function scimEndpoint(...tokens: string[]): Promise<ScimEndpoint> {
  const accepted = new Set(tokens);
  const server = createServer((request, response) => {
    const known = accepted.has((request.headers.authorization ?? "").replace("Bearer ", ""));
    const creates = known && request.method === "POST";
    response.writeHead(creates ? 201 : known ? 200 : 401, { "content-type": "application/scim+json" });
    if (creates) return response.end(JSON.stringify({ id: randomUUID() }));
    response.end(
      JSON.stringify(
        known
          ? {
              schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
              totalResults: 0,
              Resources: [],
            }
          : {
              schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
              status: "401",
              detail: "wrong token",
            },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    tokens: accepted,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
