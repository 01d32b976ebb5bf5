import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Tenant } from "./harness.ts";
import { client, group, startTenant, TOKEN, user } from "./harness.ts";

let tenant: Tenant;
let admin: ReturnType<typeof client>;

beforeEach(async () => {
  tenant = await startTenant("lenient");
  admin = client(`${tenant.receiver.url}/_rollcall/tenants/main`);
});
afterEach(() => tenant.close());

describe("the administration", () => {
  it("belongs to the tenants of the token", async () => {
    const other = { name: "other", path: "/other", dialect: "strict" as const, tokens: ["second", "third"] };
    const two = await startTenant(
      "lenient",
      {},
      {
        tenants: [{ name: "main", path: "/scim/v2", dialect: "lenient", tokens: [TOKEN] }, other],
      },
    );
    const root = (token: string) => client(`${two.receiver.url}/_rollcall`, token);
    expect((await root(TOKEN).get("/tenants")).body.map((t: { name: string }) => t.name)).toEqual(["main"]);
    expect((await root("third").get("/tenants")).body.map((t: { name: string }) => t.name)).toEqual([
      "other",
    ]);
    expect((await root("wrong").get("/tenants")).status).toBe(401);
    for (const path of ["/journal", "/snapshot", "/faults", "/arrivals"]) {
      expect((await root("second").get(`/tenants/main${path}`)).status).toBe(404);
      expect((await root("wrong").get(`/tenants/main${path}`)).status).toBe(401);
    }
    expect((await client(`${two.receiver.url}/other`, TOKEN).get("/Users")).status).toBe(401);
    two.receiver.setTokens("other", ["fourth"]);
    expect((await client(`${two.receiver.url}/other`, "second").get("/Users")).status).toBe(401);
    expect((await client(`${two.receiver.url}/other`, "fourth").get("/Users")).status).toBe(200);
    await two.close();
  });

  it("takes a snapshot and puts it back", async () => {
    const { body } = await tenant.post("/Users", user("kept", { title: "x", emails: [{ value: "k@x" }] }));
    await tenant.post("/Groups", group("g", { members: [{ value: body.id, display: "K" }] }));
    const before = await tenant.get("/Groups");
    const snapshot = (await admin.get("/snapshot")).body;
    await tenant.remove(`/Users/${body.id}`);
    await tenant.post("/Users", user("new"));
    expect((await admin.send("PUT", "/snapshot", snapshot)).status).toBe(204);
    expect((await tenant.get("/Groups")).body).toEqual(before.body);
    expect((await tenant.get(`/Users/${body.id}`)).body).toMatchObject({
      title: "x",
      groups: [{ display: "g" }],
    });
    expect((await tenant.find("Users", 'emails.value eq "k@x"')).body.totalResults).toBe(1);
    expect((await tenant.get("/Users")).body.totalResults).toBe(1);
    snapshot.users.push({ id: "broken" });
    expect((await admin.send("PUT", "/snapshot", snapshot)).status).toBe(400);
    expect((await tenant.get("/Users")).body.totalResults).toBe(1);
    expect((await admin.remove("/resources")).status).toBe(204);
    expect((await tenant.get("/Users")).body.totalResults).toBe(0);
  });

  it("compares what arrived with what is expected", async () => {
    const john = await tenant.post(
      "/Users",
      user("John@acme.com", { displayName: "John", active: true, roles: [{ value: "Reader" }] }),
    );
    await tenant.post("/Users", user("extra"));
    await tenant.post("/Groups", group("gov", { members: [{ value: john.body.id }] }));
    const expected = {
      users: [
        { userName: "john@acme.com", displayName: "John", active: false, via: [] },
        { userName: "sid", displayName: "Sid", active: true, via: [] },
      ],
      groups: ["gov"],
      memberships: [{ group: "gov", userName: "john@acme.com" }],
      roles: [{ userName: "john@acme.com", role: "Editor" }],
    };
    expect((await admin.post("/diff", expected)).body).toEqual({
      equal: false,
      users: {
        missing: ["sid"],
        unexpected: ["extra"],
        different: [{ userName: "john@acme.com", expected: "John (inactive)", arrived: "John (active)" }],
      },
      groups: { missing: [], unexpected: [] },
      memberships: { missing: [], unexpected: [] },
      roles: { missing: ["john@acme.com: Editor"], unexpected: ["john@acme.com: Reader"] },
    });
    const arrivals = (await admin.get("/arrivals")).body;
    expect((await admin.post("/diff", arrivals)).body.equal).toBe(true);
    expect(tenant.receiver.diff("main", expected)).toEqual((await admin.post("/diff", expected)).body);
  });

  it.each([
    ["/diff", {}],
    ["/diff", { users: [1], groups: [], memberships: [], roles: [] }],
    ["/diff", { users: [], groups: [3], memberships: [null], roles: [{ userName: 5 }] }],
    ["/expect", []],
    ["/expect", { requests: [{ path: 5 }] }],
    ["/expect", { requests: [{ metod: "POST" }] }],
    ["/expect", { never: [], within: "a while" }],
  ])("says what is wrong with a body for %s: %j", async (path, body) => {
    expect(await admin.post(path, body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/expect/) },
    });
  });

  it("does not restore a snapshot in which an id stands twice", async () => {
    await tenant.post("/Users", user("stays"));
    const { body: snapshot } = await admin.get("/snapshot");
    const twice = { ...snapshot, users: [...snapshot.users, { ...snapshot.users[0], userName: "again" }] };
    expect(await admin.send("PUT", "/snapshot", twice)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(snapshot.users[0].id) },
    });
    expect((await admin.get("/snapshot")).body.users).toEqual(snapshot.users);
  });

  it("shows what Data Mesh Manager makes of memberships, and takes roles back", async () => {
    await tenant.close();
    tenant = await startTenant("data-mesh-manager", {
      settings: {
        scimGroupMappings: [
          { scimGroup: "owners", type: "organizationOwner" },
          { scimGroup: "stewards", type: "teamMemberRole", teamId: "marketing", teamMemberRole: "Steward" },
          { scimGroup: "stewards", type: "teamMemberRole", teamId: "sales", teamMemberRole: "Steward" },
          { scimGroup: "leads", type: "teamMemberRole", teamId: "sales", teamMemberRole: "Owner" },
        ],
      },
    });
    admin = client(`${tenant.receiver.url}/_rollcall/tenants/main`);
    const { id } = (
      await tenant.post(
        "/Users",
        user("ada@acme.com", { active: "True", emails: [{ type: "work", value: "Ada@acme.com" }] }),
      )
    ).body;
    await tenant.post(
      "/Users",
      user("bob@acme.com", { active: false, emails: [{ type: "work", value: "b@acme.com" }] }),
    );
    const groups = await Promise.all(
      ["owners", "stewards", "leads"].map(
        async (name) => (await tenant.post("/Groups", group(name, { members: [{ value: id }] }))).body.id,
      ),
    );
    const view = async () => (await admin.get("/product")).body;
    expect(await view()).toEqual({
      people: [
        { userName: "ada@acme.com", status: "active", roles: ["Organization Owner"], emailValidated: true },
        {
          userName: "bob@acme.com",
          status: "inactive",
          roles: ["Organization Member"],
          emailValidated: false,
        },
      ],
      teams: [
        { name: "marketing", members: [{ userName: "ada@acme.com", roles: ["Steward"] }] },
        { name: "sales", members: [{ userName: "ada@acme.com", roles: ["Steward", "Owner"] }] },
      ],
    });
    for (const group of groups) {
      await tenant.patch(`/Groups/${group}`, [{ op: "Remove", path: "members", value: [{ value: id }] }]);
    }
    expect(await view()).toMatchObject({
      people: [{ roles: ["Organization Member"] }, {}],
      teams: [{ members: [] }, { members: [] }],
    });
  });

  it("shows Collate's teams and DataHub's people", async () => {
    for (const [dialect, wanted] of [
      [
        "collate",
        {
          teams: [
            { name: "old", parent: "Sales", type: "group" },
            { name: "new", parent: "Organization", type: "group" },
          ],
        },
      ],
      ["datahub", { people: [{ userName: "x", status: "SUSPENDED", roles: ["Admin"] }] }],
    ] as const) {
      await tenant.close();
      tenant = await startTenant(dialect, { settings: { teams: [{ name: "old", parent: "Sales" }] } });
      await tenant.post("/Users", user("x", { active: false, roles: [{ value: "Admin" }] }));
      await tenant.post("/Groups", group("new"));
      const { body } = await client(`${tenant.receiver.url}/_rollcall/tenants/main`).get("/product");
      expect(body).toMatchObject(wanted);
    }
  });
});

