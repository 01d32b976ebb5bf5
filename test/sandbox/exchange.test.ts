import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { drive, exchange } from "../../src/sandbox/exchange.ts";
import type { ScimRequest, ScimResponse } from "../../src/scim/wire.ts";
import { startScimStub } from "./entra/scim-stub.ts";

const target = (baseUrl: string, token = "scim-token") => ({
  baseUrl,
  token,
  outbound: (url: string) => url,
  userAgent: "test",
});

it("sends path, body and token to the base URL without its flags", async () => {
  const stub = await startScimStub();
  const response = await exchange(
    { method: "POST", path: "/Users?x=1", body: { userName: "ada" } },
    target(`${stub.url}/?aadOptscim062020`),
  );
  expect(response).toMatchObject({ status: 201, body: { userName: "ada", id: "target-1" } });
  expect(response.headers["content-type"]).toBe("application/scim+json");
  expect(stub.requests[0]).toMatchObject({
    url: "/scim/v2/Users?x=1",
    headers: { authorization: "Bearer scim-token", "content-type": "application/scim+json; charset=utf-8" },
  });
  await stub.stop();
  expect(await exchange({ method: "GET", path: "/Users" }, target(stub.url))).toMatchObject({ status: 0 });
});

it("never carries a token to another machine", async () => {
  const response = await exchange({ method: "GET", path: "/Users" }, target("https://datahub.example/scim"));
  expect(response.status).toBe(0);
  expect(response.body).toContain("https://datahub.example/scim");
  expect(response.body).not.toContain("scim-token");
});

it("does not follow redirects, and gives up after its timeout", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/slow") return;
    response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await exchange({ method: "GET", path: "/x" }, target(base))).status).toBe(302);
  const slow = await exchange({ method: "GET", path: "/slow" }, { ...target(base), timeout: 50 });
  expect(slow.status).toBe(0);
  server.closeAllConnections();
  server.close();
});

it("drives a generator with the answers to what it asks", async () => {
  const steps = (function* (): Generator<ScimRequest, number[], ScimResponse> {
    const first = yield { method: "GET", path: "/1" };
    const second = yield { method: "GET", path: `/${first.status}` };
    return [first.status, second.status];
  })();
  const asked: string[] = [];
  const result = await drive(steps, async ({ path }) => {
    asked.push(path);
    return { status: asked.length, headers: {}, body: undefined };
  });
  expect({ asked, result }).toEqual({ asked: ["/1", "/1"], result: [1, 2] });
});
