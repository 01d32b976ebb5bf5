import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AppAssignmentsInputs } from "../../../src/provider/contract.ts";
import { type OktaFixture, oktaFixture } from "../okta-fixture.ts";
import { TestEngine } from "../test-engine.ts";

let fixture: OktaFixture;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await oktaFixture();
  engine = new TestEngine(fixture.env, "appAssignments");
});
afterEach(() => fixture.stop());

function inputs(keys: string[], more: Partial<AppAssignmentsInputs> = {}): AppAssignmentsInputs {
  const id = (key: string) => fixture.ids[key.replace(/^\w+:/, "")] ?? "";
  return {
    appId: fixture.appId,
    assignments: Object.fromEntries(keys.map((key) => [key, id(key)])),
    exclusive: true,
    maxRemovals: 10,
    pinned: [],
    provisioning: "on" as const,
    application: "datahub-okta",
    ...more,
  };
}

/** Logins of everybody who is in, by name or through a group. */
async function people(): Promise<string[]> {
  const users = (await fixture.api("GET", `/apps/${fixture.appId}/users?limit=500`)) as {
    credentials: { userName: string };
  }[];
  return users.map(({ credentials }) => credentials.userName).sort();
}

const GUIDE = ["group:datahub-users", "user:ada@acme.com"];

