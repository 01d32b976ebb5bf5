import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import {
  addRoles,
  assign,
  CUSTOM_TEMPLATE,
  callerWith,
  GOVERNANCE,
  type Graph,
  JOHN,
  makeApplication,
  makeJob,
  putSecrets,
  READER,
  role,
  signedIn,
  signIn,
  start,
} from "./harness.ts";

let folder: string;
let running: EntraTenant[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tenant-"));
  running = [];
});
afterEach(async () => {
  for (const tenant of running) await tenant.stop();
  rmSync(folder, { recursive: true });
});

async function run(
  options: Parameters<typeof start>[0] = {},
): Promise<{ tenant: EntraTenant; graph: Graph }> {
  const started = await start(options);
  running.push(started.tenant);
  return started;
}

async function setUp(tenant: EntraTenant, graph: Graph, token = "t"): Promise<{ id: string; path: string }> {
  const application = await makeApplication(tenant, graph);
  await addRoles(tenant, graph, application, role(READER, "Reader"));
  await assign(graph, application, GOVERNANCE, READER);
  await putSecrets(graph, application, { BaseAddress: "https://datahub.example", SecretToken: token });
  return makeJob(graph, application);
}

describe("the metadata document", () => {
  it("is served over TLS to those who trust the throw-away authority", async () => {
    const certificateFile = join(folder, "ca.pem");
    const { tenant } = await run({ certificateFile });
    const ca = readFileSync(certificateFile, "utf8");
    expect(ca).toBe(tenant.certificateAuthority);
    expect(ca).not.toContain("PRIVATE");
    const fetchWith = (trusted: string | undefined) =>
      new Promise<string>((resolve) => {
        get(
          `https://${tenant.metadataHost}/metadata/endpoints?api-version=2022-09-01`,
          { ca: trusted, agent: false },
          (response) => {
            let text = "";
            response.on("data", (chunk) => {
              text += chunk;
            });
            response.on("end", () => resolve(text));
          },
        ).on("error", () => resolve("refused"));
      });
    expect(JSON.parse(await fetchWith(ca))).toMatchObject({
      name: "rollcall sandbox",
      microsoftGraphResourceId: tenant.baseUrl,
      resourceManager: `https://${tenant.metadataHost}`,
      authentication: { loginEndpoint: tenant.baseUrl },
    });
    expect(await fetchWith(undefined)).toBe("refused");
  });
});

