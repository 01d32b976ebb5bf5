import { describe, expect, it } from "vitest";
import type { Stage } from "../../src/demo/stage.ts";
import { mismatchesOf, provisionedStage } from "./stage.ts";

const JOHN = "john@sandbox.example";
const SID = "sid@sandbox.example";
const ADA = "ada@sandbox.example";

async function arrived(stage: Stage) {
  const application = stage.application("datahub");
  if (!application) throw new Error("the spec has no datahub");
  const there = await stage.arrived(application);
  return {
    ...there,
    user: (userName: string) => there.users.find((user) => user.userName === userName),
    rolesOf: (userName: string) =>
      there.roles.filter((role) => role.userName === userName).map(({ role }) => role),
    membersOf: (group: string) =>
      there.memberships
        .filter((membership) => membership.group === group)
        .map(({ userName }) => userName)
        .sort(),
  };
}

async function clean(stage: Stage) {
  expect(await stage.provision()).toEqual([]);
  expect(await mismatchesOf(stage)).toEqual([]);
  return arrived(stage);
}

describe("what DataHub's guide for Entra promises", () => {
  it("creates the group, its members and sets their role", async () => {
    const stage = await provisionedStage();
    expect(await mismatchesOf(stage)).toEqual([]);
    const there = await arrived(stage);
    expect(there.membersOf("governance-team")).toEqual([JOHN, SID]);
    expect(there.rolesOf(JOHN)).toEqual(["Reader"]);
    expect(there.rolesOf(ADA)).toEqual(["Admin"]);
    expect(there.user("noor@sandbox.example")).toBeUndefined();
    expect(there.user("dan@sandbox.example")).toBeUndefined();
  });

  it("takes john out of the group, and switches him off where it was his only way in", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "removeMember", group: "governance-team", user: JOHN });
    expect(await mismatchesOf(stage)).toContain(`${JOHN} should have lost access and is still active`);
    const there = await clean(stage);
    expect(there.membersOf("governance-team")).toEqual([SID]);
    expect(there.user(JOHN)?.active).toBe(false);
  });

  it("leaves john active when another assigned group lets him in", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "addMember", group: "data-platform", user: JOHN });
    stage.sandbox.entra.change({ change: "removeMember", group: "governance-team", user: JOHN });
    const there = await clean(stage);
    expect(there.user(JOHN)?.active).toBe(true);
    expect(there.rolesOf(JOHN)).toEqual(["Editor"]);
  });

  it("switches a soft-deleted person off, and on again when restored", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "softDelete", user: SID });
    expect((await clean(stage)).user(SID)?.active).toBe(false);
    stage.sandbox.entra.change({ change: "restore", user: SID });
    expect((await clean(stage)).user(SID)?.active).toBe(true);
  });

  it("switches a person off who may no longer sign in", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "disable", user: SID });
    expect((await clean(stage)).user(SID)?.active).toBe(false);
  });

  it("deletes a person who is deleted for good", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "delete", user: SID });
    const there = await clean(stage);
    expect(there.user(SID)).toBeUndefined();
    expect(there.membersOf("governance-team")).toEqual([JOHN]);
  });

  it("deletes a group that is deleted for good, and switches off whom it let in", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({ change: "deleteGroup", group: "governance-team" });
    await stage.provision();
    const there = await arrived(stage);
    expect(there.groups).toEqual(["data-platform"]);
    expect(there.user(JOHN)?.active).toBe(false);
  });

  it("shows what DataHub makes of a new name: it takes the display name and freezes the user name", async () => {
    const stage = await provisionedStage();
    stage.sandbox.entra.change({
      change: "update",
      user: JOHN,
      set: { userPrincipalName: "johnny@sandbox.example", displayName: "Johnny Miller" },
    });
    await stage.provision();
    const there = await arrived(stage);
    expect(there.user("johnny@sandbox.example")).toBeUndefined();
    expect(there.user(JOHN)?.displayName).toBe("Johnny Miller");
    expect(await mismatchesOf(stage)).toContain(
      "johnny@sandbox.example did not arrive (in by group governance-team as Reader)",
    );
  });
});
