import { describe, expect, test } from "vitest";
import { autoLoginBody, createApp, PEOPLE, scimForm, testOrg } from "./org.ts";
import { orgWithProduct } from "./product.ts";

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
