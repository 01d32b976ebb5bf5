import { describe, expect, test } from "vitest";
import { ALL_ACTIONS, API_TOKEN, createApp, scimForm, type TestOrg } from "./org.ts";
import { orgWithProduct, type Product } from "./product.ts";

/** An application with SCIM on and the guide's group assigned. */
async function provisioned(org: TestOrg): Promise<string> {
  const app = await createApp(org);
  await org.admin.enableScim(app, scimForm());
  await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
  expect(await org.settle()).toMatchObject({ failed: [] });
  return app;
}

async function push(
  org: TestOrg,
  app: string,
  sourceGroupId = "00ggov",
  targetGroupName = "governance-team",
) {
  const { status, body } = await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
    sourceGroupId,
    status: "ACTIVE",
    targetGroupName,
  });
  expect(status).toBe(200);
  return body;
}

/** Requests since `from`. */
const since = (product: Product, from: number) => product.requests().slice(from);

describe("the guide's story", () => {
  test("an assigned group brings its members, with what their profiles say", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    const users = await product.users();
    expect(users).toHaveLength(2);
    expect(users.find((user) => user.userName === "john@acme.com")).toMatchObject({
      externalId: "00ujohn",
      active: true,
      name: { givenName: "John", familyName: "Doe" },
      displayName: "John Doe",
      emails: [{ primary: true, value: "john@acme.com", type: "work" }],
    });
    const { body } = await org.call("GET", `/api/v1/apps/${app}/users`);
    expect(body).toHaveLength(2);
    for (const appUser of body) {
      expect(appUser).toMatchObject({ scope: "GROUP", status: "PROVISIONED", syncState: "SYNCHRONIZED" });
      expect(users.map((user) => user.id)).toContain(appUser.externalId);
    }
  });

  test("each person costs a search and a POST, after one look at the connector", async () => {
    const { org, product } = await orgWithProduct();
    await provisioned(org);
    expect(product.requests()).toEqual([
      "GET /Users?startIndex=1&count=2",
      'GET /Users?filter=userName eq "john@acme.com"&startIndex=1&count=100',
      "POST /Users",
      'GET /Users?filter=userName eq "sid@acme.com"&startIndex=1&count=100',
      "POST /Users",
    ]);
  });

  test("a pushed group arrives with its members, and then its changes", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    await push(org, app);
    await org.settle();
    expect(await product.memberships()).toEqual({ "governance-team": ["john@acme.com", "sid@acme.com"] });

    const before = product.requests().length;
    org.people.removeMember("governance-team", "john@acme.com");
    await org.settle();
    expect(await product.memberships()).toEqual({ "governance-team": ["sid@acme.com"] });
    expect(await product.active()).toEqual(["sid@acme.com"]);
    const paths = since(product, before).map((request) => request.replace(/\/[0-9a-f-]{8,}$/, "/{id}"));
    expect(paths).toEqual(["GET /Users/{id}", "PUT /Users/{id}", "GET /Groups/{id}", "PUT /Groups/{id}"]);
  });

  test("unassigned means inactive; deleted in Okta means the account stays", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    for (const id of ["00usid", "00uada"])
      await org.call("POST", `/api/v1/apps/${app}/users`, { id, scope: "USER" });
    await org.settle();
    expect((await org.call("DELETE", `/api/v1/apps/${app}/users/00usid`)).status).toBe(204);
    await org.settle();
    expect(await product.active()).toEqual(["ada@acme.com"]);

    org.people.delete("ada@acme.com");
    await org.settle();
    expect(await product.active()).toEqual([]);
    expect(await product.users()).toHaveLength(2);
    expect(product.requests().filter((request) => request.startsWith("DELETE"))).toEqual([]);
  });

  test("assigned again means the same account, active again", async () => {
    const { org, product } = await orgWithProduct();
    await provisioned(org);
    const [first] = await product.users();
    org.people.removeMember("governance-team", "john@acme.com");
    org.people.removeMember("governance-team", "sid@acme.com");
    await org.settle();
    expect(await product.active()).toEqual([]);
    org.people.addMember("governance-team", "john@acme.com");
    org.people.addMember("governance-team", "sid@acme.com");
    await org.settle();
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
    expect((await product.users()).map((user) => user.id)).toContain(first?.id);
    expect(await product.users()).toHaveLength(2);
  });
});

