import { expect, test } from "vitest";
import { assignGroup, assignUser, group, person } from "./support/directory.ts";
import { groupIn, provisioned, remove, userIn } from "./support/provisioned.ts";
import { templateSchema } from "./support/schema.ts";

test("the initial cycle brings users, then groups, then memberships", () => {
  const { target, cycle } = provisioned();
  const report = cycle();
  expect(target.take()).toEqual([
    'GET /Users?filter=userName eq "john@contoso.com"',
    "POST /Users",
    'GET /Users?filter=userName eq "sid@contoso.com"',
    "POST /Users",
    'GET /Users?filter=userName eq "eve@contoso.com"',
    "POST /Users",
    'GET /Users?filter=userName eq "ada@contoso.com"',
    "POST /Users",
    'GET /Groups?excludedAttributes=members&filter=displayName eq "governance-team"',
    "POST /Groups",
    'GET /Groups?excludedAttributes=members&filter=displayName eq "editors"',
    "POST /Groups",
    "PATCH /Groups/g5",
    "PATCH /Groups/g5",
    "PATCH /Groups/g6",
  ]);
  expect(target.memberships()).toEqual({
    "governance-team": ["john@contoso.com", "sid@contoso.com"],
    editors: ["eve@contoso.com"],
  });
  expect(report).toMatchObject({
    kind: "initial",
    state: "Succeeded",
    quarantine: null,
    counts: {
      countEntitled: 6,
      countExported: 6,
      countExports: 9,
      countEscrowedRaw: 0,
      countImportedReferenceDeltas: 3,
    },
  });
  expect(report.synchronizedEntryCountByType.map(({ value }) => value)).toEqual([4, 2]);
  expect(report.notes.join()).toMatch(/No password was sent for the 4 created users/);
});

test("a second cycle with nothing changed asks for nothing", () => {
  const { target, cycle } = provisioned();
  cycle();
  target.take();
  const report = cycle();
  expect(target.take()).toEqual([]);
  expect(report).toMatchObject({ kind: "incremental", state: "Succeeded", entries: [] });
});

test("a create has Microsoft's form: no nulls, real booleans, the role with its type", () => {
  const { target, cycle } = provisioned();
  cycle((input) => Object.assign(userIn(input, "ada"), { department: "IT", givenName: "Ada", surname: "L" }));
  const [create] = target.takeWrites().filter((request) => JSON.stringify(request.body).includes("ada@"));
  expect(create?.body).toEqual({
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    userName: "ada@contoso.com",
    active: true,
    displayName: "Ada",
    emails: [{ primary: true, type: "work", value: "ada@contoso.com" }],
    name: { givenName: "Ada", familyName: "L", formatted: "Ada L" },
    externalId: "ada",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "IT" },
    roles: [{ primary: true, type: "WindowsAzureActiveDirectoryRole", value: "Admin" }],
    meta: { resourceType: "User" },
  });
});

test("without a role mapping a create has an empty list of roles", () => {
  const { target, cycle } = provisioned({ schema: templateSchema() });
  cycle();
  expect(target.user("ada@contoso.com")?.roles).toEqual([]);
});

test("a group is created without members and by Microsoft's two schemas; each member is a PATCH", () => {
  const { target, cycle } = provisioned();
  cycle();
  const writes = target.takeWrites().filter(({ path }) => path.startsWith("/Groups"));
  expect(writes[0]?.body).toEqual({
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:Group",
      "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
    ],
    displayName: "governance-team",
    externalId: "governance-team",
    meta: { resourceType: "Group" },
  });
  expect(writes[2]?.body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "Add", path: "members", value: [{ $ref: null, value: "u1" }] }],
  });
});

test("john leaves his only group: deactivated by a string, taken out of the group by a value list", () => {
  const { target, cycle } = provisioned();
  cycle();
  target.take();
  const report = cycle((input) => {
    groupIn(input, "governance-team").members = ["sid"];
  });
  expect(
    target.takeWrites().map(({ path, body }) => [path, (body as { Operations: unknown }).Operations]),
  ).toEqual([
    ["/Users/u1", [{ op: "Replace", path: "active", value: "False" }]],
    ["/Groups/g5", [{ op: "Remove", path: "members", value: [{ value: "u1" }] }]],
  ]);
  expect(target.memberships()["governance-team"]).toEqual(["sid@contoso.com"]);
  expect(target.user("john@contoso.com")?.active).toBe(false);
  const entry = report.entries.find(({ action }) => action === "disable");
  expect(entry).toMatchObject({ status: "success", sourceIdentity: { id: "john" } });
  expect(entry?.modifiedProperties).toEqual([{ displayName: "active", oldValue: "True", newValue: "False" }]);
});

