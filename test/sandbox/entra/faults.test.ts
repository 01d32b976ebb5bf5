import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import { ADA, GOVERNANCE, type Graph, JOHN, SID, start } from "./harness.ts";

let tenant: EntraTenant;
let graph: Graph;
beforeEach(async () => {
  ({ tenant, graph } = await start({ permissions: ["User.ReadWrite.All", "Group.ReadWrite.All"] }));
  tenant.log.clear();
});
afterEach(() => tenant.stop());

const newGroup = { displayName: "New", mailNickname: "new", mailEnabled: false, securityEnabled: true };
const groupNames = async () =>
  (await graph("GET", "/groups")).body.value.map(({ displayName }: { displayName: string }) => displayName);

describe("faults", () => {
  it.each([401, 403, 404, 409, 429, 500, 503] as const)("answer %s once, without effect", async (answer) => {
    tenant.faults.arm({ method: "POST", path: "/groups$", effect: { answer, retryAfter: 7 } });
    const refused = await graph("POST", "/groups", newGroup);
    expect(refused.status).toBe(answer);
    expect(refused.body.error.code).toEqual(expect.any(String));
    expect(refused.headers.get("retry-after")).toBe(answer === 429 || answer === 503 ? "7" : null);
    expect(await groupNames()).toHaveLength(2);
    expect((await graph("POST", "/groups", newGroup)).status).toBe(201);
  });

  it("are the synchronization API's silent 401 there", async () => {
    tenant.faults.arm({ path: "/synchronization/", effect: { answer: 401 } });
    const { body } = await graph("GET", "/servicePrincipals/x/synchronization/jobs");
    expect(body.error).toMatchObject({ code: "UnknownError", message: "" });
  });

  it("drop the connection before or after the effect", async () => {
    tenant.faults.arm({ method: "POST", path: "/groups$", effect: { drop: "before" } });
    await expect(graph("POST", "/groups", newGroup)).rejects.toThrow();
    expect(await groupNames()).not.toContain("New");
    tenant.faults.arm({ method: "POST", path: "/groups$", effect: { drop: "after" } });
    await expect(graph("POST", "/groups", newGroup)).rejects.toThrow();
    expect(await groupNames()).toContain("New");
    expect(tenant.log.writes().map(({ status }) => status)).toEqual([0, 0]);
  });

  it("drop a whole batch when they drop a part of it", async () => {
    tenant.faults.arm({ method: "PATCH", path: "/groups/", effect: { drop: "after" } });
    const headers = { "Content-Type": "application/json" };
    const requests = [
      { id: "1", method: "PATCH", url: `/groups/${GOVERNANCE}`, headers, body: { displayName: "changed" } },
      { id: "2", method: "PATCH", url: `/groups/${GOVERNANCE}`, headers, body: { displayName: "again" } },
    ];
    await expect(graph("POST", "/$batch", { requests })).rejects.toThrow();
    expect(await groupNames()).toContain("changed");
  });
});

