import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, expect, test } from "vitest";
import { API_TOKEN, closeAfterTest, createApp, scimForm, testOrg } from "./org.ts";

describe("the transport", () => {
  test("calls the product with the headers of Okta's client", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      request.resume();
      response.setHeader("content-type", "application/scim+json");
      response.statusCode = request.method === "POST" ? 201 : 200;
      response.end(
        request.method === "POST" ? '{"id":"1"}' : '{"totalResults":0,"startIndex":1,"itemsPerPage":0}',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closeAfterTest(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const org = await testOrg({ outbound: () => `http://127.0.0.1:${port}` });
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00usid", scope: "USER" });
    await org.settle();
    expect(seen).toHaveLength(3);
    const expected = {
      accept: "application/scim+json",
      "accept-charset": "utf-8",
      "accept-encoding": "gzip,deflate",
      authorization: "Bearer scim-token-of-the-tests",
      connection: "close",
      "user-agent": "Okta SCIM Client 1.0.0",
    };
    for (const headers of seen) expect(headers).toMatchObject(expected);
    expect(seen.map((headers) => headers["content-type"])).toEqual([
      undefined,
      undefined,
      "application/scim+json; charset=utf-8",
    ]);
  });

  test("takes targets in absolute form, whatever the Host, as @pulumi/okta sends them", async () => {
    const org = await testOrg();
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(org.url).port), "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("end", () => resolve(text));
      socket.on("error", reject);
      socket.write(
        `GET http://127.0.0.1/api/v1/users/me HTTP/1.1\r\nHost: sim.okta.com\r\nAuthorization: SSWS ${API_TOKEN}\r\n` +
          "Proxy-Authorization: Basic Og==\r\nAccept: application/json\r\nConnection: close\r\n\r\n",
      );
    });
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toMatch(/content-type: application\/json\r\n/i);
    expect(answer).toMatch(/content-length: \d+/i);
    for (const header of ["date", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"]) {
      expect(answer.toLowerCase()).toContain(`\r\n${header}: `);
    }
  });

  test("faults strike, before and after the effect", async () => {
    const org = await testOrg();
    const body = { profile: { name: "new" } };
    org.faults.arm({ method: "POST", path: "/groups", effect: { answer: 503 } });
    expect((await org.call("POST", "/api/v1/groups", body)).status).toBe(503);
    org.faults.arm({ method: "POST", path: "/groups", effect: { answer: 429, retryAfter: 2 } });
    expect((await org.call("POST", "/api/v1/groups", body)).headers.get("x-rate-limit-reset")).toMatch(
      /^\d+$/,
    );
    const names = () => org.directory().groups.map((group) => group.profile.name);
    await org.call("POST", "/_sandbox/faults", {
      method: "POST",
      path: "/groups",
      effect: { drop: "before" },
    });
    await expect(org.call("POST", "/api/v1/groups", body)).rejects.toThrow();
    expect(names()).not.toContain("new");
    await org.call("POST", "/_sandbox/faults", {
      method: "POST",
      path: "/groups",
      effect: { drop: "after" },
    });
    await expect(org.call("POST", "/api/v1/groups", body)).rejects.toThrow();
    expect(names()).toContain("new");
    expect((await org.call("POST", "/_sandbox/faults", { path: "x", effect: {} })).status).toBe(400);
  });

  test("requests are counted, those of the sandbox's keeper not", async () => {
    const org = await testOrg();
    await createApp(org);
    await org.call("GET", "/api/v1/apps");
    await org.call("GET", "/_sandbox/dump");
    await org.asAdministrator("GET", "/api/v1/apps");
    expect(org.log.counts()).toEqual({ reads: 1, writes: 1, exchanges: 2 });
    expect((await org.call("GET", "/_sandbox/requests")).body.counts.writes).toBe(1);
    await org.call("DELETE", "/_sandbox/requests");
    expect(org.log.list()).toEqual([]);
  });

  test("an unkind org refuses some calls and is late with some new groups", async () => {
    const org = await testOrg({ kindness: { rate: 1, seed: "s" } });
    let refused = 0;
    const patient = async (method: string, path: string, body?: unknown) => {
      for (;;) {
        const answer = await org.call(method, path, body);
        if (answer.status !== 429) return answer;
        expect(answer.headers.get("x-rate-limit-remaining")).toBe("0");
        refused++;
      }
    };
    let late = 0;
    for (let i = 0; i < 10; i++) {
      const { body } = await patient("POST", "/api/v1/groups", { profile: { name: `n${i}` } });
      for (let read = await patient("GET", `/api/v1/groups/${body.id}`); read.status === 404; late++) {
        read = await patient("GET", `/api/v1/groups/${body.id}`);
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(0);
  });
});
