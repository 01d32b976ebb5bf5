import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GroupPush, GroupPushesInputs } from "../../../src/provider/contract.ts";
import type { Subject } from "../../../src/provider/engine/calls.ts";
import { type OktaFixture, oktaFixture } from "../okta-fixture.ts";
import { TestEngine } from "../test-engine.ts";

let fixture: OktaFixture;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await oktaFixture();
  await fixture.enableScim();
  engine = new TestEngine(fixture.env, "groupPushes");
  fixture.writes();
});
afterEach(() => fixture.stop());

function inputs(
  named: string[],
  prefixed: string[] = [],
  more: Partial<GroupPushesInputs> = {},
): GroupPushesInputs {
  const push = (name: string, prefix?: string): [string, GroupPush] => [
    fixture.ids[name] ?? "",
    { name, status: "ACTIVE", deleteTargetGroup: false, ...(prefix ? { prefix } : {}) },
  ];
  return {
    appId: fixture.appId,
    pushes: Object.fromEntries([
      ...named.map((name) => push(name)),
      ...prefixed.map((name) => push(name, "OM_")),
    ]),
    prefixes: prefixed.length > 0 ? ["OM_"] : [],
    exclusive: true,
    pinned: [],
    application: "datahub-okta",
    ...more,
  };
}

interface Mapping {
  id: string;
  sourceGroupId: string;
  status: string;
}

const mappings = async () =>
  (await fixture.api("GET", `/apps/${fixture.appId}/group-push/mappings?limit=1000`)) as Mapping[];
const pathOf = (name: string, property = "") => `pushes["${fixture.ids[name]}"]${property}`;

async function only(): Promise<Mapping> {
  const [mapping] = await mappings();
  if (!mapping) throw new Error("There is no push.");
  return mapping;
}