describe("batches", () => {
  it("answer each part for itself, and count it", async () => {
    const headers = { "content-type": "application/json" };
    const { body } = await graph("POST", "/$batch", {
      requests: [
        { id: "a", method: "GET", url: `/users/${ADA}` },
        { id: "b", method: "GET", url: "users/nobody" },
        { id: "c", method: "POST", url: "/groups", headers, body: newGroup, dependsOn: ["a"] },
        { id: "d", method: "DELETE", url: `/groups/${GOVERNANCE}/members/${JOHN}/$ref`, dependsOn: ["c"] },
        {
          id: "e",
          method: "GET",
          url: `/groups/${GOVERNANCE}/members/$count`,
          headers: { ConsistencyLevel: "eventual" },
        },
      ],
    });
    const statuses = Object.fromEntries(
      body.responses.map((part: { id: string; status: number }) => [part.id, part.status]),
    );
    expect(statuses).toEqual({ a: 200, b: 404, c: 201, d: 204, e: 200 });
    expect(body.responses.find(({ id }: { id: string }) => id === "e").body).toBe(1);
    expect(body.responses.find(({ id }: { id: string }) => id === "d")).not.toHaveProperty("body");
    expect(tenant.log.counts()).toEqual({ reads: 4, writes: 2, exchanges: 1 });
  });

  it("refuse single parts, with their own Retry-After", async () => {
    tenant.faults.arm({ path: `/users/${SID}`, effect: { answer: 429, retryAfter: 4 } });
    const requests = [ADA, SID].map((id) => ({ id, method: "GET", url: `/users/${id}` }));
    const { body } = await graph("POST", "/$batch", { requests });
    const refused = body.responses.find(({ id }: { id: string }) => id === SID);
    expect(refused).toMatchObject({ status: 429, headers: { "Retry-After": "4" } });
    expect(body.responses.find(({ id }: { id: string }) => id === ADA).status).toBe(200);
  });
});

describe("administration over HTTP", () => {
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${tenant.baseUrl}/_sandbox${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };

  it("arms faults, makes changes, shows the log, and appears in none of it", async () => {
    expect((await call("POST", "/faults", { path: "/users", effect: { answer: 503 } })).status).toBe(201);
    expect((await graph("GET", "/users")).status).toBe(503);
    expect(
      (await call("POST", "/changes", { change: "renameGroup", group: "editors", displayName: "writers" }))
        .status,
    ).toBe(204);
    expect(await groupNames()).toContain("writers");
    expect((await call("GET", "/requests")).body).toMatchObject({
      counts: { reads: 2, writes: 0, exchanges: 2 },
      requests: [{ method: "GET", path: "/v1.0/users", status: 503 }, { path: "/v1.0/groups" }],
    });
    expect((await call("DELETE", "/requests")).status).toBe(204);
    expect((await call("GET", "/requests")).body.requests).toEqual([]);
    await call("POST", "/faults", { path: "/users", effect: { answer: 503 } });
    expect((await call("DELETE", "/faults")).status).toBe(204);
    expect((await graph("GET", "/users")).status).toBe(200);
  });

  it("calls Graph as an administrator", async () => {
    const path = `/graph/v1.0/groups/${GOVERNANCE}`;
    expect((await call("PATCH", path, { displayName: "stewards" })).status).toBe(204);
    expect((await call("GET", `${path}?$select=displayName`)).body).toMatchObject({
      displayName: "stewards",
    });
    expect((await call("POST", "/graph/v1.0/applicationTemplates/x/instantiate", {})).status).toBe(404);
    expect(tenant.log.list()).toEqual([]);
  });

  it("runs cycles, moves the clock and dumps", async () => {
    expect((await call("POST", "/cycles")).body).toEqual({});
    expect((await call("POST", "/cycles/scim.none")).body.error).toMatch(/no synchronization job/);
    const before = tenant.clock.now().getTime();
    const { body } = await call("POST", "/clock", { seconds: 60 });
    expect(Date.parse(body.now) - before).toBeGreaterThanOrEqual(60_000);
    expect((await call("GET", "/dump")).body.groups).toHaveLength(2);
    expect((await call("GET", "/")).body.tenantId).toBe(tenant.tenantId);
  });

  it("says what is wrong with a request", async () => {
    expect(await call("POST", "/changes", { change: "explode" })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining("explode") },
    });
    expect(await call("POST", "/faults")).toMatchObject({ status: 400 });
    expect(await call("POST", "/faults", { path: "(", effect: { answer: 500 } })).toMatchObject({
      status: 400,
    });
  });

  it("answers no web page and no other name of this machine", async () => {
    expect((await call("GET", "/dump", undefined, { origin: "https://evil.example" })).status).toBe(403);
    const { hostname, port } = new URL(tenant.baseUrl);
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request({ hostname, port, path: "/_sandbox/dump", headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });
});