test("after unassignment nobody sends a DELETE when the person is deleted for good; coming back activates", () => {
  const { target, cycle } = provisioned();
  cycle();
  cycle((input) => {
    groupIn(input, "governance-team").members = ["sid"];
  });
  cycle((input) => {
    groupIn(input, "governance-team").members = ["sid", "john"];
  });
  expect(target.user("john@contoso.com")?.active).toBe(true);
  expect(target.memberships()["governance-team"]).toEqual(["john@contoso.com", "sid@contoso.com"]);
  cycle((input) => {
    groupIn(input, "governance-team").members = ["sid"];
  });
  target.take();
  cycle((input) => remove(input, "john"));
  expect(target.take()).toEqual([]);
  expect(target.user("john@contoso.com")).toBeDefined();
});

test("a changed role replaces the primary role", () => {
  const { target, cycle } = provisioned();
  cycle();
  target.take();
  cycle((input) => {
    input.assignments = [
      assignGroup("governance-team", "Reader"),
      assignGroup("editors", "Editor"),
      assignUser("ada", "Editor"),
    ];
  });
  expect(target.takeWrites().map(({ body }) => body)).toEqual([
    {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "Replace", path: 'roles[primary eq "True"].value', value: "Editor" }],
    },
  ]);
});

test("soft-deleted is deactivated and stays a member, restored is activated, deleted for good is deleted", () => {
  const { target, cycle } = provisioned();
  cycle();
  cycle((input) => {
    Object.assign(userIn(input, "sid"), {
      deletedDateTime: "2026-01-05T09:00:00Z",
      userPrincipalName: "0a1bsid@contoso.com",
    });
    groupIn(input, "governance-team").members = ["john"];
  });
  expect(target.user("sid@contoso.com")?.active).toBe(false);
  expect(target.memberships()["governance-team"]).toContain("sid@contoso.com");

  cycle((input) => {
    Object.assign(userIn(input, "sid"), { deletedDateTime: null, userPrincipalName: "sid@contoso.com" });
    groupIn(input, "governance-team").members = ["john", "sid"];
  });
  expect(target.user("sid@contoso.com")?.active).toBe(true);

  cycle((input) => Object.assign(userIn(input, "sid"), { deletedDateTime: "2026-01-06T09:00:00Z" }));
  target.take();
  cycle((input) => remove(input, "sid"));
  expect(target.takeWrites()).toEqual([{ method: "DELETE", path: "/Users/u2" }]);
  expect(target.user("sid@contoso.com")).toBeUndefined();
});

test("an account blocked in the directory is deactivated, one blocked from the start never created", () => {
  const { target, cycle } = provisioned();
  const report = cycle((input) => Object.assign(userIn(input, "eve"), { accountEnabled: false }));
  expect(target.user("eve@contoso.com")).toBeUndefined();
  expect(report.entries.find(({ sourceIdentity }) => sourceIdentity.id === "eve")).toMatchObject({
    status: "skipped",
    errorCode: "NotEffectivelyEntitled",
    reason: expect.stringMatching(/Active in source system: False. Assigned to application: True/),
  });
  cycle((input) => Object.assign(userIn(input, "ada"), { accountEnabled: false }));
  expect(target.user("ada@contoso.com")?.active).toBe(false);
});

test("a member who was out of scope is not added later, until provisioning is restarted", () => {
  const { target, cycle } = provisioned();
  cycle((input) => Object.assign(userIn(input, "eve"), { accountEnabled: false }));
  cycle((input) => Object.assign(userIn(input, "eve"), { accountEnabled: true }));
  expect(target.user("eve@contoso.com")?.active).toBe(true);
  expect(target.memberships().editors).toEqual([]);
  cycle((input) => {
    input.memory.watermark = null;
  });
  expect(target.memberships().editors).toEqual(["eve@contoso.com"]);
});

