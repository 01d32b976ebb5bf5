import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OktaOrgOptions } from "../../src/sandbox/okta/index.ts";
import { startOktaOrg } from "../../src/sandbox/okta/index.ts";
import {
  API_TOKEN,
  autoLoginBody,
  caller,
  closeAfterTest,
  createApp,
  PEOPLE,
  scimForm,
  testOrg,
} from "./org.ts";
import { orgWithProduct, startProduct } from "./product.ts";

describe("applications", () => {
  test("a wizard SWA is answered with the recorded fields, a generated name and no password", async () => {
    const org = await testOrg({ orgName: "classic-00" });
    const { status, headers, body } = await org.call(
      "POST",
      "/api/v1/apps?activate=true",
      autoLoginBody("testAcc_3149839261"),
    );
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    const name = "classic-00_testacc3149839261_1";
    const self = `${org.url}/api/v1/apps/${body.id}`;
    expect(body).toEqual({
      id: expect.stringMatching(/^0oa[0-9A-Za-z]{17}$/),
      orn: expect.stringContaining(`:apps:${name}:${body.id}`),
      name,
      label: "testAcc_3149839261",
      status: "ACTIVE",
      lastUpdated: expect.any(String),
      created: expect.any(String),
      accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
      visibility: {
        autoLaunch: false,
        autoSubmitToolbar: false,
        hide: { iOS: true, web: true },
        appLinks: { [`${name}_link`]: true },
      },
      features: [],
      signOnMode: "AUTO_LOGIN",
      credentials: {
        scheme: "EDIT_USERNAME_AND_PASSWORD",
        userNameTemplate: { template: `\${source.login}`, type: "BUILT_IN" },
        revealPassword: false,
        signing: {},
      },
      settings: {
        app: {},
        notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
        manualProvisioning: false,
        implicitAssignment: false,
        notes: { admin: null, enduser: null },
        signOn: { redirectUrl: null, loginUrl: "https://localhost" },
      },
      _links: {
        uploadLogo: { href: `${self}/logo`, hints: { allow: ["POST"] } },
        appLinks: [{ name: `${name}_link`, href: expect.any(String), type: "text/html" }],
        groups: { href: `${self}/groups` },
        logo: [{ name: "medium", href: expect.any(String), type: "image/png" }],
        users: { href: `${self}/users` },
        deactivate: { href: `${self}/lifecycle/deactivate` },
      },
    });
    expect((await org.call("GET", `/api/v1/apps/${body.id}`)).body).toEqual(body);
  });

  test("lifecycle, update and look-up by label", async () => {
    const org = await testOrg();
    const id = await createApp(org, "Alpha");
    await createApp(org, "Alphabet");
    expect((await org.call("POST", `/api/v1/apps/${id}/lifecycle/deactivate`)).body).toEqual({});
    expect((await org.call("GET", `/api/v1/apps/${id}`)).body).toMatchObject({ status: "INACTIVE" });
    const filter = encodeURIComponent('status eq "ACTIVE"');
    const labels = async (path: string) =>
      (await org.call("GET", path)).body.map((app: { label: string }) => app.label);
    expect(await labels(`/api/v1/apps?filter=${filter}&q=Alpha`)).toEqual(["Alphabet"]);
    await org.call("POST", `/api/v1/apps/${id}/lifecycle/activate`);
    const put = await org.call("PUT", `/api/v1/apps/${id}`, {
      ...autoLoginBody("Beta"),
      visibility: { hide: { iOS: false, web: true } },
    });
    expect(put.body).toMatchObject({ id, label: "Beta", visibility: { hide: { iOS: false, web: true } } });
    expect((await labels("/api/v1/apps?q=alpha")).sort()).toEqual(["Alphabet"]);
    await org.call("PUT", `/api/v1/apps/${id}/groups/00ggov`);
    for (const filter of ['group.id eq "00ggov"', 'user.id eq "00ujohn"']) {
      expect(await labels(`/api/v1/apps?filter=${encodeURIComponent(filter)}`)).toEqual(["Beta"]);
    }
  });

  test("SAML and OpenID Connect applications answer what the provider reads", async () => {
    const org = await testOrg();
    const url = "https://collate.example/callback";
    const saml = await org.call("POST", "/api/v1/apps", {
      label: "Collate",
      signOnMode: "SAML_2_0",
      settings: { signOn: { ssoAcsUrl: url, recipient: url, destination: url, audience: url } },
    });
    expect(saml.body).toMatchObject({
      name: "sandbox_collate_1",
      features: [],
      settings: { signOn: { ssoAcsUrl: url, assertionSigned: true, slo: { enabled: false } } },
      credentials: { signing: { kid: expect.any(String) } },
      _links: { accessPolicy: { href: expect.stringContaining("/api/v1/policies/rst") } },
    });
    const metadata = await org.call("GET", `/api/v1/apps/${saml.body.id}/sso/saml/metadata`);
    expect(metadata.headers.get("content-type")).toContain("application/xml");
    expect(metadata.body).toContain("X509Certificate");
    expect((await org.call("GET", `/api/v1/apps/${saml.body.id}/credentials/keys`)).body).toHaveLength(1);

    const oidc = await org.call("POST", "/api/v1/apps", {
      label: "DataHub OIDC",
      name: "oidc_client",
      signOnMode: "OPENID_CONNECT",
      credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic" } },
      settings: {
        oauthClient: { application_type: "web", redirect_uris: [url], grant_types: ["authorization_code"] },
      },
    });
    const { client_id, client_secret } = oidc.body.credentials.oauthClient;
    expect([client_id, client_secret.length]).toEqual([oidc.body.id, 64]);
    const put = await org.call("PUT", `/api/v1/apps/${oidc.body.id}`, {
      label: "DataHub sign-on",
      name: "oidc_client",
      signOnMode: "OPENID_CONNECT",
      settings: { oauthClient: { application_type: "web", redirect_uris: [url] } },
    });
    expect(put.body.credentials.oauthClient).toMatchObject({ client_id, client_secret });

    expect((await org.call("GET", "/.well-known/okta-organization")).body).toMatchObject({ pipeline: "idx" });
    const [policy] = (await org.call("GET", "/api/v1/policies?type=ACCESS_POLICY")).body;
    expect((await org.call("PUT", `/api/v1/apps/${oidc.body.id}/policies/${policy.id}`)).status).toBe(204);
  });

  test("deleting an application takes its assignments, pushes and copies along, and tells the product nothing", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
      sourceGroupId: "00ggov",
      targetGroupName: "g",
    });
    await org.settle();
    const before = product.requests().length;
    await org.call("POST", `/api/v1/apps/${app}/lifecycle/deactivate`);
    await org.call("DELETE", `/api/v1/apps/${app}`);
    await org.settle();
    expect(product.requests().length).toBe(before);
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
    const type = encodeURIComponent('type eq "APP_GROUP"');
    expect((await org.call("GET", `/api/v1/groups?filter=${type}`)).body).toEqual([]);
    expect((await org.call("GET", `/api/v1/mappings?sourceId=${app}`)).body).toEqual([]);
  });
});

