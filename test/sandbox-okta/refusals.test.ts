import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { OktaOrgOptions } from "../../src/sandbox/okta/index.ts";
import { type Answer, autoLoginBody, createApp, scimForm, type TestOrg, testOrg } from "./org.ts";
import { orgWithProduct } from "./product.ts";

function expectError(answer: Answer, status: number, code: string, words = ""): void {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.body).toEqual({
    errorCode: code,
    errorSummary: expect.any(String),
    errorLink: code,
    errorId: expect.stringMatching(/^oae/),
    errorCauses: expect.any(Array),
  });
  expect(JSON.stringify(answer.body)).toContain(words);
}

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

const keys = rsa();

function assertion(claims: Record<string, unknown>, privateKey = keys.privateKey): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: "0oaclient",
    sub: "0oaclient",
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...claims,
  };
  const signed = `${encode({ alg: "RS256" })}.${encode(payload)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

async function serviceOrg(options: OktaOrgOptions = {}) {
  const publicKey = keys.publicKey.export({ format: "jwk" });
  const org = await testOrg({
    clients: [{ clientId: "0oaclient", publicKey, scopes: ["okta.apps.read", "okta.groups.manage"] }],
    ...options,
  });
  const token = (jwt: string, scope = "okta.apps.read") =>
    org.call(
      "POST",
      "/oauth2/v1/token",
      new URLSearchParams({
        grant_type: "client_credentials",
        scope,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: jwt,
      }).toString(),
      { "content-type": "application/x-www-form-urlencoded", authorization: "" },
    );
  return { org, token };
}

const AUDIENCE = "https://sandbox.okta.com/oauth2/v1/token";

describe("tokens and scopes", () => {
  test("a missing or unknown API token", async () => {
    const org = await testOrg();
    for (const authorization of ["", "SSWS wrong", "SSWS ", "Basic eDp5"]) {
      expectError(await org.call("GET", "/api/v1/apps", undefined, { authorization }), 401, "E0000011");
    }
  });

  test("an unknown access token", async () => {
    const org = await testOrg();
    const answer = await org.call("GET", "/api/v1/apps", undefined, { authorization: "Bearer made-up" });
    expectError(answer, 401, "E0000011");
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
  });

  test("an access token without the scope", async () => {
    const { org, token } = await serviceOrg();
    const { status, body } = await token(assertion({ aud: AUDIENCE }));
    expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 3600]);
    const authorization = `Bearer ${body.access_token}`;
    expect((await org.call("GET", "/api/v1/apps", undefined, { authorization })).status).toBe(200);
    const write = await org.call("POST", "/api/v1/apps", autoLoginBody("x"), { authorization });
    expectError(write, 403, "E0000006");
    expect(write.headers.get("www-authenticate")).toContain(
      'scope="okta.apps.manage", error="insufficient_scope"',
    );
    expectError(await org.call("GET", "/api/v1/groups", undefined, { authorization }), 403, "E0000006");
  });

  test("managing includes reading", async () => {
    const { org, token } = await serviceOrg();
    const { body } = await token(assertion({ aud: `${org.url}/oauth2/v1/token` }), "okta.groups.manage");
    const authorization = `Bearer ${body.access_token}`;
    expect((await org.call("GET", "/api/v1/groups", undefined, { authorization })).status).toBe(200);
  });

  test.each<[string, () => string]>([
    ["an assertion signed with another key", () => assertion({ aud: AUDIENCE }, rsa().privateKey)],
    ["an assertion for another audience", () => assertion({ aud: "https://evil.example/oauth2/v1/token" })],
    ["an expired assertion", () => assertion({ aud: AUDIENCE, exp: 1 })],
    ["an assertion of an unknown client", () => assertion({ aud: AUDIENCE, sub: "x", iss: "x" })],
    ["something that is no assertion", () => "a.b.c"],
    ["an unsigned assertion", () => `${assertion({ aud: AUDIENCE }).split(".").slice(0, 2).join(".")}.`],
  ])("%s", async (_, jwt) => {
    const { token } = await serviceOrg();
    const answer = await token(jwt());
    expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
  });

  test("an assertion used twice", async () => {
    const { token } = await serviceOrg();
    const jwt = assertion({ aud: AUDIENCE });
    expect((await token(jwt)).status).toBe(200);
    expect((await token(jwt)).body.error).toBe("invalid_client");
  });

  test("a scope that the client was not granted", async () => {
    const { token } = await serviceOrg();
    expect((await token(assertion({ aud: AUDIENCE }), "okta.users.manage")).body.error).toBe("invalid_scope");
  });

  test("too many requests in a window", async () => {
    const org = await testOrg({ rateLimits: { window: 60_000 } });
    let answer = await org.call("GET", "/api/v1/apps");
    for (let i = 0; i < 100 && answer.status === 200; i++) answer = await org.call("GET", "/api/v1/apps/x");
    while (answer.status === 404) answer = await org.call("GET", "/api/v1/apps/x");
    expectError(answer, 429, "E0000047");
    expect(answer.headers.get("x-rate-limit-limit")).toBe("100");
    expect(answer.headers.get("x-rate-limit-remaining")).toBe("0");
    const reset = Number(answer.headers.get("x-rate-limit-reset"));
    expect(reset - Date.parse(answer.headers.get("date") ?? "") / 1000).toBeLessThanOrEqual(61);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect((await org.call("GET", "/api/v1/groups")).status).toBe(200);
  });
});

describe("requests", () => {
  test("an unknown path", async () => {
    const org = await testOrg();
    expectError(await org.call("GET", "/api/v1/nothing"), 404, "E0000008");
  });

  test("a body that is not JSON", async () => {
    const org = await testOrg();
    for (const body of ["{", "[]", '"x"'])
      expectError(await org.call("POST", "/api/v1/groups", body), 400, "E0000003");
  });

  test("a media type other than JSON", async () => {
    const org = await testOrg();
    const headers = { "content-type": "text/plain" };
    expectError(await org.call("POST", "/api/v1/groups", "x", headers), 415, "E0000021");
  });

  test.each([
    ["a search for an unknown property", 'members eq "x"'],
    ["a search that does not parse", "profile.name sw"],
    ["a search with an operator that is not supported", 'profile.name ew "x"'],
    ["a search with a value path", 'profile[name eq "x"]'],
  ])("%s", async (_, search) => {
    const org = await testOrg();
    expectError(
      await org.call("GET", `/api/v1/groups?search=${encodeURIComponent(search)}`),
      400,
      "E0000031",
    );
  });

  test("a cursor that no list gave", async () => {
    const org = await testOrg();
    expectError(await org.call("GET", "/api/v1/groups?after=xyz"), 400, "E0000001");
    expectError(await org.call("GET", "/api/v1/groups?limit=0"), 400, "E0000001");
  });
});

describe("applications", () => {
  test("an application that is not there", async () => {
    const org = await testOrg();
    const answer = await org.call("GET", "/api/v1/apps/0oanone");
    expectError(answer, 404, "E0000007", "Not found: Resource not found: 0oanone (AppInstance)");
  });

  const body = autoLoginBody("x");
  test.each<[string, unknown, number, string]>([
    ["an application without a label", { ...body, label: "" }, 400, "E0000001"],
    ["a wizard SWA without a sign-on URL", { ...body, settings: { app: {} } }, 400, "E0000001"],
    [
      "a SAML application without audience",
      {
        label: "x",
        signOnMode: "SAML_2_0",
        settings: { signOn: { ssoAcsUrl: "https://a", recipient: "https://a", destination: "https://a" } },
      },
      400,
      "E0000001",
    ],
    ["a catalogue name that does not exist", { ...body, name: "nosuchapp" }, 404, "E0000007"],
    ["a sign-on mode that needs a name", { label: "x", signOnMode: "OPENID_CONNECT" }, 400, "E0000001"],
    [
      "a template SWA without its fields",
      { ...body, name: "template_swa", signOnMode: "BROWSER_PLUGIN" },
      400,
      "E0000001",
    ],
  ])("%s", async (_, request, status, code) => {
    const org = await testOrg();
    expectError(await org.call("POST", "/api/v1/apps", request), status, code);
    expect((await org.call("GET", "/api/v1/apps?q=x")).body).toEqual([]);
  });

  test("features in a body", async () => {
    const org = await testOrg();
    const app = await org.call("POST", "/api/v1/apps", { ...body, features: ["SCIM_PROVISIONING"] });
    expect([app.status, app.body.features]).toEqual([200, []]);
    const put = await org.call("PUT", `/api/v1/apps/${app.body.id}`, {
      ...body,
      features: ["SCIM_PROVISIONING"],
    });
    expect([put.status, put.body.features]).toEqual([200, []]);
  });

  test("PUT on an inactive wizard SWA", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("POST", `/api/v1/apps/${app}/lifecycle/deactivate`);
    expectError(await org.call("PUT", `/api/v1/apps/${app}`, body), 400, "E0000024", "No active instances.");

    const template = {
      ...body,
      name: "template_swa",
      signOnMode: "BROWSER_PLUGIN",
      settings: { app: { url: "https://a", usernameField: "u", passwordField: "p", buttonField: "b" } },
    };
    const { id } = (await org.call("POST", "/api/v1/apps?activate=false", template)).body;
    expect((await org.call("PUT", `/api/v1/apps/${id}`, template)).status).toBe(200);
  });

  test("changing one of Okta's own applications", async () => {
    const org = await testOrg();
    const own = (await org.call("GET", "/api/v1/apps")).body;
    expect(own.map((app: { name: string }) => app.name)).toEqual([
      "saasure",
      "okta_enduser",
      "okta_browser_plugin",
    ]);
    const path = `/api/v1/apps/${own[0].id}`;
    expectError(await org.call("PUT", path, body), 403, "E0000006");
    expectError(await org.call("POST", `${path}/lifecycle/deactivate`), 403, "E0000006");
    expectError(await org.call("DELETE", path), 403, "E0000006");
  });

  test("a changed name", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    expectError(await org.call("PUT", `/api/v1/apps/${app}`, { ...body, name: "other" }), 400, "E0000001");
  });

  test("deleting an active application", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    expectError(await org.call("DELETE", `/api/v1/apps/${app}`), 403, "E0000056");
    await org.call("POST", `/api/v1/apps/${app}/lifecycle/deactivate`);
    expect((await org.call("DELETE", `/api/v1/apps/${app}`)).status).toBe(204);
    expectError(await org.call("GET", `/api/v1/apps/${app}`), 404, "E0000007");
  });
});

describe("assignments", () => {
  test("an assignment that is not there", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    for (const path of ["groups/00ggov", "users/00ujohn"]) {
      expectError(await org.call("GET", `/api/v1/apps/${app}/${path}`), 404, "E0000007");
      expectError(await org.call("DELETE", `/api/v1/apps/${app}/${path}`), 404, "E0000007");
    }
  });

  test("assigning a group that is not there", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    expectError(
      await org.call("PUT", `/api/v1/apps/${app}/groups/00gnone`),
      404,
      "E0000007",
      "00gnone (UserGroup)",
    );
  });

  test("assigning a deactivated user", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    org.people.change("sid@acme.com", "deactivate");
    expectError(await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00usid" }), 403, "E0000038");
  });

  test("a profile property that the schema does not have", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const body = { id: "00usid", profile: { salesforceGroups: "x" } };
    const answer = await org.call("POST", `/api/v1/apps/${app}/users`, body);
    expectError(answer, 400, "E0000001", "Property 'salesforceGroups' not found");
  });

  test("unassigning somebody whom a group gives access", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00usid", scope: "USER" });
    for (const user of ["00ujohn", "00usid"]) {
      const answer = await org.call("DELETE", `/api/v1/apps/${app}/users/${user}`);
      expectError(answer, 403, "E0000046", "while their group memberships grant them access");
    }
  });
});

describe("groups and users", () => {
  test("two groups of one name", async () => {
    const org = await testOrg();
    const body = { profile: { name: "governance-team" } };
    expectError(await org.call("POST", "/api/v1/groups", body), 400, "E0000001");
  });

  test("changing the members of an application's copy, or of Everyone", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const push = { sourceGroupId: "00ggov", targetGroupName: "copy" };
    const { targetGroupId } = (await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, push)).body;
    const everyone = (await org.call("GET", "/api/v1/groups?q=Everyone")).body[0].id;
    for (const id of [targetGroupId, everyone]) {
      expectError(await org.call("PUT", `/api/v1/groups/${id}/users/00uada`), 403, "E0000006");
      expectError(await org.call("DELETE", `/api/v1/groups/${id}`), 403, "E0000006");
    }
  });

  test("two users of one login", async () => {
    const org = await testOrg();
    const profile = { login: "JOHN@acme.com", email: "j@x", firstName: "J", lastName: "D" };
    expectError(await org.call("POST", "/api/v1/users", { profile }), 400, "E0000001", "already exists");
  });

  test("suspending somebody who is not ACTIVE", async () => {
    const org = await testOrg();
    expectError(await org.call("POST", "/api/v1/users/00usta/lifecycle/suspend"), 403, "E0000038");
  });

  test("activating somebody who is active", async () => {
    const org = await testOrg();
    expectError(await org.call("POST", "/api/v1/users/00ujohn/lifecycle/activate"), 403, "E0000016");
  });
});

describe("group push", () => {
  async function pushable(): Promise<{ org: TestOrg; mappings: string }> {
    const org = await testOrg();
    return { org, mappings: `/api/v1/apps/${await createApp(org)}/group-push/mappings` };
  }
  const push = { sourceGroupId: "00ggov", status: "ACTIVE", targetGroupName: "governance-team" };

  test.each<[string, unknown]>([
    ["neither of targetGroupName and targetGroupId", { sourceGroupId: "00ggov", status: "ACTIVE" }],
    ["both of them", { ...push, targetGroupId: "00gom1" }],
    ["null in a body", { ...push, status: null }],
    ["appConfig outside Active Directory", { ...push, appConfig: { type: "ACTIVE_DIRECTORY" } }],
    ["a status other than ACTIVE and INACTIVE", { ...push, status: "ERROR" }],
  ])("%s", async (_, body) => {
    const { org, mappings } = await pushable();
    expectError(await org.call("POST", mappings, body), 400, "E0000001");
    expect((await org.call("GET", `${mappings}?after=`)).body).toEqual([]);
  });

  test("a source group that is not there", async () => {
    const { org, mappings } = await pushable();
    expectError(await org.call("POST", mappings, { ...push, sourceGroupId: "00gnone" }), 404, "E0000007");
  });

  test("a name that the application has already", async () => {
    const { org, mappings } = await pushable();
    const { id, targetGroupId } = (await org.call("POST", mappings, push)).body;
    const other = { ...push, sourceGroupId: "00gom1" };
    expectError(await org.call("POST", mappings, other), 400, "E0000001", "targetGroupId");
    await org.call("PATCH", `${mappings}/${id}`, { status: "INACTIVE" });
    await org.call("DELETE", `${mappings}/${id}?deleteTargetGroup=false`);
    expectError(await org.call("POST", mappings, push), 400, "E0000001", "targetGroupId");
    const again = await org.call("POST", mappings, {
      sourceGroupId: "00ggov",
      status: "ACTIVE",
      targetGroupId,
    });
    expect([again.status, again.body.targetGroupId]).toEqual([200, targetGroupId]);
  });

  test("pushing one group twice", async () => {
    const { org, mappings } = await pushable();
    await org.call("POST", mappings, push);
    expectError(await org.call("POST", mappings, { ...push, targetGroupName: "other" }), 400, "E0000001");
  });

  test("deleting an active mapping, or without deleteTargetGroup", async () => {
    const { org, mappings } = await pushable();
    const { id } = (await org.call("POST", mappings, push)).body;
    expectError(await org.call("DELETE", `${mappings}/${id}?deleteTargetGroup=true`), 400, "E0000001");
    await org.call("PATCH", `${mappings}/${id}`, { status: "INACTIVE" });
    expectError(await org.call("DELETE", `${mappings}/${id}`), 400, "E0000001", "deleteTargetGroup");
  });

  test("changing a mapping in ERROR; deleting it is allowed", async () => {
    const { org, mappings } = await pushable();
    const { id } = (await org.call("POST", mappings, push)).body;
    org.admin.failPush(id, "The group could not be pushed");
    expect((await org.call("GET", `${mappings}/${id}`)).body).toMatchObject({
      status: "ERROR",
      errorSummary: "The group could not be pushed",
    });
    expectError(await org.call("PATCH", `${mappings}/${id}`, { status: "INACTIVE" }), 400, "E0000001");
    expect((await org.call("DELETE", `${mappings}/${id}?deleteTargetGroup=false`)).status).toBe(200);
  });
});

describe("provisioning by API", () => {
  const connection = { baseUrl: "https://x.example", profile: { authScheme: "TOKEN", token: "very-secret" } };

  test("a connection on an application that is none of the six", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    for (const [method, body] of [["GET"], ["POST", connection]] as const) {
      const answer = await org.call(method, `/api/v1/apps/${app}/connections/default`, body);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ profile: { authScheme: "UNKNOWN" }, status: "UNKNOWN" });
    }
    expect((await org.call("GET", `/api/v1/apps/${app}`)).body.features).toEqual([]);
  });

  test("features of an application that is none of the six", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    expectError(await org.call("GET", `/api/v1/apps/${app}/features/USER_PROVISIONING`), 400, "E0000001");
    expectError(await org.call("PUT", `/api/v1/apps/${app}/features/USER_PROVISIONING`, {}), 400, "E0000001");
  });

  test("a connection without a token, and its token in an answer", async () => {
    const org = await testOrg();
    const { id } = (await org.call("POST", "/api/v1/apps", { ...autoLoginBody("z"), name: "zscalerbyz" }))
      .body;
    const path = `/api/v1/apps/${id}/connections/default`;
    expectError(await org.call("GET", path), 404, "E0000007");
    expectError(await org.call("POST", path, { profile: { authScheme: "TOKEN" } }), 400, "E0000001");
    expectError(await org.call("POST", path, { profile: { authScheme: "OAUTH2" } }), 400, "E0000001");
    const created = await org.call("POST", path, connection);
    expect(created.body).toMatchObject({
      authScheme: "TOKEN",
      status: "DISABLED",
      profile: { authScheme: "TOKEN" },
    });
    expect((await org.call("POST", `${path}/lifecycle/activate`)).status).toBe(204);
    const read = await org.call("GET", path);
    expect(read.body).toMatchObject({ status: "ENABLED", baseUrl: "https://x.example" });
    expect(JSON.stringify([created.body, read.body, org.dump()])).not.toContain("very-secret");
  });
});

describe("profile mappings and schemas", () => {
  test("a mapping to a property that the application does not have yet", async () => {
    const { org } = await orgWithProduct();
    const app = await createApp(org);
    const [toApp] = (await org.call("GET", `/api/v1/mappings?limit=200&targetId=${app}`)).body;
    const properties = { email: { expression: "user.email", pushStatus: "PUSH" } };
    const post = () => org.call("POST", `/api/v1/mappings/${toApp.id}`, { id: toApp.id, properties });
    expectError(await post(), 400, "E0000001", "Property 'email' not found");
    await org.admin.enableScim(app, scimForm());
    expect((await post()).body.properties.email).toEqual(properties.email);
  });

  test.each([
    ["an expression that does not parse", { expression: "user.email +", pushStatus: "PUSH" }],
    ["a pushStatus that does not exist", { expression: "user.email", pushStatus: "SOMETIMES" }],
    ["an empty expression", { expression: "", pushStatus: "PUSH" }],
  ])("%s", async (_, mapping) => {
    const { org } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    const [toApp] = (await org.call("GET", `/api/v1/mappings?targetId=${app}`)).body;
    const answer = await org.call("POST", `/api/v1/mappings/${toApp.id}`, { properties: { email: mapping } });
    expectError(answer, 400, "E0000001");
  });

  test("a custom property with an external name that cannot be sent", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const properties = { x: { title: "X", type: "string", externalName: "emails[0]" } };
    const answer = await org.call("POST", `/api/v1/meta/schemas/apps/${app}/default`, {
      definitions: { custom: { properties } },
    });
    expectError(answer, 400, "E0000001", "external name");
  });
});

describe("the Admin Console", () => {
  const console = async (org: TestOrg, app: string, form: unknown) =>
    org.call("POST", `/_sandbox/apps/${app}/scim`, form);

  test("SCIM on a template SWA or an OpenID Connect application", async () => {
    const { org } = await orgWithProduct();
    const oidc = {
      label: "oidc",
      name: "oidc_client",
      signOnMode: "OPENID_CONNECT",
      settings: {
        oauthClient: {
          application_type: "web",
          redirect_uris: ["https://a"],
          grant_types: ["authorization_code"],
        },
      },
    };
    const { id } = (await org.call("POST", "/api/v1/apps", oidc)).body;
    expectError(await console(org, id, scimForm()), 400, "E0000001", "does not offer");
  });

  test.each(["http://x.example/scim", "https://x.example/scim_v2", "not a url", ""])(
    "the base URL %j",
    async (baseUrl) => {
      const { org } = await orgWithProduct();
      const app = await createApp(org);
      expectError(await console(org, app, scimForm({ baseUrl })), 400, "E0000001", "base URL");
    },
  );

  test("credentials with which the connector test fails", async () => {
    const { org } = await orgWithProduct();
    const app = await createApp(org);
    const form = scimForm({ authentication: { mode: "bearer", token: "wrong" } });
    expectError(await console(org, app, form), 400, "E0000001", "401");
    expect((await org.call("GET", `/api/v1/apps/${app}`)).body.features).toEqual([]);
  });

  test("an authentication mode that the application does not offer", async () => {
    const { org } = await orgWithProduct();
    const app = await createApp(org);
    const form = scimForm({ authentication: { mode: "header", value: "Bearer x" } });
    expectError(await console(org, app, form), 400, "E0000001", "header");
  });
});
