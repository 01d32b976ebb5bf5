import { describe, expect, test } from "vitest";
import { expectError } from "./expect-error.ts";
import { autoLoginBody, createApp, scimForm, type TestOrg, testOrg } from "./org.ts";
import { orgWithProduct } from "./product.ts";

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