test.each(["unassigned", "soft-deleted", "deleted for good"])(
  "a group that is %s is deleted, its people deactivated",
  (how) => {
    const { target, cycle } = provisioned();
    cycle();
    target.take();
    cycle((input) => {
      if (how === "unassigned")
        input.assignments = input.assignments.filter(({ principalId }) => principalId !== "editors");
      else if (how === "soft-deleted") groupIn(input, "editors").deletedDateTime = input.now;
      else remove(input, "editors");
    });
    expect(target.takeWrites().map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PATCH /Users/u3",
      "DELETE /Groups/g6",
    ]);
    expect(target.user("eve@contoso.com")?.active).toBe(false);
  },
);

test("nested groups are not expanded; a nested group that is assigned too becomes a member", () => {
  const { target, cycle } = provisioned();
  const report = cycle((input) => groupIn(input, "governance-team").members.push("inner", "editors"));
  expect(target.memberships()["governance-team"]).toEqual(["editors", "john@contoso.com", "sid@contoso.com"]);
  expect(report.notes.join()).toMatch(/'governance-team' contains groups/);

  const other = provisioned();
  other.cycle((input) => {
    input.directory.groups.push(group("inner", ["nobody"]));
    groupIn(input, "governance-team").members.push("inner");
  });
  expect(other.target.user("nobody@contoso.com")).toBeUndefined();
  expect(other.target.memberships()["governance-team"]).toEqual(["john@contoso.com", "sid@contoso.com"]);
});

test("a group that is not security-enabled gives nobody access", () => {
  const { target, cycle } = provisioned();
  const report = cycle((input) => {
    groupIn(input, "editors").securityEnabled = false;
  });
  expect(target.user("eve@contoso.com")).toBeUndefined();
  expect(report.notes.join()).toMatch(/'editors' is assigned but not security-enabled/);
});

test("two roles for one person are a failure in words, retried, and gone when one is left", () => {
  const { target, cycle } = provisioned();
  const report = cycle((input) => input.assignments.push(assignUser("john", "Admin")));
  expect(target.user("john@contoso.com")).toBeUndefined();
  expect(report.state).toBe("EntryLevelErrors");
  expect(report.entries.find(({ status }) => status === "failure")).toMatchObject({
    sourceIdentity: { id: "john" },
    reason: expect.stringMatching(/several roles \(Admin, Reader\)/),
  });
  expect(report.entries.filter(({ errorCode }) => errorCode === "ReferenceNotResolved")).toHaveLength(1);
  expect(cycle().state).toBe("EntryLevelErrors");
  const fixed = cycle((input) => input.assignments.pop());
  expect(fixed.state).toBe("Succeeded");
  expect(target.memberships()["governance-team"]).toContain("john@contoso.com");
});

test("the same role by two ways is one role", () => {
  const { cycle, target } = provisioned();
  cycle((input) => input.assignments.push(assignUser("john", "Reader")));
  expect(target.user("john@contoso.com")?.roles).toMatchObject([{ value: "Reader" }]);
});

test("a manager is sent by id after everybody is there", () => {
  const { target, cycle } = provisioned();
  cycle((input) => Object.assign(userIn(input, "john"), { manager: "ada" }));
  const manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
  const writes = target.takeWrites();
  expect(writes[6]).toMatchObject({
    path: "/Users/u1",
    body: { Operations: [{ op: "Add", path: manager, value: "u4" }] },
  });
  cycle((input) => Object.assign(userIn(input, "john"), { manager: "sid" }));
  expect(target.takeWrites()).toMatchObject([
    { body: { Operations: [{ op: "Replace", path: manager, value: "u2" }] } },
  ]);
  const report = cycle((input) => Object.assign(userIn(input, "john"), { manager: "nobody" }));
  expect(target.takeWrites()).toEqual([]);
  expect(report.entries.at(-1)).toMatchObject({ status: "skipped", errorCode: "ReferenceOutOfScope" });
});

test("scope all brings everybody and every group, and no roles", () => {
  const { target, cycle } = provisioned({ syncAll: true });
  const report = cycle((input) => {
    input.assignments = [assignUser("ada", "Admin")];
  });
  expect(target.users.size).toBe(5);
  expect(target.groups.size).toBe(2);
  expect(target.user("ada@contoso.com")?.roles).toEqual([]);
  expect(report.notes.join()).toMatch(/Roles are not sent/);
});

test("a person in no assignment that has left no trace is not looked at", () => {
  const { cycle } = provisioned();
  const report = cycle((input) => input.directory.users.push(person("stranger")));
  expect(report.entries.some(({ sourceIdentity }) => sourceIdentity.id === "stranger")).toBe(false);
});
