import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ScimClient, scimClient } from "../../src/clients/scim.ts";

const TOKEN = "scim-token";
const USERS = Array.from({ length: 7 }, (_, index) => ({ id: String(index), userName: `u${index}` }));

let server: Server;
let seen: string[];
let client: ScimClient;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://x");
    seen.push(decodeURIComponent(url.pathname + url.search));
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/scim+json" });
      response.end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { detail: "no" });
    if (url.pathname === "/scim/page") return send(200, "<html>");
    const id = /\/Users\/(.+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) {
      const user = USERS.find((one) => one.id === id);
      return user ? send(200, user) : send(404, { detail: "none" });
    }
    const start = Number(url.searchParams.get("startIndex"));
    // A server may give fewer than it is asked for.
    const count = Math.min(3, Number(url.searchParams.get("count")));
    const found = url.searchParams.has("filter") ? USERS.slice(2, 3) : USERS;
    send(200, {
      totalResults: found.length,
      startIndex: start,
      Resources: found.slice(start - 1, start - 1 + count),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = at("/scim/v2/");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function at(path: string, token = TOKEN): ScimClient {
  return scimClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    token,
    pageSize: 5,
  });
}

describe("the SCIM client", () => {
  it("reads all pages, however many a server gives at once", async () => {
    expect(await client.list("Users")).toEqual(USERS);
    expect(seen).toEqual(["1", "4", "7"].map((start) => `/scim/v2/Users?startIndex=${start}&count=5`));
  });

  it("filters", async () => {
    expect(await client.list("Users", 'userName eq "u 2"')).toEqual([USERS[2]]);
    expect(seen).toEqual(['/scim/v2/Users?startIndex=1&count=5&filter=userName eq "u 2"']);
  });

  it("gets one, or nothing where there is none", async () => {
    expect(await client.get("Users", "3")).toEqual(USERS[3]);
    expect(await client.get("Users", "99")).toBeUndefined();
  });

  it("names the token when it is refused, without showing it", async () => {
    await expect(at("/scim/v2", "wrong-token").list("Users")).rejects.toThrow(
      "The SCIM endpoint refused GET /scim/v2/Users: 401: no. Is this the token of the product's SCIM endpoint, and has it not expired?",
    );
  });

  it("names an address that is no SCIM endpoint", async () => {
    await expect(at("/scim/page?").list("Users")).rejects.toThrow("is not a SCIM list");
  });
});