describe("the journal", () => {
  it("is queried by what came in", async () => {
    await tenant.post("/Users", user("a", { active: "True" }));
    await tenant.post("/Users", user("a"));
    await tenant.find("Users", 'userName eq "a"');
    const query = async (text: string) =>
      (await admin.get(`/journal?${text}`)).body.map((entry: { seq: number }) => entry.seq);
    expect(await query("")).toEqual([1, 2, 3]);
    expect(await query("method=post")).toEqual([1, 2]);
    expect(await query("status=409")).toEqual([2]);
    expect(await query("deviation=string-boolean")).toEqual([1]);
    expect(await query("path=filter")).toEqual([3]);
    expect(await query("since=1&limit=1")).toEqual([3]);
    expect(await query("before=3&limit=1")).toEqual([2]);
    expect((await admin.get("/journal?status=x")).status).toBe(400);
    await admin.remove("/journal");
    await tenant.get("/Users");
    expect(await query("")).toEqual([4]);
  });

  it("holds no token and no password, wherever they were put", async () => {
    const secret = "hunter2-secret";
    await tenant.post("/Users", user("p", { password: secret, title: TOKEN }));
    await tenant.patch("/Users/x", [{ op: "replace", path: "password", value: secret }]);
    await tenant.patch("/Users/x", [{ op: "replace", value: { password: secret } }]);
    await tenant.patch("/Users/x", [
      { op: "replace", path: "urn:ietf:params:scim:schemas:core:2.0:User:PassWord", value: secret },
    ]);
    await tenant.find("Users", `password eq "${secret}"`);
    await tenant.post("/Users/.search", { filter: `password eq "${secret}"` });
    await tenant.post("/Users", `{"pass\\u0077ord":"${secret}","userName":"q"}`);
    await tenant.post("/Users", `{"password":"${secret}"`);
    await tenant.post("/Bulk", { Operations: [{ method: "POST", data: { password: secret } }] });
    await tenant.get(`/Users/${TOKEN}?x=${TOKEN}`, { "user-agent": TOKEN });
    const { text } = await admin.get("/journal");
    expect(text).toContain("[redacted]");
    expect(text).not.toContain(secret);
    expect(text).not.toContain(TOKEN);
    expect((await admin.get("/snapshot")).text).not.toContain(secret);
  });

  it("streams what comes in", async () => {
    const abort = new AbortController();
    const response = await fetch(`${tenant.receiver.url}/_rollcall/tenants/main/journal/stream`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: abort.signal,
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await tenant.post("/Users", user("streamed"));
    let text = "";
    while (!text.includes("\n\n", text.indexOf("event: entry") + 1) || !text.includes("event: entry")) {
      text += (await reader?.read())?.value ?? "";
    }
    const data = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "");
    expect(data).toMatchObject({
      method: "POST",
      path: "/Users",
      status: 201,
      request: { userName: "streamed" },
    });
    abort.abort();
  });

  it("ends its streams when the receiver stops", async () => {
    const other = await startTenant("lenient");
    const response = await fetch(`${other.receiver.url}/_rollcall/tenants/main/journal/stream?since=0`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const started = performance.now();
    const text = response.text();
    await other.close();
    expect(await text).toContain(": open");
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("is asserted on, ordered and not, with what must not come, and waited for", async () => {
    const { id } = (await tenant.post("/Users", user("ada"))).body;
    await tenant.find("Users", 'userName eq "ada"');
    await tenant.patch(`/Users/${id}`, [{ op: "Replace", path: "active", value: "False" }]);
    const check = (expectation: object) => admin.post("/expect", expectation);
    const post = { method: "POST", path: "/Users", status: 201, body: { userName: "ada" } };
    const search = { path: '/Users?filter=userName eq "ada"*' };
    const patch = {
      method: "PATCH",
      path: "/Users/*",
      body: { Operations: [{ path: "active", value: "False" }] },
    };
    expect(await check({ requests: [post, search, patch], ordered: true })).toMatchObject({
      status: 200,
      body: { ok: true, matched: [1, 2, 3] },
    });
    expect(await check({ requests: [patch, post] })).toMatchObject({
      status: 200,
      body: { matched: [3, 1] },
    });
    expect(await check({ requests: [patch, post], ordered: true })).toMatchObject({
      status: 417,
      body: { ok: false, missing: [post] },
    });
    expect(await check({ requests: [post, post] })).toMatchObject({
      status: 417,
      body: { matched: [1, null] },
    });
    expect(await check({ requests: [{ path: "/Users*" }, post] })).toMatchObject({ status: 200 });
    expect(await check({ never: [{ method: "DELETE" }] })).toMatchObject({ status: 200 });
    expect(await check({ never: [patch] })).toMatchObject({ status: 417, body: { forbidden: [{ seq: 3 }] } });
    expect((await check({ requests: [post], since: 1 })).status).toBe(417);
    expect((await check({ request: [] })).status).toBe(400);
    const waiting = check({ requests: [{ method: "DELETE" }], within: 5000 });
    const here = tenant.receiver.expect("main", { requests: [{ method: "DELETE" }], within: 5000 });
    await tenant.remove(`/Users/${id}`);
    expect(await here).toMatchObject({ ok: true, matched: [4] });
    expect((await waiting).body).toMatchObject({ ok: true, matched: [4] });
  });

  it("tells what a provider makes of the answers", async () => {
    await tenant.get("/Users/nobody");
    await client(tenant.baseUrl, "wrong").get("/Users");
    await tenant.find("Users", "nosuch eq 1");
    const { body } = await admin.get("/journal");
    expect(body.map((entry: { verdict: { level: string } }) => entry.verdict.level)).toEqual([
      "fine",
      "failing",
      "refused",
    ]);
  });
});

describe("faults", () => {
  const fault = (id: string, rule: object) => admin.send("PUT", `/faults/${id}`, rule);

  it("answers with a status and headers, so many times", async () => {
    expect(
      (await fault("busy", { status: 429, headers: { "retry-after": "7" }, count: 2, method: "POST" }))
        .status,
    ).toBe(200);
    for (let n = 0; n < 2; n++) {
      const answer = await tenant.post("/Users", user("x"));
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "7"]);
    }
    expect((await tenant.post("/Users", user("x"))).status).toBe(201);
    expect((await admin.get("/faults")).body).toMatchObject([{ id: "busy", hits: 2 }]);
    expect((await admin.get("/journal")).body[0]).toMatchObject({ status: 429, fault: "busy" });
  });

  it("drops the connection before and after the effect", async () => {
    await fault("drop", { drop: "before", count: 1 });
    await expect(tenant.post("/Users", user("before"))).rejects.toThrow();
    await fault("drop", { drop: "after", count: 1 });
    await expect(tenant.post("/Users", user("after"))).rejects.toThrow();
    expect((await tenant.get("/Users")).body.Resources.map((r: { userName: string }) => r.userName)).toEqual([
      "after",
    ]);
    expect((await admin.get("/journal?method=post")).body.map((e: { status: number }) => e.status)).toEqual([
      0, 0,
    ]);
  });

  it("accepts and does nothing, truncates, delays, and lies about the media type", async () => {
    await fault("ignore", { ignore: true, count: 1 });
    expect((await tenant.post("/Users", user("ghost"))).status).toBe(201);
    expect((await tenant.get("/Users")).body.totalResults).toBe(0);
    await fault("cut", { truncate: true, count: 1 });
    await expect(tenant.get("/Users")).rejects.toThrow();
    await fault("slow", { delay: 120, count: 1 });
    const started = performance.now();
    await tenant.get("/Users");
    expect(performance.now() - started).toBeGreaterThan(100);
    await fault("html", { mediaType: "text/html", count: 1 });
    expect((await tenant.get("/Users")).headers.get("content-type")).toMatch("text/html");
  });

  it("strikes with a probability, the same requests for the same seed, and where the path says", async () => {
    const run = async (seed: number) => {
      await fault("some", { status: 500, probability: 0.5, seed, path: "/Users*" });
      const statuses: number[] = [];
      for (let n = 0; n < 24; n++) statuses.push((await tenant.get("/Users")).status);
      return statuses.join();
    };
    const first = await run(7);
    expect(first).toContain("500");
    expect(first).toContain("200");
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    expect((await tenant.get("/Groups")).status).toBe(200);
    expect((await admin.remove("/faults")).status).toBe(204);
    expect((await admin.get("/faults")).body).toEqual([]);
  });

  it("refuses rules without an effect, or with one that is unknown", async () => {
    expect(await fault("none", { path: "/Users" })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("effect") },
    });
    expect((await fault("odd", { status: 500, explode: true })).status).toBe(400);
    expect((await admin.remove("/faults/none")).status).toBe(404);
  });
});