describe("okta.GroupPushes", () => {
  it("pushes groups by name and by prefix, and a second up writes nothing", async () => {
    const wanted = inputs(["governance-team"], ["OM_stewards", "OM_owners"]);
    await engine.up(wanted);
    expect(fixture.writes()).toHaveLength(3);
    expect((await mappings()).map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE", "ACTIVE"]);
    expect(await engine.changes(wanted)).toEqual([]);
    fixture.writes();
    await engine.up(wanted);
    expect(fixture.requests()).toBe(2);
    expect(fixture.writes()).toEqual([]);
  });

  it("shows a push removed by hand, and makes it again over the group that was left behind", async () => {
    await engine.up(inputs(["governance-team"]));
    const { id } = await only();
    await fixture.api("PATCH", `/apps/${fixture.appId}/group-push/mappings/${id}`, { status: "INACTIVE" });
    await fixture.api("DELETE", `/apps/${fixture.appId}/group-push/mappings/${id}?deleteTargetGroup=false`);
    expect(await engine.changes(inputs(["governance-team"]))).toEqual([`add ${pathOf("governance-team")}`]);
    await engine.up(inputs(["governance-team"]));
    expect((await only()).status).toBe("ACTIVE");
  });

  it("shows a push set inactive, and activates it", async () => {
    await engine.up(inputs(["governance-team"]));
    await fixture.api("PATCH", `/apps/${fixture.appId}/group-push/mappings/${(await only()).id}`, {
      status: "INACTIVE",
    });
    expect(await engine.changes(inputs(["governance-team"]))).toEqual([
      `update ${pathOf("governance-team", ".status")}`,
    ]);
    fixture.writes();
    await engine.up(inputs(["governance-team"]));
    expect(fixture.writes().map((write) => write.split("/")[0])).toEqual(["PATCH group-push"]);
    expect(await engine.changes(inputs(["governance-team"]))).toEqual([]);
  });

  it("links a push anew that Okta could not deliver", async () => {
    await engine.up(inputs(["governance-team"]));
    fixture.org.admin.failPush((await only()).id, "boom");
    expect(await engine.changes(inputs(["governance-team"]))).toEqual([
      `update ${pathOf("governance-team", ".status")}`,
    ]);
    expect(engine.messages).toEqual([
      "warning: datahub-okta: Okta could not push governance-team. The next `up` links it anew.",
    ]);
    await engine.up(inputs(["governance-team"]));
    expect((await only()).status).toBe("ACTIVE");
  });

  it("shows a push made by hand, and unlinks it without deleting the group", async () => {
    await engine.up(inputs([]));
    await fixture.api("POST", `/apps/${fixture.appId}/group-push/mappings`, {
      sourceGroupId: fixture.ids["governance-team"],
      targetGroupName: "governance-team",
      status: "ACTIVE",
    });
    expect(await engine.changes(inputs([]))).toEqual([`delete ${pathOf("governance-team")}`]);
    fixture.writes();
    await engine.up(inputs([]));
    expect(fixture.writes().at(-1)).toMatch(/^DELETE group-push.*deleteTargetGroup=false$/);
    expect(await mappings()).toEqual([]);
  });

  it("deletes the group in the product only where the spec says so", async () => {
    const wanted = inputs(["governance-team"]);
    for (const push of Object.values(wanted.pushes)) push.deleteTargetGroup = true;
    await engine.up(wanted);
    fixture.writes();
    await engine.up(inputs([]));
    expect(fixture.writes().at(-1)).toMatch(/deleteTargetGroup=true$/);
  });

  it("keeps pushing a group whose new name no longer begins as it should, and says so", async () => {
    await engine.up(inputs([], ["OM_stewards", "OM_owners"]));
    await fixture.api("PUT", `/groups/${fixture.ids.OM_stewards}`, {
      profile: { name: "stewards", description: null },
    });
    const next = inputs([], ["OM_owners"]);
    expect(await engine.changes(next)).toEqual([]);
    expect(engine.messages.join()).toContain(
      'stewards was pushed because its name began with "OM_", and no longer does.',
    );
    const removed = { ...next, pushes: {} };
    await engine.up(removed);
    expect((await mappings()).map(({ sourceGroupId }) => sourceGroupId)).toEqual([fixture.ids.OM_stewards]);
    expect(await engine.changes(removed)).toEqual([]);
    expect(await engine.changes({ ...removed, prefixes: [] })).toEqual([
      `delete ${pathOf("OM_stewards")}`,
      "delete prefixes[0]",
    ]);
  });

  it("keeps pushing a group that it does not find, and says so", async () => {
    await engine.up(inputs([], ["OM_stewards"]));
    const id = fixture.ids.OM_stewards ?? "";
    const pushes = { [id]: { name: id, prefix: "OM_", status: "ACTIVE", deleteTargetGroup: false } };
    if (engine.state) engine.state.inputs.pushes = pushes;
    const next = { ...inputs([], ["OM_stewards"]), pushes: {} };
    const { differences } = await engine.calls.diff(engine.state as Subject, next, []);
    expect(differences).toEqual([]);
    expect(engine.messages.join()).toContain(
      `the group ${id}, pushed because its name began with "OM_", is not`,
    );
  });

  it("does not make another push of a group that was renamed", async () => {
    await engine.up(inputs([], ["OM_stewards"]));
    await fixture.api("PUT", `/groups/${fixture.ids.OM_stewards}`, {
      profile: { name: "OM_keepers", description: null },
    });
    const next = inputs([], ["OM_stewards"]);
    for (const push of Object.values(next.pushes)) push.name = "OM_keepers";
    expect(await engine.changes(next)).toEqual([]);
  });

  it("refuses another group behind a name, unless it is pinned, and follows one that the spec renames", async () => {
    const team = fixture.ids["governance-team"] ?? "";
    await engine.up(inputs(["governance-team"]));
    await fixture.api("PUT", `/groups/${team}`, { profile: { name: "old-team", description: null } });
    await engine.refresh();
    const followed = inputs(["governance-team", "om_small"]);
    for (const push of Object.values(followed.pushes)) if (push.name !== "om_small") push.name = "old-team";
    expect(await engine.changes(followed)).toEqual([`add ${pathOf("om_small")}`]);

    const other = fixture.ids.om_small ?? "";
    const next = inputs(["om_small"]);
    for (const push of Object.values(next.pushes)) push.name = "governance-team";
    const message = `governance-team was ${team} and is now ${other}`;
    await expect(engine.preview(next)).rejects.toThrow(message);
    await expect(engine.up(next)).rejects.toThrow(message);
    expect((await only()).sourceGroupId).toBe(team);
    await engine.up({ ...next, pinned: [other] });
    expect((await only()).sourceGroupId).toBe(other);
  });

  it("takes over no push it does not know", async () => {
    await fixture.api("POST", `/apps/${fixture.appId}/group-push/mappings`, {
      sourceGroupId: fixture.ids.OM_owners,
      targetGroupName: "OM_owners",
    });
    await expect(engine.up(inputs(["governance-team"]))).rejects.toThrow(
      "datahub-okta has pushed groups that the spec does not declare:\n  - OM_owners",
    );
    await engine.up(inputs(["governance-team"], [], { exclusive: false }));
    await engine.destroy();
    expect((await mappings()).map(({ sourceGroupId }) => sourceGroupId)).toEqual([fixture.ids.OM_owners]);
  });

  it("remembers what it pushed before a failure, and what it has still to end", async () => {
    const shared = (names: string[]) => inputs(names, [], { exclusive: false });
    const refuse = (method: string, skip: number) =>
      fixture.org.faults.arm({ method, path: "group-push", skip, effect: { answer: 403 } });
    refuse("POST", 1);
    await expect(engine.up(shared(["governance-team", "om_small"]))).rejects.toThrow(
      /^datahub-okta: not all .*goes on from here.\n {2}- om_small: .*403 [^\n]*$/,
    );
    expect(await engine.changes(shared(["governance-team", "om_small"]))).toEqual([
      `add ${pathOf("om_small")}`,
    ]);
    refuse("DELETE", 0);
    await expect(engine.up(shared(["om_small"]))).rejects.toThrow("  - governance-team");
    expect(await engine.changes(shared(["om_small"]))).toEqual([`delete ${pathOf("governance-team")}`]);
    await engine.up(shared([]));
    expect(await mappings()).toEqual([]);
  });

  it("ends no push while another is refused, and makes the others", async () => {
    await engine.up(inputs(["governance-team"]));
    fixture.org.faults.arm({ method: "POST", path: "group-push", effect: { answer: 403 } });
    await expect(engine.up(inputs(["om_small", "OM_owners"]))).rejects.toThrow(
      /- om_small: .*403.*\nNot ended, [^\n]* in its place:\n {2}- governance-team, to be removed$/,
    );
    const pushed = async () => (await mappings()).map(({ sourceGroupId }) => sourceGroupId).sort();
    expect(await pushed()).toEqual([fixture.ids["governance-team"], fixture.ids.OM_owners].sort());
    await engine.up(inputs(["om_small", "OM_owners"]));
    expect(await pushed()).toEqual([fixture.ids.om_small, fixture.ids.OM_owners].sort());
  });

  it("names what stays pushed where it takes over an application and one push is refused", async () => {
    await fixture.api("POST", `/apps/${fixture.appId}/group-push/mappings`, {
      sourceGroupId: fixture.ids.OM_owners,
      targetGroupName: "OM_owners",
    });
    engine = new TestEngine({ ...fixture.env, ROLLCALL_ALLOW_REMOVALS: "datahub-okta=1" }, "groupPushes");
    fixture.org.faults.arm({ method: "POST", path: "group-push", effect: { answer: 403 } });
    await expect(engine.up(inputs(["om_small"]))).rejects.toThrow(
      /in its place:\n {2}- OM_owners, to be removed$/,
    );
    await engine.up(inputs(["om_small"]));
    expect((await mappings()).map(({ sourceGroupId }) => sourceGroupId)).toEqual([fixture.ids.om_small]);
  });

  it("names what it did not come to, and nothing that is there", async () => {
    await engine.up(inputs(["governance-team"]));
    fixture.org.faults.arm({ method: "POST", path: "group-push", times: 100, effect: { answer: 429 } });
    await expect(engine.up(inputs(["om_small", "OM_owners", "governance-team"]))).rejects.toThrow(
      /- om_small: .*\nNot done, as far as is known:\n {2}- OM_owners$/,
    );
  });

  it("ends no push that others made when it becomes shared, although a refresh has seen it", async () => {
    await engine.up(inputs(["governance-team", "om_small"]));
    await fixture.api("POST", `/apps/${fixture.appId}/group-push/mappings`, {
      sourceGroupId: fixture.ids.OM_owners,
      targetGroupName: "OM_owners",
    });
    await engine.refresh();
    await engine.up(inputs(["governance-team"], [], { exclusive: false }));
    expect((await mappings()).map(({ sourceGroupId }) => sourceGroupId).sort()).toEqual(
      [fixture.ids["governance-team"], fixture.ids.OM_owners].sort(),
    );
  });

  it("is not put off by a push that was made though the answer was lost", async () => {
    fixture.org.faults.arm({ method: "POST", path: "group-push", effect: { drop: "after" } });
    await engine.up(inputs(["governance-team"]));
    expect(await mappings()).toHaveLength(1);
  });

  it("unlinks nothing after an import that the spec does not declare", async () => {
    await engine.up(inputs(["governance-team", "om_small"]));
    const importing = new TestEngine(fixture.env, "groupPushes");
    await importing.importFrom(fixture.appId);
    const message = "datahub-okta has pushed groups that the spec does not declare:\n  - om_small";
    await expect(importing.preview(inputs(["governance-team"]))).rejects.toThrow(message);
    await expect(importing.up(inputs(["governance-team"]))).rejects.toThrow(message);
    const shared = inputs(["governance-team"], [], { exclusive: false });
    expect(await importing.changes(shared)).toEqual([]);
    await importing.up(inputs(["governance-team"], ["OM_owners"], { exclusive: false }));
    await importing.up(shared);
    expect((await mappings()).map(({ sourceGroupId }) => sourceGroupId).sort()).toEqual(
      [fixture.ids["governance-team"], fixture.ids.om_small].sort(),
    );
  });

  it("warns before a group is deleted in the product, and of no group that only is no longer pushed", async () => {
    const wanted = inputs(["governance-team", "om_small"]);
    const deleted = wanted.pushes[fixture.ids.om_small ?? ""];
    if (deleted) deleted.deleteTargetGroup = true;
    await engine.up(wanted);
    const warning = [expect.stringMatching(/deletes these groups in the product.*:\n {2}- om_small$/s)];
    await engine.preview(inputs([]));
    expect(engine.messages).toEqual(warning);
    for (const end of [() => engine.preview({ ...wanted, appId: "0oaAnother" }), () => engine.destroy()]) {
      const { state } = engine;
      engine = new TestEngine(fixture.env, "groupPushes");
      engine.state = state;
      await end();
      expect(engine.messages).toEqual(warning);
    }
  });

  it("reads 200 pushes with fewer than 10 requests", async () => {
    const names = Array.from({ length: 200 }, (_, index) => `OM_${index}`);
    for (const name of names) {
      const made = await fixture.api("POST", "/groups", { profile: { name, description: null } });
      fixture.ids[name] = (made as { id: string }).id;
    }
    await engine.up(inputs([], names));
    fixture.writes();
    await engine.refresh();
    expect(fixture.requests()).toBe(6);
    expect(await engine.changes(inputs([], names))).toEqual([]);
  }, 60_000);

  it("is imported without a change", async () => {
    await engine.up(inputs(["governance-team"]));
    const importing = new TestEngine(fixture.env, "groupPushes");
    await importing.importFrom(fixture.appId);
    expect(await importing.changes(inputs(["governance-team"]))).toEqual([]);
  });
});
