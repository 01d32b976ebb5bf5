import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface StubRequest {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  body: any;
}

/** The least that a SCIM server can be: finds nothing, creates everything, checks its token. */
export async function startScimStub(token = "scim-token"): Promise<{
  url: string;
  requests: StubRequest[];
  stop(): Promise<void>;
}> {
  const requests: StubRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = text === "" ? undefined : JSON.parse(text);
    requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    const answer = (status: number, content?: unknown) => {
      response.writeHead(status, { "content-type": "application/scim+json" });
      response.end(content === undefined ? undefined : JSON.stringify(content));
    };
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { detail: "wrong token" });
    if (request.method === "GET") {
      return answer(200, {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        totalResults: 0,
        Resources: [],
      });
    }
    if (request.method === "POST") return answer(201, { ...body, id: `target-${requests.length}` });
    return answer(204);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