describe("SCIM settings", () => {
  test("only features show of them, one switch each; the schema gets its attributes", async () => {
    const { org } = await orgWithProduct();
    const app = await createApp(org);
    const schema = async () =>
      Object.keys(
        (await org.call("GET", `/api/v1/meta/schemas/apps/${app}/default`)).body.definitions.base.properties,
      );
    const features = async () => (await org.call("GET", `/api/v1/apps/${app}`)).body.features;
    expect(await schema()).toEqual(["userName"]);
    await org.admin.enableScim(app, scimForm());
    expect(await schema()).toEqual(
      expect.arrayContaining(["userName", "givenName", "familyName", "email", "displayName"]),
    );
    expect(await features()).toEqual([
      "SCIM_PROVISIONING",
      "PUSH_NEW_USERS",
      "PUSH_PROFILE_UPDATES",
      "PUSH_USER_DEACTIVATION",
      "REACTIVATE_USERS",
      "GROUP_PUSH",
    ]);
    await org.admin.changeActions(app, { deactivateUsers: false });
    expect(await features()).not.toContain("PUSH_USER_DEACTIVATION");
    org.admin.removeScim(app);
    expect(await features()).toEqual([]);
  });

  test.each([true, false])("PUT of the application with wipeScimOnPut %s", async (wipeScimOnPut) => {
    const { org } = await orgWithProduct({ wipeScimOnPut });
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    const { body } = await org.call("PUT", `/api/v1/apps/${app}`, autoLoginBody("DataHub-SCIM-SWA"));
    expect(body.features.length > 0).toBe(!wipeScimOnPut);
  });

  test("custom properties travel to their external names", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    const externalNamespace = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const properties = {
      unit: { title: "Unit", type: "string", externalName: "division", externalNamespace },
    };
    await org.call("POST", `/api/v1/meta/schemas/apps/${app}/default`, {
      definitions: { custom: { properties } },
    });
    const [toApp] = (await org.call("GET", `/api/v1/mappings?targetId=${app}`)).body;
    const expression = 'user.lastName + "/" + user.firstName';
    await org.call("POST", `/api/v1/mappings/${toApp.id}`, {
      properties: { unit: { expression, pushStatus: "PUSH" }, displayName: null },
    });
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00uada", scope: "USER" });
    expect((await org.settle()).failed).toEqual([]);
    const [ada] = await product.users();
    expect(ada?.[externalNamespace]).toMatchObject({ division: "Lovelace/Ada" });
    expect(ada).not.toHaveProperty("displayName");
  });

  test("what a group assignment sets goes over the mappings, the lowest priority number first", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("PUT", `/api/v1/apps/${app}/groups/00gall`, {
      priority: 1,
      profile: { title: "all", userType: "x" },
    });
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`, {
      priority: 0,
      profile: { title: "governor" },
    });
    await org.settle();
    const john = (await product.users()).find((user) => user.userName === "john@acme.com");
    expect(john).toMatchObject({ title: "governor", userType: "x", name: { givenName: "John" } });
  });

  test("the person's steps work over HTTP too", async () => {
    const { org, product } = await orgWithProduct();
    await createApp(org, "By-label");
    const admin = (method: string, path: string, body?: unknown) =>
      org.call(method, `/_sandbox${path}`, body);
    expect((await admin("POST", "/apps/By-label/scim", scimForm())).status).toBe(200);
    expect((await admin("POST", "/apps/By-label/test-connector")).body).toEqual({ problem: null });
    const [app] = (await org.call("GET", "/api/v1/apps?q=By-label")).body;
    await org.call("PUT", `/api/v1/apps/${app.id}/groups/00ggov`);
    expect((await admin("POST", "/settle")).body).toMatchObject({ performed: 2, failed: [] });
    await admin("POST", "/directory", {
      do: "removeMember",
      group: "governance-team",
      user: "john@acme.com",
    });
    await admin("POST", "/directory", { do: "update", user: "sid@acme.com", profile: { displayName: "S." } });
    await admin("POST", "/settle");
    expect(await product.active()).toEqual(["sid@acme.com"]);
    expect((await product.users()).map((user) => user.displayName)).toContain("S.");
    await admin("PATCH", "/apps/By-label/scim", { actions: { deactivateUsers: false } });
    await admin("PATCH", "/apps/By-label/scim", { enabled: false });
    await admin("DELETE", "/apps/By-label/scim");
    expect((await admin("PATCH", "/apps/By-label/scim", { enabled: true })).status).toBe(404);
    expect((await admin("POST", "/directory", { do: "dance" })).status).toBe(400);
    expect((await admin("GET", "/directory")).body.users).toHaveLength(PEOPLE.users.length);
  });
});

describe("applications of the Okta network", () => {
  test("header authentication, PATCH for activation and groups", async () => {
    const { org, product } = await orgWithProduct();
    const body = { ...autoLoginBody("Test App"), name: "scim2headerauth" };
    const { id } = (await org.call("POST", "/api/v1/apps", body)).body;
    const authentication = { mode: "header", value: "Bearer scim-token-of-the-tests" } as const;
    await org.admin.enableScim(id, scimForm({ authentication }));
    await org.call("PUT", `/api/v1/apps/${id}/groups/00ggov`);
    await org.call("POST", `/api/v1/apps/${id}/group-push/mappings`, {
      sourceGroupId: "00ggov",
      targetGroupName: "governance-team",
    });
    expect((await org.settle()).failed).toEqual([]);
    expect(await product.memberships()).toEqual({ "governance-team": ["john@acme.com", "sid@acme.com"] });
    org.people.removeMember("governance-team", "john@acme.com");
    expect((await org.settle()).failed).toEqual([]);
    expect(await product.memberships()).toEqual({ "governance-team": ["sid@acme.com"] });
    expect(await product.active()).toEqual(["sid@acme.com"]);
    const methods = product.requests().map((request) => request.split(" ", 1).join());
    expect(methods.filter((method) => method === "PUT")).toEqual([]);
    expect(methods.filter((method) => method === "PATCH")).toHaveLength(3);
  });
});

describe("lists", () => {
  /** Follows `Link: rel="next"` to the end. */
  async function all(org: { call: ReturnType<typeof caller>; url: string }, path: string) {
    const items: { id: string }[] = [];
    let pages = 0;
    for (let next: string | undefined = path; next; pages++) {
      const { status, headers, body } = await org.call("GET", next);
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      items.push(...body);
      next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]?.replace(org.url, "");
    }
    return { items, pages };
  }

  test("come in pages with Link, whole and without doubles", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    for (const { id } of PEOPLE.groups) await org.call("PUT", `/api/v1/apps/${app}/groups/${id}`);
    for (const path of [`/api/v1/apps/${app}/groups?limit=3`, `/api/v1/apps/${app}/users?limit=2&after=`]) {
      const { items, pages } = await all(org, path);
      expect(pages).toBeGreaterThan(1);
      expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    }
    expect((await all(org, `/api/v1/apps/${app}/groups?limit=3`)).items).toHaveLength(4);
    expect((await all(org, `/api/v1/apps/${app}/users?limit=2`)).items).toHaveLength(5);
  });

  test("of an unkind org are whole too, in small pages and another order", async () => {
    const groups = Array.from({ length: 40 }, (_, i) => ({
      id: `00gx${i}`,
      type: "OKTA_GROUP" as const,
      profile: { name: `g${i}`, description: null },
      members: [],
    }));
    const org = await testOrg({ kindness: { rate: 0 }, directory: { users: [], groups } });
    const { items, pages } = await all(org, "/api/v1/groups?limit=200");
    expect(pages).toBeGreaterThan(5);
    const ids = items.map((item) => item.id).filter((id) => id.startsWith("00gx"));
    expect([...ids].sort()).toEqual(groups.map((group) => group.id).sort());
    expect(ids).not.toEqual(groups.map((group) => group.id));
  });

  test.each([
    [
      'type eq "OKTA_GROUP" and (profile.name sw "OM_" or profile.name sw "Collate_")',
      ["OM_empty", "OM_stewards"],
    ],
    ['profile.name eq "om_STEWARDS"', ["OM_stewards"]],
    ['type eq "APP_GROUP"', ["OM_stewards"]],
    ['profile.name co "team"', ["governance-team"]],
  ])("of groups by %s", async (search, names) => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
      sourceGroupId: "00gom1",
      targetGroupName: "OM_stewards",
    });
    const { body } = await org.call("GET", `/api/v1/groups?search=${encodeURIComponent(search)}`);
    const found = body.filter(
      (group: { type: string }) => search.includes(group.type) || !search.includes("type"),
    );
    expect(
      [...new Set(found.map((group: { profile: { name: string } }) => group.profile.name))].sort(),
    ).toEqual(names);
  });

  test("by q match beginnings, the pushed copies among them", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
      sourceGroupId: "00gom1",
      targetGroupName: "OM_stewards",
    });
    const { body } = await org.call("GET", "/api/v1/groups?q=om_s");
    expect(body.map((group: { type: string }) => group.type).sort()).toEqual(["APP_GROUP", "OKTA_GROUP"]);
  });

  test("of users by search, filter, login and q", async () => {
    const org = await testOrg();
    const logins = async (query: string) =>
      (await org.call("GET", `/api/v1/users?${query}`)).body.map(
        (user: { profile: { login: string } }) => user.profile.login,
      );
    expect(await logins(`search=${encodeURIComponent('profile.login eq "JOHN@acme.com"')}`)).toEqual([
      "john@acme.com",
    ]);
    expect(await logins(`filter=${encodeURIComponent('status eq "SUSPENDED"')}`)).toEqual(["sue@acme.com"]);
    expect(await logins("q=ada")).toEqual(["ada@acme.com"]);
    expect((await org.call("GET", "/api/v1/users/sid@acme.com")).body.id).toBe("00usid");
    expect((await org.call("GET", "/api/v1/users/me")).body.status).toBe("ACTIVE");
    const filter = encodeURIComponent('profile.displayName eq "x"');
    expect((await org.call("GET", `/api/v1/users?filter=${filter}`)).body.errorCode).toBe("E0000031");
  });

  test("of the log have a next page for ever, unless an end was given", async () => {
    const org = await testOrg();
    const poll = async (path: string) => {
      const { headers, body } = await org.call("GET", path);
      return {
        events: body,
        next: /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]?.replace(org.url, ""),
      };
    };
    const first = await poll("/api/v1/logs?limit=1000");
    const idle = await poll(first.next ?? "");
    expect([idle.events, typeof idle.next]).toEqual([[], "string"]);
    org.people.change("john@acme.com", "suspend");
    const { events } = await poll(idle.next ?? "");
    expect(events.map((event: { eventType: string }) => event.eventType)).toEqual(["user.lifecycle.suspend"]);
    expect((await poll("/api/v1/logs?limit=1000&until=2030-01-01T00:00:00Z")).next).toBeUndefined();
  });
});

describe("the mapping pair", () => {
  test("is found by source and target, both ways", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const [type] = (await org.call("GET", "/api/v1/meta/types/user")).body;
    const toApp = (await org.call("GET", `/api/v1/mappings?limit=200&sourceId=${type.id}&targetId=${app}`))
      .body;
    const toUser = (await org.call("GET", `/api/v1/mappings?sourceId=${app}&targetId=${type.id}`)).body;
    expect([toApp.length, toUser.length]).toEqual([1, 1]);
    expect(toApp[0]).toMatchObject({
      source: { id: type.id, name: "user", type: "user" },
      target: { id: app, type: "appuser" },
    });
    expect(toApp[0]).not.toHaveProperty("properties");
    expect((await org.call("GET", `/api/v1/mappings/${toApp[0].id}`)).body.properties).toEqual({});
  });
});

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

describe("keeping", () => {
  test("what was there is there after a restart, work in the queue too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "okta-org-"));
    closeAfterTest(async () => rmSync(folder, { recursive: true }));
    const options: OktaOrgOptions = {
      file: join(folder, "org.sqlite"),
      apiTokens: [API_TOKEN],
      kindness: { kind: true },
      directory: PEOPLE,
    };
    const product = await startProduct();
    const outbound = () => product.baseUrl;
    const first = await startOktaOrg({ ...options, outbound });
    const org = Object.assign(first, { call: caller(first.url) });
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    const dump = org.dump();
    const { body: before } = await org.call("GET", `/api/v1/apps/${app}`);
    await first.stop();

    const second = await startOktaOrg({ ...options, outbound });
    closeAfterTest(() => second.stop());
    expect(second.dump()).toEqual(dump);
    const { body: after } = await caller(second.url)("GET", `/api/v1/apps/${app}`);
    const withoutPort = (text: unknown) => JSON.stringify(text).replace(/127\.0\.0\.1:\d+/g, "host");
    expect(withoutPort(after)).toBe(withoutPort(before));
    expect(await second.settle()).toEqual({ performed: 2, failed: [] });
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  test("two orgs that were set up alike have equal dumps, whatever their ids, times and order", async () => {
    const build = async (seed: string, groups: string[]) => {
      const { org } = await orgWithProduct({ seed });
      if (seed === "b") await createApp(org, "gone").then((id) => remove(org, id));
      const app = await createApp(org);
      await org.admin.enableScim(app, scimForm());
      for (const group of groups) await org.call("PUT", `/api/v1/apps/${app}/groups/${group}`);
      await org.settle();
      return org;
    };
    const remove = async (org: { call: ReturnType<typeof caller> }, id: string) => {
      await org.call("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
      await org.call("DELETE", `/api/v1/apps/${id}`);
    };
    const one = await build("a", ["00ggov", "00gom1"]);
    const two = await build("b", ["00gom1", "00ggov"]);
    expect(two.dump()).toEqual(one.dump());
    two.people.removeMember("governance-team", "john@acme.com");
    expect(two.dump()).not.toEqual(one.dump());
  });

  test("a change that fails half-way changes nothing", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const before = (await org.call("GET", `/api/v1/apps/${app}`)).body;
    const body = { ...autoLoginBody("another label"), settings: { signOn: { loginUrl: "no URL" } } };
    expect((await org.call("PUT", `/api/v1/apps/${app}`, body)).status).toBe(400);
    expect((await org.call("GET", `/api/v1/apps/${app}`)).body).toEqual(before);
  });
});
