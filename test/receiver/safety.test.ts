import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startReceiver } from "../../src/receiver/receiver.ts";
import type { Tenant } from "./harness.ts";
import { client, group, startTenant, TOKEN, user } from "./harness.ts";

describe("hostile input", () => {
  let tenant: Tenant;
  let id: string;
  const lines: string[] = [];
  beforeAll(async () => {
    tenant = await startTenant("lenient", {}, { log: (line) => lines.push(line) });
    id = (await tenant.post("/Users", user("victim@acme.com", { emails: [{ value: "v@x", type: "work" }] })))
      .body.id;
  });
  afterAll(() => tenant.close());

  /** The answer comes quickly and is no failure of the server. */
  async function survives(act: () => Promise<{ status: number }>) {
    const started = performance.now();
    const { status } = await act();
    expect(status).toBeLessThan(500);
    expect(performance.now() - started).toBeLessThan(5000);
    return status;
  }

  it.each([
    ["deep parentheses", `${"(".repeat(4000)}a pr${")".repeat(4000)}`],
    ["many terms", Array(2000).fill("a pr").join(" or ")],
    ["a regular-expression bomb", `userName co "${"(a+)+".repeat(50)}$"`],
    ["an endless string", `userName eq "${"\\".repeat(3001)}`],
    ["nested not", `${"not (".repeat(1000)}a pr${")".repeat(1000)}`],
    ["prototype names", "__proto__ eq 1 or constructor pr"],
    ["brackets", "emails[".repeat(500)],
    ["wildcards", `userName sw "${"%_*".repeat(1000)}"`],
    ["an SQL injection", `userName eq "x' OR '1'='1"`],
  ])("a filter of %s", async (_what, filter) => {
    await survives(() => tenant.find("Users", filter));
    await survives(() => tenant.post("/Users/.search", { filter }));
    await survives(() =>
      tenant.patch(`/Users/${id}`, [{ op: "replace", path: `emails[${filter}].value`, value: "x" }]),
    );
    expect((await tenant.get("/Users")).body.totalResults).toBe(1);
  });

  it.each([
    ["deep objects", `{"name":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`],
    ["deep arrays", "[".repeat(500_000)],
    [
      "prototype keys",
      '{"userName":"proto","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"name":{"__proto__":{"x":1}}}',
    ],
    ["duplicate keys", '{"userName":"dup","userName":"dup2","USERNAME":"dup3"}'],
    ["lone surrogates", '{"userName":"\\ud800"}'],
    ["nul characters", '{"userName":"a\\u0000b"}'],
    ["huge numbers", '{"userName":1e400}'],
  ])("a body of %s", async (_what, body) => {
    await survives(() => tenant.post("/Users", body));
    await survives(() => tenant.send("PATCH", `/Users/${id}`, body));
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    expect((await tenant.get("/Users?count=100")).text).not.toContain("admin");
  });

  it("broken UTF-8 is refused, not repaired", async () => {
    const response = await fetch(`${tenant.baseUrl}/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/scim+json" },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    });
    expect(response.status).toBe(400);
    for (const path of ["/Users/%ff", "/Users/%", "/Users/..%2f..%2fetc", "/Users?filter=%ff%fe"]) {
      await survives(() => tenant.get(path));
    }
  });

  it("a body beyond the limit is answered 413, too many operations too", async () => {
    expect((await tenant.post("/Users", JSON.stringify(user("x".repeat(11 * 1024 * 1024))))).status).toBe(
      413,
    );
    const operations = Array(1001).fill({ op: "replace", path: "title", value: "x" });
    expect((await tenant.patch(`/Users/${id}`, operations)).status).toBe(413);
  });

  it("a page is never larger than 1000, and count is clamped", async () => {
    expect((await tenant.get("/Users?count=99999999")).status).toBe(200);
    expect((await tenant.get("/Users?count=1e9")).status).toBe(200);
    expect((await tenant.get("/Users?startIndex=9007199254740991")).body.Resources).toEqual([]);
    expect((await tenant.get("/Users?startIndex=abc")).status).toBe(400);
  });

  it("a client that sends byte by byte keeps nobody waiting", async () => {
    const { port } = new URL(tenant.baseUrl);
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write("POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
      return socket;
    });
    const started = performance.now();
    expect((await tenant.get(`/Users/${id}`)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2000);
    for (const socket of sockets) socket.destroy();
  });

  it.each(["/scim/v2/Users", "/_rollcall/tenants/main/snapshot"])(
    "who has no token is refused at %s before the body is read",
    async (path) => {
      const socket = connect(Number(new URL(tenant.baseUrl).port), "127.0.0.1");
      socket.write(
        `PUT ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{`,
      );
      const [answer] = await once(socket, "data");
      expect(String(answer)).toMatch(/^HTTP\/1.1 401 /);
      socket.destroy();
    },
  );

  it("logs no name, address or token", () => {
    const log = lines.join("\n");
    expect(log).toContain("main GET /Users 200");
    expect(log).not.toMatch(/victim|acme|v@x/);
    expect(log).not.toContain(TOKEN);
    expect(log).not.toContain(id);
  });
});

describe("random requests", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant("lenient");
  });
  afterAll(() => tenant.close());

  const seconds = Number(process.env.ROLLCALL_FUZZ_SECONDS ?? 8);
  const word = fc.constantFrom(
    "userName",
    "displayName",
    "emails",
    "members",
    "name",
    "active",
    "roles",
    "value",
    "type",
    "primary",
    "Operations",
    "op",
    "path",
    "schemas",
    "id",
    "meta",
    "groups",
    "add",
    "remove",
    "replace",
    "True",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    'emails[type eq "work"].value',
    'members[value eq "x"]',
    "name.familyName",
    "manager",
    "bulkId",
    "data",
    "method",
    "/Users",
    "POST",
    "__proto__",
    "",
    "[",
    '"',
    "$ref",
    "filter",
    "password",
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.double(),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(word, tie("json"), { maxKeys: 5 }),
    ),
  }));
  const operation = fc.record(
    { op: fc.constantFrom("add", "Replace", "remove"), path: word, value: json },
    { requiredKeys: ["op"] },
  );
  const body = fc.oneof(
    json,
    fc.dictionary(word, json).map((more) => user("fuzz", more)),
    fc.dictionary(word, json).map((more) => group("fuzz", more)),
    fc.array(operation, { maxLength: 5 }).map((Operations) => ({ Operations })),
  );
  const filter = fc
    .array(
      fc.oneof(
        word,
        fc.constantFrom(" eq ", " co ", " and ", " not (", ") ", " pr", '"x"', "]", "true", "1"),
      ),
      { maxLength: 9 },
    )
    .map((parts) => parts.join(""));
  const path = fc.oneof(
    fc.constantFrom(
      "/Users",
      "/Groups",
      "/Users/ID",
      "/Groups/ID",
      "/Bulk",
      "/.search",
      "/Users/.search",
      "/Schemas",
      "",
    ),
    fc
      .tuple(
        fc.constantFrom("/Users", "/Groups", "/Users/ID", ""),
        fc.constantFrom(
          "filter",
          "sortBy",
          "attributes",
          "excludedAttributes",
          "cursor",
          "count",
          "startIndex",
          "sortOrder",
        ),
        filter,
      )
      .map(([base, key, value]) => `${base}?${key}=${encodeURIComponent(value)}`),
  );

  it(
    `meet no failure of the server in ${seconds} s`,
    async () => {
      const ids = [
        (await tenant.post("/Users", user("a", { emails: [{ value: "a", type: "work" }] }))).body.id,
        (await tenant.post("/Groups", group("b", { members: [{ value: "x" }] }))).body.id,
      ];
      const property = fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE"),
        path,
        body,
        fc.constantFrom(...ids),
        async (method, where, sent, id) => {
          const text = method === "GET" ? undefined : JSON.stringify(sent);
          const answer = await tenant.send(method, where.replace("ID", id), text);
          expect([501, 200, 201, 204, 304, 400, 403, 404, 405, 409, 412, 413]).toContain(answer.status);
          if (answer.status >= 400) expect(answer.body).toMatchObject({ status: String(answer.status) });
        },
      );
      await fc.assert(property, {
        numRuns: 1_000_000,
        interruptAfterTimeLimit: seconds * 1000,
        markInterruptAsFailure: false,
      });
      expect((await tenant.get("/Users?count=1")).status).toBe(200);
    },
    (seconds + 30) * 1000,
  );
});

describe("starting", () => {
  const tenantOf = (more: object) => ({
    name: "a",
    path: "/a",
    dialect: "strict" as const,
    tokens: ["t"],
    ...more,
  });
  const start = (...tenants: object[]) =>
    startReceiver({ port: 0, data: ":memory:", tenants: tenants.map(tenantOf) });

  it.each([
    [[{ tokens: [] }], /needs a token/],
    [[{ tokens: [" "] }], /needs a token/],
    [[{ name: "../x" }], /cannot be a tenant's name/],
    [[{ path: "/_rollcall/x" }], /not begin with/],
    [[{ path: "/" }], /must look like/],
    [[{}, { path: "/b" }], /Two tenants have the name/],
    [[{}, { name: "b" }], /Two tenants have the path/],
    [[], /at least one tenant/],
  ])("refuses %j", async (tenants, message) => {
    await expect(start(...tenants)).rejects.toThrow(message);
  });

  it("lets nobody but the owner read the people in a folder that is open to all", async () => {
    const data = mkdtempSync(join(tmpdir(), "rollcall-receiver-"));
    chmodSync(data, 0o755);
    const receiver = await startReceiver({ port: 0, data, tenants: [tenantOf({})] });
    const modes = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => statSync(join(parentPath, name)).mode & 0o077);
    await receiver.close();
    rmSync(data, { recursive: true });
    expect(modes).not.toEqual([]);
    expect(modes.every((mode) => mode === 0)).toBe(true);
  });

  it("listens on loopback, takes hashed tokens, and answers what is under way when it stops", async () => {
    const hash = "5f1ef0ff6b1d3e9b3c2b0d1a5b7d6a1c2f3e4d5c6b7a8998a7b6c5d4e3f20102";
    const receiver = await start({ tokens: [`sha256:${hash}`, "second"] });
    const [{ baseUrl } = { baseUrl: "" }] = receiver.tenants;
    expect(new URL(baseUrl).hostname).toBe("127.0.0.1");
    expect((await client(baseUrl, `sha256:${hash}`).get("/Users")).status).toBe(401);
    receiver.faults.set({ id: "slow", delay: 150 });
    const slow = client(baseUrl, "second").get("/Users");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await receiver.close();
    expect((await slow).status).toBe(200);
    await expect(client(baseUrl, "second").get("/Users")).rejects.toThrow();
  });
});
