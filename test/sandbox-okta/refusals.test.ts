import { describe, expect, test } from "vitest";
import { expectError } from "./expect-error.ts";
import { autoLoginBody, createApp, type TestOrg, testOrg } from "./org.ts";

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