describe("okta.AppAssignments", () => {
  it("assigns groups and users, and a second up writes nothing", async () => {
    await engine.up(inputs(GUIDE));
    expect(fixture.writes()).toHaveLength(2);
    expect(await people()).toEqual(["ada@acme.com", "john@acme.com", "sid@acme.com"]);
    fixture.writes();
    expect(await engine.changes(inputs(GUIDE))).toEqual([]);
    expect(fixture.requests()).toBe(2);
    await engine.up(inputs(GUIDE));
    expect(fixture.writes()).toEqual([]);
  });

  it("shows a user and a group assigned by hand, and takes them out again", async () => {
    await engine.up(inputs(GUIDE));
    await fixture.api("PUT", `/apps/${fixture.appId}/groups/${fixture.ids.OM_stewards}`, {});
    await fixture.api("POST", `/apps/${fixture.appId}/users`, {
      id: fixture.ids["zoe@acme.com"],
      scope: "USER",
    });
    expect(await engine.changes(inputs(GUIDE))).toEqual([
      'delete assignments["group:OM_stewards"]',
      'delete assignments["user:zoe@acme.com"]',
    ]);
    await engine.up(inputs(GUIDE));
    expect(await people()).toEqual(["ada@acme.com", "john@acme.com", "sid@acme.com"]);
  });

  it("shows what was removed by hand, and assigns it again", async () => {
    await engine.up(inputs(GUIDE));
    await fixture.api("DELETE", `/apps/${fixture.appId}/groups/${fixture.ids["datahub-users"]}`);
    expect(await engine.changes(inputs(GUIDE))).toEqual(['add assignments["group:datahub-users"]']);
    await engine.up(inputs(GUIDE));
    expect(await people()).toHaveLength(3);
  });

  it("lets nobody be out while they move from one way in to another", async () => {
    await engine.up(inputs(["user:john@acme.com"]));
    fixture.writes();
    await engine.up(inputs(["group:datahub-users"]));
    expect(fixture.writes().map((write) => write.split("/")[0])).toEqual(["PUT groups", "DELETE users"]);
    expect(engine.messages.join()).toContain(
      "user:john@acme.com stays assigned by name, because an assigned group gives access too",
    );
    expect(await people()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  it("refuses to take out more than maxRemovals, in the preview already", async () => {
    await engine.up(inputs(GUIDE));
    await expect(engine.preview(inputs([], { maxRemovals: 1 }))).rejects.toThrow(
      "This would take 2 principals out of datahub-okta, and maxRemovals allows 1:\n  - group:datahub-users\n  - user:ada@acme.com",
    );
  });

  it("counts everybody of an application that gives way to another, and names them", async () => {
    await engine.up(inputs(GUIDE));
    const moved = inputs(GUIDE, { appId: "0oaAnother", maxRemovals: 1 });
    await expect(engine.preview(moved)).rejects.toThrow(
      `datahub-okta: the application ${fixture.appId} gives way to 0oaAnother.\nThis would take 2 principals out of datahub-okta, and maxRemovals allows 1:\n  - group:datahub-users\n  - user:ada@acme.com`,
    );
    expect(await engine.changes({ ...moved, maxRemovals: 2 })).toEqual([
      "update appId",
      "update maxRemovals",
    ]);
    expect(engine.messages.join()).toMatch(
      /0oaAnother, and these are taken out of the old one:\n {2}- group:datahub-users\n {2}- user:ada@acme.com$/,
    );
  });

  it("takes over nobody it does not know", async () => {
    await fixture.api("POST", `/apps/${fixture.appId}/users`, {
      id: fixture.ids["zoe@acme.com"],
      scope: "USER",
    });
    await expect(engine.up(inputs(GUIDE))).rejects.toThrow(
      "datahub-okta has assignments that the spec does not declare:\n  - user:zoe@acme.com",
    );
    await engine.up(inputs(GUIDE, { exclusive: false }));
    expect(await people()).toHaveLength(4);
    expect(await engine.changes(inputs(GUIDE, { exclusive: false }))).toEqual([]);
    await engine.destroy();
    expect(await people()).toEqual(["zoe@acme.com"]);
  });

  it("remembers what it gave before a failure, and whom it has still to take out", async () => {
    const zoe = { id: fixture.ids["zoe@acme.com"], scope: "USER" };
    await fixture.api("POST", `/apps/${fixture.appId}/users`, zoe);
    const shared = (keys: string[]) => inputs(keys, { exclusive: false });
    const refuse = (method: string, path: string) =>
      fixture.org.faults.arm({ method, path, effect: { answer: 403 } });
    refuse("POST", "/users$");
    await expect(engine.up(shared(GUIDE))).rejects.toThrow(
      /^datahub-okta: not all .*goes on from here.\n {2}- user:ada@acme.com: .*403 [^\n]*$/,
    );
    expect(await people()).toEqual(["john@acme.com", "sid@acme.com", "zoe@acme.com"]);
    expect(await engine.changes(shared(GUIDE))).toEqual(['add assignments["user:ada@acme.com"]']);
    refuse("DELETE", "/groups/");
    await expect(engine.up(shared(["user:ada@acme.com"]))).rejects.toThrow("  - group:datahub-users");
    expect(await engine.changes(shared(["user:ada@acme.com"]))).toEqual([
      'delete assignments["group:datahub-users"]',
    ]);
    await engine.up(shared([]));
    expect(await people()).toEqual(["zoe@acme.com"]);
    expect(engine.messages).toContain(
      "info: datahub-okta has assignments that this stack has not made, and leaves alone (exclusive: false) unless the spec declares them: user:zoe@acme.com",
    );
  });

  it("lets nobody be out whose new way in is refused, and holds up nobody else", async () => {
    const refuse = (method: string, path: string) =>
      fixture.org.faults.arm({ method, path, effect: { answer: 403 } });
    await engine.up(inputs(["user:john@acme.com"]));
    refuse("PUT", "/groups/");
    await expect(engine.up(inputs(["group:datahub-users", "user:ada@acme.com"]))).rejects.toThrow(
      /- group:datahub-users: .*403.*\nNot taken out, since whoever could not be let in may be among them:\n {2}- user:john@acme.com$/,
    );
    expect(await people()).toEqual(["ada@acme.com", "john@acme.com"]);

    await engine.up(inputs(["group:OM_stewards", "user:john@acme.com"]));
    refuse("POST", "/users$");
    await expect(engine.up(inputs(["user:ada@acme.com", "user:zoe@acme.com"]))).rejects.toThrow(
      /- user:zoe@acme.com: .*403.*\nNot taken out, since whoever could not be let in may be among them:\n {2}- group:OM_stewards$/,
    );
    expect(await people()).toEqual(["ada@acme.com"]);
    await engine.up(inputs(["user:ada@acme.com", "user:zoe@acme.com"]));
    expect(await people()).toEqual(["ada@acme.com", "zoe@acme.com"]);
  });

  it("lets in everybody whom Okta does not refuse", async () => {
    fixture.org.faults.arm({ method: "POST", path: "/users$", effect: { answer: 403 } });
    await expect(engine.up(inputs(["user:ada@acme.com", "user:zoe@acme.com"]))).rejects.toThrow(
      /\n {2}- user:ada@acme.com: .*403 [^\n]*$/,
    );
    expect(await people()).toEqual(["zoe@acme.com"]);
  });

  it("counts somebody again whose removal was taken back before it was done", async () => {
    const [john, sid] = ["user:john@acme.com", "user:sid@acme.com"];
    await engine.up(inputs([john, sid], { maxRemovals: 1 }));
    fixture.org.faults.arm({ method: "PUT", path: "/groups/", effect: { answer: 403 } });
    await expect(engine.up(inputs(["group:datahub-users", sid], { maxRemovals: 1 }))).rejects.toThrow(john);
    expect(await engine.changes(inputs([john, sid], { maxRemovals: 1 }))).toEqual([
      `update assignments["${john}"]`,
    ]);
    await engine.up(inputs([john, sid], { maxRemovals: 1 }));
    expect(await engine.changes(inputs([john, sid], { maxRemovals: 1 }))).toEqual([]);
    await expect(engine.up(inputs([], { maxRemovals: 1 }))).rejects.toThrow("This would take 2 principals");
  });

  it("blames Okta for nobody who stays with a group that is kept", async () => {
    await engine.up(inputs(["group:datahub-users", "user:john@acme.com"]));
    fixture.org.faults.arm({ method: "POST", path: "/users$", effect: { answer: 403 } });
    await expect(engine.up(inputs(["user:zoe@acme.com"]))).rejects.toThrow(
      /among them:\n {2}- group:datahub-users\nAssigned by name for as long as the group is:\n {2}- user:john@acme.com$/,
    );
    expect(engine.messages.join()).not.toContain("Convert Assignments");
    await engine.up(inputs(["user:zoe@acme.com"]));
    expect(await people()).toEqual(["zoe@acme.com"]);
  });

  it("stops where the failure is not one person's", async () => {
    await engine.up(inputs(["user:john@acme.com"]));
    fixture.org.faults.arm({ method: "POST", path: "/users$", times: 100, effect: { answer: 500 } });
    await expect(engine.up(inputs(["user:ada@acme.com", "user:zoe@acme.com"]))).rejects.toThrow(
      /- user:ada@acme.com: .*500.*\nNot done, as far as is known:\n {2}- user:zoe@acme.com\n {2}- user:john@acme.com, to be removed$/,
    );
  });

  it("goes on naming a user whom Okta does not let go, until nothing else lets them in", async () => {
    const shared = (keys: string[]) => inputs(keys, { exclusive: false });
    await engine.up(shared(["group:datahub-users", "user:sid@acme.com"]));
    await engine.up(shared(["group:datahub-users"]));
    const still = ['delete assignments["user:sid@acme.com"]'];
    expect(await engine.changes(shared(["group:datahub-users"]))).toEqual(still);
    await engine.up(shared(["group:datahub-users"]));
    expect(await engine.changes(shared([]))).toEqual([...still, 'delete assignments["group:datahub-users"]']);
    await engine.up(shared([]));
    expect(await people()).toEqual([]);
    expect(engine.state?.outputs.owed).toEqual({});
  });

  it("counts nobody twice whom Okta does not let go, and takes them out with the rest in the end", async () => {
    const shared = (keys: string[], maxRemovals: number) => inputs(keys, { exclusive: false, maxRemovals });
    await engine.up(shared(["group:datahub-users", "user:sid@acme.com"], 1));
    await engine.up(shared(["group:datahub-users"], 1));
    await engine.up(shared(["group:datahub-users"], 0));
    await engine.destroy();
    expect(await people()).toEqual([]);
  });

  it("takes back what an import found and the spec declared, when it becomes shared", async () => {
    await engine.up(inputs(GUIDE));
    const importing = new TestEngine(fixture.env, "appAssignments");
    await importing.importFrom(fixture.appId);
    await importing.up(inputs(GUIDE));
    await importing.up(inputs(["group:datahub-users"], { exclusive: false }));
    expect(await people()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  it("takes out nobody whom others let in when it becomes shared, although a refresh has seen them", async () => {
    await engine.up(inputs(GUIDE));
    await fixture.api("POST", `/apps/${fixture.appId}/users`, {
      id: fixture.ids["zoe@acme.com"],
      scope: "USER",
    });
    await engine.refresh();
    const shared = inputs(["group:datahub-users"], { exclusive: false });
    expect(await engine.changes(shared)).toEqual([
      'delete assignments["user:ada@acme.com"]',
      "update exclusive",
    ]);
    await engine.up(shared);
    expect(await people()).toEqual(["john@acme.com", "sid@acme.com", "zoe@acme.com"]);
  });

  it("refuses an id that changed behind a name, unless it is pinned", async () => {
    await engine.up(inputs(GUIDE));
    const other = fixture.ids["governance-team"] ?? "";
    const next = inputs(["user:ada@acme.com"]);
    next.assignments["group:datahub-users"] = other;
    await expect(engine.preview(next)).rejects.toThrow(`is now ${other}`);
    await engine.up({ ...next, pinned: ["group:datahub-users"] });
    expect(await people()).toHaveLength(3);
  });

  it("remembers the id behind a name that somebody let in by hand and the spec took over", async () => {
    await engine.up(inputs(GUIDE));
    const zoe = { id: fixture.ids["zoe@acme.com"], scope: "USER" };
    await fixture.api("POST", `/apps/${fixture.appId}/users`, zoe);
    const accepted = inputs([...GUIDE, "user:zoe@acme.com"]);
    expect(await engine.changes(accepted)).toEqual([]);
    await engine.up(accepted);
    const next = inputs([...GUIDE, "user:zoe@acme.com"]);
    next.assignments["user:zoe@acme.com"] = fixture.ids["sid@acme.com"] ?? "";
    await expect(engine.preview(next)).rejects.toThrow(`user:zoe@acme.com was ${zoe.id}`);
  });

  it("unassigns nobody when SCIM is switched off", async () => {
    await fixture.enableScim();
    await engine.up(inputs(GUIDE));
    fixture.org.admin.removeScim(fixture.appId);
    expect(await engine.changes(inputs(GUIDE))).toEqual([]);
  });

  it("removes nobody after an import whom the spec does not declare, unless that is asked for", async () => {
    await engine.up(inputs([...GUIDE, "user:zoe@acme.com"]));
    const importing = new TestEngine(fixture.env, "appAssignments");
    await importing.importFrom(fixture.appId);
    const message = "datahub-okta has assignments that the spec does not declare:\n  - user:zoe@acme.com";
    await expect(importing.preview(inputs(GUIDE))).rejects.toThrow(message);
    await expect(importing.up(inputs(GUIDE))).rejects.toThrow(message);
    expect(await people()).toHaveLength(4);
    const allowed = new TestEngine(
      { ...fixture.env, ROLLCALL_ALLOW_REMOVALS: "datahub-okta=1" },
      "appAssignments",
    );
    await allowed.importFrom(fixture.appId);
    await allowed.up(inputs(GUIDE));
    expect(await people()).toHaveLength(3);
  });

  it("leaves whom an import found and the spec does not declare, where it is not exclusive", async () => {
    await engine.up(inputs([...GUIDE, "user:zoe@acme.com"]));
    const importing = new TestEngine(fixture.env, "appAssignments");
    await importing.importFrom(fixture.appId);
    const shared = inputs(GUIDE, { exclusive: false });
    expect(await importing.changes(shared)).toEqual([]);
    await importing.up(inputs(["group:datahub-users", "group:OM_stewards"], { exclusive: false }));
    await importing.up(shared);
    expect(await people()).toEqual(["ada@acme.com", "john@acme.com", "sid@acme.com", "zoe@acme.com"]);
  });

  it("names people who were assigned while SCIM was off, where it is meant to be on", async () => {
    await fixture.api("POST", `/apps/${fixture.appId}/users`, {
      id: fixture.ids["ada@acme.com"],
      scope: "USER",
    });
    await fixture.enableScim();
    await engine.up(inputs(GUIDE));
    expect(engine.state?.outputs.notProvisioned).toEqual(["ada@acme.com"]);
    for (const provisioning of ["paused", "none"] as const) {
      await engine.up(inputs(GUIDE, { provisioning }));
      expect(engine.state?.outputs.notProvisioned).toEqual([]);
    }
    await engine.up(inputs(GUIDE));
    expect(engine.state?.outputs.notProvisioned).toEqual(["ada@acme.com"]);
  });

  it("warns of whoever leaves during a pause, since Okta never deactivates them in the product", async () => {
    const paused = { provisioning: "paused" as const };
    await engine.up(inputs(GUIDE, paused));
    expect(engine.messages).toEqual([]);
    await engine.preview(inputs(["group:datahub-users"], paused));
    expect(engine.messages.join()).toContain(
      "These stay active there until somebody deactivates them by hand:\n  - user:ada@acme.com",
    );
  });

  it.each([
    [true, "Okta deactivates in the product whoever has no other way in"],
    [false, "they stay active until somebody does it by hand"],
  ])("says when it goes what becomes of people, with deactivation %s", async (deactivateUsers, then) => {
    await fixture.enableScim({ createUsers: true, updateUsers: true, deactivateUsers });
    await engine.up(inputs(GUIDE));
    await engine.destroy();
    expect(await people()).toEqual([]);
    expect(engine.messages.join()).toContain(`${then}:\n  - group:datahub-users\n  - user:ada@acme.com`);
  });

  it("is imported under the names that a spec has", async () => {
    await engine.up(inputs(GUIDE));
    const importing = new TestEngine(fixture.env, "appAssignments");
    await importing.importFrom(fixture.appId);
    expect(await importing.changes(inputs(GUIDE))).toEqual([]);
  });
});