describe("who is provisioned", () => {
  test("only ACTIVE people; a suspended one once the suspension ends", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("PUT", `/api/v1/apps/${app}/groups/00gall`);
    await org.settle();
    expect(await product.active()).toEqual(["ada@acme.com", "john@acme.com", "sid@acme.com"]);
    const { body } = await org.call("GET", `/api/v1/apps/${app}/users/00usue`);
    expect(body).toMatchObject({ status: "STAGED", externalId: null });

    org.people.change("sue@acme.com", "unsuspend");
    await org.settle();
    expect(await product.active()).toContain("sue@acme.com");
  });

  test("a suspension sends nothing, a deactivation does, a reactivation brings group members back", async () => {
    const { org, product } = await orgWithProduct();
    await provisioned(org);
    const before = product.requests().length;
    org.people.change("john@acme.com", "suspend");
    await org.settle();
    expect(since(product, before)).toEqual([]);
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);

    org.people.change("john@acme.com", "deactivate");
    await org.settle();
    expect(await product.active()).toEqual(["sid@acme.com"]);
    org.people.change("john@acme.com", "activate");
    await org.settle();
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  test("who was assigned before SCIM was on waits for Provision User", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    await org.admin.enableScim(app, scimForm());
    await org.settle();
    expect(await product.users()).toEqual([]);
    const { body } = await org.call("GET", `/api/v1/apps/${app}/users`);
    for (const appUser of body) expect(appUser).toMatchObject({ status: "ACTIVE", externalId: null });

    org.people.update("sid@acme.com", { displayName: "Sid V." });
    await org.settle();
    expect(await product.users()).toEqual([]);

    expect(org.admin.provisionUser(app)).toBe(2);
    await org.settle();
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  test("the unassigned stay away though they are members of a pushed group", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00ujohn", scope: "USER" });
    await push(org, app);
    await push(org, app, "00gom1", "OM_stewards");
    await org.settle();
    expect(await product.memberships()).toEqual({ "governance-team": ["john@acme.com"], OM_stewards: [] });

    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00uada", scope: "USER" });
    await org.settle();
    expect(await product.memberships()).toMatchObject({ OM_stewards: ["ada@acme.com"] });
  });
});

describe("the switches of To App", () => {
  test.each([
    ["createUsers", []],
    ["deactivateUsers", ["john@acme.com", "sid@acme.com"]],
  ] as const)("%s off", async (action, active) => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm({ actions: { ...ALL_ACTIONS, [action]: false } }));
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    await org.settle();
    await org.call("DELETE", `/api/v1/apps/${app}/groups/00ggov`);
    await org.settle();
    expect(await product.active()).toEqual(active);
  });

  test("updateUsers off keeps profile changes at home; on sends what is mapped PUSH, and no DONT_PUSH", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    await org.admin.changeActions(app, { updateUsers: false });
    org.people.update("john@acme.com", { lastName: "Smith" });
    await org.settle();
    const familyName = async () =>
      (await product.users()).find((user) => user.userName === "john@acme.com")?.name.familyName;
    expect(await familyName()).toBe("Doe");

    const { body: found } = await org.call("GET", `/api/v1/mappings?targetId=${app}&sourceId=`);
    await org.call("POST", `/api/v1/mappings/${found[0].id}`, {
      properties: { displayName: { expression: "user.displayName", pushStatus: "DONT_PUSH" } },
    });
    await org.admin.changeActions(app, { updateUsers: true });
    org.people.update("john@acme.com", {
      lastName: "Miller",
      displayName: "J. Miller",
      login: "jm@acme.com",
    });
    await org.settle();
    expect(await familyName()).toBe("Miller");
    const john = (await product.users()).find((user) => user.externalId === "00ujohn");
    expect(john).toMatchObject({ displayName: "John Doe", userName: "john@acme.com" });
  });

  test("pushGroups off pushes nothing", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm({ actions: { ...ALL_ACTIONS, pushGroups: false } }));
    await push(org, app);
    await org.settle();
    expect(await product.groups()).toEqual([]);
  });

  test("while paused nothing is sent, and what was missed is not made up for", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    await org.admin.setApiIntegration(app, false);
    expect((await org.call("GET", `/api/v1/apps/${app}`)).body.features).toEqual([]);
    const before = product.requests().length;
    org.people.removeMember("governance-team", "john@acme.com");
    await org.admin.setApiIntegration(app, true);
    await org.settle();
    expect(since(product, before)).toEqual(["GET /Users?startIndex=1&count=2"]);
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });
});