describe("a token", () => {
  it("says who bears it and what was consented to", async () => {
    const { tenant } = await run({ permissions: ["User.Read.All", "Synchronization.Read.All"] });
    const { body } = await signIn(tenant);
    expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
    const claims = JSON.parse(Buffer.from(body.access_token.split(".")[1], "base64url").toString());
    expect(claims).toMatchObject({
      aud: tenant.baseUrl,
      tid: tenant.tenantId,
      idtyp: "app",
      roles: ["Synchronization.Read.All", "User.Read.All"],
    });
    expect(claims.oid).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(claims)).not.toContain("secret-of");
  });

  it("is found by discovery", async () => {
    const { tenant } = await run();
    const answer = await fetch(`${tenant.baseUrl}/${tenant.tenantId}/v2.0/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({
      token_endpoint: `${tenant.baseUrl}/${tenant.tenantId}/oauth2/v2.0/token`,
    });
  });
});

describe("a stopped tenant", () => {
  it("is the same when it starts again, and goes on making new ids", async () => {
    const file = join(folder, "tenant.sqlite");
    const first = await run({ file });
    const job = await setUp(first.tenant, first.graph);
    const before = first.tenant.dump();
    await first.tenant.stop();
    running = [];

    const { tenant, graph } = await run({ file });
    expect(tenant.dump()).toEqual(before);
    expect(tenant.tenantId).toBe(first.tenant.tenantId);
    expect((await graph("GET", job.path)).status).toBe(200);
    const again = await graph("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, {
      displayName: "Other",
    });
    expect(job.id).not.toContain(again.body.application.appId);
  });

  it("has its roles propagated and its delays over when it starts again", async () => {
    const file = join(folder, "tenant.sqlite");
    const first = await run({ file });
    const { body } = await first.graph("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, {
      displayName: "x",
    });
    expect((await first.graph("GET", `/applications/${body.application.id}`)).status).toBe(404);
    await first.graph("PATCH", `/applications/${body.application.id}`, {
      appRoles: [...body.application.appRoles, role(READER, "Reader")],
    });
    await first.tenant.stop();
    running = [];
    const { graph } = await run({ file });
    const principal = await graph("GET", `/servicePrincipals/${body.servicePrincipal.id}`);
    expect(principal.body.appRoles).toHaveLength(3);
  });

  it("withdraws permissions that its identities no longer have", async () => {
    const file = join(folder, "tenant.sqlite");
    const first = await run({ file });
    expect((await first.graph("GET", "/users")).status).toBe(200);
    await first.tenant.stop();
    running = [];
    const { graph } = await run({ file, permissions: ["Group.Read.All"] });
    expect((await graph("GET", "/users")).status).toBe(403);
    expect((await graph("GET", "/groups")).status).toBe(200);
  });
});

describe("starting", () => {
  it("is refused on a file that another tenant has open, and on an address that others reach", async () => {
    const file = join(folder, "tenant.sqlite");
    await run({ file });
    await expect(start({ file })).rejects.toThrow(/tenant.sqlite is in use/);
    await expect(start({ host: "0.0.0.0" })).rejects.toThrow(/loopback only/);
  });

  it("leaves nothing behind when a port is taken", async () => {
    const file = join(folder, "tenant.sqlite");
    const { tenant } = await run();
    const taken = Number(new URL(tenant.baseUrl).port);
    await expect(start({ file, ports: { metadata: taken } })).rejects.toThrow(/EADDRINUSE/);
    await run({ file });
  });
});

describe("a dump", () => {
  it("is equal for tenants that were set up alike from other seeds, and different for any difference", async () => {
    const one = await run({ seed: "one" });
    const two = await run({ seed: "two" });
    await setUp(one.tenant, one.graph);
    const job = await setUp(two.tenant, two.graph);
    expect(two.tenant.dump()).toEqual(one.tenant.dump());
    await two.graph("POST", `${job.path}/start`);
    expect(two.tenant.dump()).not.toEqual(one.tenant.dump());
  });

  it("tells tokens apart without showing them", async () => {
    const one = await run();
    const two = await run();
    await setUp(one.tenant, one.graph, "first-token");
    await setUp(two.tenant, two.graph, "other-token");
    expect(two.tenant.dump()).not.toEqual(one.tenant.dump());
    expect(JSON.stringify(one.tenant.dump())).not.toContain("first-token");
  });
});

it("gives the same ids for the same seed and the same calls", async () => {
  const one = await run({ seed: "same" });
  const two = await run({ seed: "same" });
  expect((await setUp(one.tenant, one.graph)).id).toBe((await setUp(two.tenant, two.graph)).id);
  expect(one.tenant.tenantId).toBe(two.tenant.tenantId);
});

describe("unkind by default", () => {
  it("is late with new objects for a few requests, and refuses calls with Retry-After", async () => {
    const { tenant } = await run({ kindness: { rate: 1, seed: "y" } });
    expect(tenant.manner).toContain("seed y");
    const { body } = await signIn(tenant);
    const impatient = callerWith(tenant, body.access_token);
    const statuses = new Set<string>();
    for (let index = 0; index < 30; index++) {
      const answer = await impatient("GET", "/users");
      statuses.add(`${answer.status} ${answer.headers.get("retry-after")}`);
    }
    expect(statuses).toEqual(new Set(["200 null", "429 1"]));
  });

  it("makes a new application appear within a few requests, whoever asks", async () => {
    const { tenant } = await run({ kindness: { rate: 1, seed: "y" } });
    const graph = await signedIn(tenant);
    const patient: Graph = async (...call) => {
      const answer = await graph(...call);
      return answer.status === 429 ? patient(...call) : answer;
    };
    const { body } = await patient("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, {
      displayName: "x",
    });
    const path = `/applications/${body.application.id}`;
    expect((await patient("GET", path)).status).toBe(404);
    await tenant.asAdministrator("GET", `/v1.0${path}`);
    for (let index = 0; index < 6; index++) await patient("GET", "/users");
    expect((await patient("GET", path)).status).toBe(200);
  });
});

describe("an administrator", () => {
  it("may do what the deployment identity may not, unseen by the log", async () => {
    const { tenant, graph } = await run();
    await tenant.asAdministrator("DELETE", `/v1.0/users/${JOHN}`);
    expect((await graph("GET", `/users/${JOHN}`)).status).toBe(404);
    expect(tenant.log.writes()).toEqual([]);
    await expect(tenant.asAdministrator("GET", "/v1.0/users/nobody")).rejects.toThrow(/404/);
  });

  it("cannot be played by a header", async () => {
    const { tenant } = await run();
    const answer = await fetch(`${tenant.baseUrl}/v1.0/users`, {
      headers: { "x-sandbox-administrator": "yes", "x-sandbox-part": "yes" },
    });
    expect(answer.status).toBe(401);
  });
});