describe("group push", () => {
  test("a renamed group is renamed in the product and in its copy", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    const { targetGroupId } = await push(org, app);
    await org.settle();
    org.people.rename("governance-team", "data-stewards");
    await org.settle();
    expect(Object.keys(await product.memberships())).toEqual(["data-stewards"]);
    expect((await org.call("GET", `/api/v1/groups/${targetGroupId}`)).body).toMatchObject({
      type: "APP_GROUP",
      profile: { name: "data-stewards" },
    });
  });

  test.each([
    ["true", []],
    ["false", ["governance-team"]],
  ])("unlinking with deleteTargetGroup=%s", async (deleteTargetGroup, groups) => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    const { id } = await push(org, app);
    await org.settle();
    const mapping = `/api/v1/apps/${app}/group-push/mappings/${id}`;
    await org.call("PATCH", mapping, { status: "INACTIVE" });
    const deleted = await org.call("DELETE", `${mapping}?deleteTargetGroup=${deleteTargetGroup}`);
    expect([deleted.status, deleted.body]).toEqual([200, ""]);
    await org.settle();
    expect((await product.groups()).map((group) => group.displayName)).toEqual(groups);
  });

  test("an inactive push sends nothing until it is active again", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    const { id } = await push(org, app);
    await org.settle();
    await org.call("PATCH", `/api/v1/apps/${app}/group-push/mappings/${id}`, { status: "INACTIVE" });
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00uada", scope: "USER" });
    org.people.addMember("governance-team", "ada@acme.com");
    await org.settle();
    expect(await product.memberships()).toEqual({ "governance-team": ["john@acme.com", "sid@acme.com"] });
    await org.call("PATCH", `/api/v1/apps/${app}/group-push/mappings/${id}`, { status: "ACTIVE" });
    await org.settle();
    expect((await product.memberships())["governance-team"]).toContain("ada@acme.com");
  });

  test("a refused push goes into ERROR, says why, and takes no change but deletion", async () => {
    const { org, product } = await orgWithProduct();
    const app = await provisioned(org);
    product.faults.set({ id: "f", path: "/Groups*", method: "POST", status: 403 });
    const { id } = await push(org, app);
    const { failed } = await org.settle();
    expect(failed).toHaveLength(1);
    const mapping = `/api/v1/apps/${app}/group-push/mappings/${id}`;
    const { body } = await org.call("GET", mapping);
    expect(body).toMatchObject({ status: "ERROR", errorSummary: expect.stringContaining("403") });
    expect((await org.call("PATCH", mapping, { status: "INACTIVE" })).status).toBe(400);

    product.faults.clearAll();
    expect(org.admin.retryFailed(app)).toBe(1);
    await org.settle();
    expect((await org.call("GET", mapping)).body.status).toBe("ACTIVE");
    expect(Object.keys(await product.memberships())).toEqual(["governance-team"]);
  });
});

describe("failures", () => {
  test("a refused user shows in the assignment and the log, and a person may retry", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    product.faults.set({ id: "f", path: "/Users", method: "POST", status: 500, count: 1 });
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    const { failed } = await org.settle();
    expect(failed).toHaveLength(1);
    const states = (await org.call("GET", `/api/v1/apps/${app}/users`)).body.map(
      (user: { syncState: string }) => user.syncState,
    );
    expect(states.sort()).toEqual(["ERROR", "SYNCHRONIZED"]);
    const filter = encodeURIComponent(
      `eventType eq "application.provision.user.push" and outcome.result eq "FAILURE" and target.id eq "${app}"`,
    );
    const { body: events } = await org.call("GET", `/api/v1/logs?filter=${filter}`);
    expect(events).toHaveLength(1);
    expect(events[0].outcome.reason).toContain(
      "Automatic provisioning of user john@acme.com to app DataHub-SCIM-SWA failed",
    );

    expect(org.admin.retryFailed(app)).toBe(1);
    expect((await org.settle()).failed).toEqual([]);
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  test("a 429 is waited for in the org's time", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    product.faults.set({
      id: "f",
      path: "/Users",
      method: "POST",
      status: 429,
      headers: { "retry-after": "90" },
      count: 2,
    });
    const start = org.clock.now().getTime();
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00ujohn", scope: "USER" });
    expect((await org.settle()).failed).toEqual([]);
    expect(await product.active()).toEqual(["john@acme.com"]);
    expect(org.clock.now().getTime() - start).toBeGreaterThan(180_000);
  });

  test("an endless 429 fails after ten tries", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    product.faults.set({ id: "f", path: "/Users*", status: 429 });
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00ujohn", scope: "USER" });
    const before = product.requests().length;
    expect((await org.settle()).failed).toHaveLength(1);
    expect(since(product, before)).toHaveLength(10);
  });

  test("somebody unassigned while being created is deactivated", async () => {
    const { org, product } = await orgWithProduct();
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("POST", `/api/v1/apps/${app}/users`, { id: "00ujohn", scope: "USER" });
    product.faults.set({ id: "slow", path: "/Users", method: "POST", delay: 300 });
    const settling = org.settle();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await org.call("DELETE", `/api/v1/apps/${app}/users/00ujohn`)).status).toBe(204);
    await settling;
    expect(await product.users()).toHaveLength(1);
    expect(await product.active()).toEqual([]);
  });

  test("no token is in the log, the dump or an answer", async () => {
    const { org } = await orgWithProduct();
    const app = await provisioned(org);
    const texts = [
      JSON.stringify(org.dump()),
      JSON.stringify(org.log.list()),
      JSON.stringify((await org.call("GET", "/api/v1/logs?limit=1000")).body),
      JSON.stringify((await org.call("GET", `/api/v1/apps/${app}`)).body),
    ];
    for (const text of texts) {
      expect(text).not.toContain("scim-token-of-the-tests");
      expect(text).not.toContain(API_TOKEN);
      expect(text).not.toContain("never-shown");
    }
  });
});
