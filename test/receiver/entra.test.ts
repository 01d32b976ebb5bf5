import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { group, startTenant, user } from "./harness.ts";

/** The forms in which Entra calls, with and without its aadOptscim062020 flag; each must do what it means. */
let tenant: Tenant;
let id: string;
let names = 0;

beforeAll(async () => {
  tenant = await startTenant("lenient");
});
afterAll(() => tenant.close());

const newName = () => `person${++names}@acme.com`;

async function create(more: object = {}): Promise<string> {
  const answer = await tenant.post("/Users", user(newName(), more));
  expect(answer.status).toBe(201);
  return answer.body.id;
}
const read = async (which = id) => (await tenant.get(`/Users/${which}`)).body;

async function patched(...operations: unknown[]) {
  const answer = await tenant.patch(`/Users/${id}`, operations);
  expect(answer.text === "" ? undefined : answer.body, JSON.stringify(operations)).not.toHaveProperty(
    "scimType",
  );
  expect(answer.status).toBe(200);
  return read();
}

function deviationsOfLast(): string[] {
  return (
    tenant.receiver
      .journal("main")
      .query()
      .findLast((entry) => entry.method !== "GET")
      ?.deviations.map((d) => d.code) ?? []
  );
}

describe("creating a user", () => {
  it("takes Entra's POST with nulls, string booleans, the misspelt URN and an app role", async () => {
    const answer = await tenant.post("/Users", {
      schemas: [SCHEMA.user, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
      externalId: "0a21f0f2",
      userName: newName(),
      active: "True",
      emails: [{ primary: true, type: "work", value: "a@acme.com" }],
      meta: { resourceType: "User" },
      name: { formatted: "Ada Lovelace", familyName: "Lovelace", givenName: "Ada" },
      roles: [
        { primary: "True", type: "WindowsAzureActiveDirectoryRole", value: "Admin", displayName: "Admin" },
      ],
      addresses: null,
      phoneNumbers: null,
      department: null,
      manager: null,
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0User": { department: "R&D" },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      active: true,
      roles: [{ primary: true, value: "Admin", type: "WindowsAzureActiveDirectoryRole" }],
      [SCHEMA.enterpriseUser]: { department: "R&D" },
    });
    expect(answer.body.schemas).toEqual([SCHEMA.user, SCHEMA.enterpriseUser]);
    expect(answer.body).not.toHaveProperty("addresses");
    expect(deviationsOfLast()).toEqual(
      expect.arrayContaining(["misspelt-schema", "string-boolean", "null-value", "unknown-attribute"]),
    );
  });

  it("answers a duplicate, in any case of letters, with 409 uniqueness", async () => {
    const name = newName();
    await tenant.post("/Users", user(name));
    const again = await tenant.post("/Users", user(name.toUpperCase()));
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ status: "409", scimType: "uniqueness", schemas: [SCHEMA.error] });
  });
});

describe("matching", () => {
  beforeEach(async () => {
    id = await create({
      externalId: "jyoung",
      emails: [
        { type: "work", value: "Young@Acme.com" },
        { type: "home", value: "x@y" },
      ],
    });
  });

  it("answers the connection test for a random name with an empty list", async () => {
    const answer = await tenant.find("Users", 'userName eq "0e8b1b6d-5b1e-4b5f-8a52-0f9f4e5f6b0a"');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ schemas: [SCHEMA.listResponse], totalResults: 0, Resources: [] });
  });

  it.each([
    () => `userName eq "PERSON${names}@ACME.COM"`,
    () => `userName eq person${names}@acme.com`,
    () => 'externalId eq jyoung and userName sw "person"',
    () => 'emails[type eq "work"].value eq "young@acme.com" and userName pr and externalId eq "jyoung"',
    () => `emails[type eq "work" and value eq "young@acme.com"] and id eq "${id}"`,
    () => `id eq "${id}" and meta.created gt 2015-10-10T14:38:21.8617979-07:00`,
  ])("finds the one that is meant (%#)", async (filter) => {
    const answer = await tenant.find("Users", filter());
    expect(
      answer.body.Resources?.map((resource: { id: string }) => resource.id),
      filter(),
    ).toContain(id);
    if (!filter().includes("externalId")) expect(answer.body.totalResults).toBe(1);
  });

  it("does not take a home address for a work address", async () => {
    expect((await tenant.find("Users", 'emails[type eq "work"].value eq "x@y"')).body.totalResults).toBe(0);
    expect((await tenant.find("Users", 'externalId eq "JYOUNG"')).body.totalResults).toBe(0);
  });

  it("checks a manager by id and manager", async () => {
    await tenant.patch(`/Users/${id}`, [
      { op: "Add", path: `${SCHEMA.enterpriseUser}:manager`, value: "boss" },
    ]);
    const path = `/Users?attributes=id&filter=${encodeURIComponent(`id eq "${id}" and manager eq "boss"`)}`;
    expect((await tenant.get(path)).body.Resources).toEqual([
      { schemas: [SCHEMA.user, SCHEMA.enterpriseUser], id },
    ]);
  });
});

describe("changing a user", () => {
  beforeEach(async () => {
    id = await create({ active: true, name: { familyName: "Old", givenName: "Ada" } });
  });

  it.each([
    ["Replace", "False", false],
    ["Add", "True", true],
    ["replace", false, false],
  ])("%s active %s", async (op, value, wanted) => {
    expect((await patched({ op, path: "active", value })).active).toBe(wanted);
  });

  it("creates the work e-mail of somebody who has none, and replaces it the next time", async () => {
    const once = await patched({ op: "Add", path: 'emails[type eq "work"].value', value: "a@b" });
    expect(once.emails).toEqual([{ type: "work", value: "a@b" }]);
    expect(deviationsOfLast()).toContain("element-created");
    const twice = await patched({ op: "Replace", path: 'emails[type eq "work"].value', value: "c@d" });
    expect(twice.emails).toEqual([{ type: "work", value: "c@d" }]);
  });

  it("takes sub-attributes as operations of their own, in any order", async () => {
    const changed = await patched(
      { op: "Add", path: 'emails[type eq "work"].primary', value: "true" },
      { op: "Add", path: 'emails[type eq "work"].value', value: "a@b" },
      { op: "Add", path: 'emails[type eq "home"].value', value: "c@d" },
      { op: "Add", path: 'emails[type eq "home"].primary', value: "true" },
    );
    expect(changed.emails).toEqual([
      { type: "work", primary: false, value: "a@b" },
      { type: "home", value: "c@d", primary: true },
    ]);
  });

  it("sets the single app role and its successor", async () => {
    await patched({ op: "Add", path: 'roles[primary eq "True"].value', value: "Admin" });
    const changed = await patched({ op: "Replace", path: 'roles[primary eq "True"].value', value: "Editor" });
    expect(changed.roles).toEqual([{ primary: true, value: "Editor" }]);
  });

  it("reads the role that AppRoleAssignmentsComplex packs into a string, and replaces the asserted list", async () => {
    const value = '{"id":"06b0","value":"Admin","displayName":"Administrator"}';
    expect((await patched({ op: "Add", path: "roles", value: [{ value }] })).roles).toEqual([
      { value: "Admin", display: "Administrator" },
    ]);
    const list = [
      { primary: false, type: "WindowsAzureActiveDirectoryRole", display: "User", value: "User" },
    ];
    expect((await patched({ op: "replace", path: "roles", value: list })).roles).toEqual(list);
  });

  it("sets the manager as a string, as the tutorial's list without URN, and takes an empty string as none", async () => {
    const manager = async () => (await read())[SCHEMA.enterpriseUser]?.manager;
    await patched({ op: "Add", path: `${SCHEMA.enterpriseUser}:manager`, value: "boss1" });
    expect(await manager()).toEqual({ value: "boss1" });
    await patched({ op: "Add", path: "manager", value: [{ $ref: "http://x/Users/boss2", value: "boss2" }] });
    expect(await manager()).toEqual({ $ref: "http://x/Users/boss2", value: "boss2" });
    await patched({ op: "Replace", path: `${SCHEMA.enterpriseUser}:manager`, value: "" });
    expect(await manager()).toBeUndefined();
    await patched({ op: "Add", path: `${SCHEMA.enterpriseUser}:manager`, value: "boss1" });
    await patched({ op: "Remove", path: `${SCHEMA.enterpriseUser}:manager`, value: "" });
    expect(await manager()).toBeUndefined();
  });

  it("takes one operation without path, keys dotted and fully qualified", async () => {
    const changed = await patched({
      op: "replace",
      value: {
        displayName: "Bjfe",
        "name.givenName": "Kkom",
        "name.familyName": "Unua",
        [`${SCHEMA.enterpriseUser}:employeeNumber`]: "Aklq",
        [`${SCHEMA.user}:title`]: "Dr",
      },
    });
    expect(changed).toMatchObject({
      displayName: "Bjfe",
      title: "Dr",
      name: { givenName: "Kkom", familyName: "Unua" },
      [SCHEMA.enterpriseUser]: { employeeNumber: "Aklq" },
    });
    expect(deviationsOfLast()).toEqual(expect.arrayContaining(["dotted-key", "qualified-key"]));
  });

  it("takes value paths among the keys of an operation without path, and changes just what they name", async () => {
    await patched({
      op: "Add",
      path: "emails",
      value: [
        { type: "home", value: "h@x" },
        { type: "work", value: "w@x" },
      ],
    });
    const changed = await patched({
      op: "replace",
      value: { 'emails[type eq "work"].value': "new@x", title: "Dr" },
    });
    expect(changed).toMatchObject({
      title: "Dr",
      emails: [{ value: "h@x" }, { type: "work", value: "new@x" }],
    });
    await tenant.put(`/Users/${id}`, user(newName(), { 'emails[type eq "work"].value': "put@x" }));
    expect(await read()).not.toHaveProperty("emails");
  });

  it("takes fully qualified core paths, and drops what no schema has", async () => {
    const changed = await patched(
      { op: "Replace", path: `${SCHEMA.user}:name.familyName`, value: "New" },
      { op: "Replace", path: `${SCHEMA.user}:role`, value: "x" },
    );
    expect(changed.name).toEqual({ familyName: "New", givenName: "Ada" });
    expect(deviationsOfLast()).toContain("unknown-path");
  });

  it("renames, and does remove, add and replace of one attribute in order", async () => {
    const name = newName();
    const changed = await patched(
      { op: "Replace", path: "userName", value: name },
      { op: "Remove", path: "displayName" },
      { op: "Add", path: "displayName", value: "one" },
      { op: "Replace", path: "displayName", value: "two" },
    );
    expect(changed).toMatchObject({ userName: name, displayName: "two" });
    expect((await tenant.find("Users", `userName eq "${name}"`)).body.totalResults).toBe(1);
  });

  it("keeps a disabled user visible, and forgets a deleted one", async () => {
    await patched({ op: "Replace", path: "active", value: "False" });
    const found = await tenant.find("Users", `id eq "${id}"`);
    expect(found.body.Resources[0].active).toBe(false);
    expect((await tenant.remove(`/Users/${id}`)).status).toBe(204);
    expect((await tenant.remove(`/Users/${id}`)).status).toBe(404);
    expect((await tenant.get(`/Users/${id}`)).status).toBe(404);
  });

  it("is all or nothing", async () => {
    const answer = await tenant.patch(`/Users/${id}`, [
      { op: "Replace", path: "displayName", value: "half" },
      { op: "Replace", path: "active", value: "perhaps" },
    ]);
    expect(answer.status).toBe(400);
    expect(await read()).not.toHaveProperty("displayName");
  });
});

describe("groups", () => {
  let gid: string;
  let people: string[];
  const members = async () =>
    ((await tenant.get(`/Groups/${gid}`)).body.members ?? []).map(
      (member: { value: string }) => member.value,
    );
  const change = async (...operations: unknown[]) => {
    const answer = await tenant.patch(`/Groups/${gid}`, operations);
    expect([200, 204]).toContain(answer.status);
    return members();
  };

  beforeEach(async () => {
    people = [await create(), await create(), await create()];
    const answer = await tenant.post("/Groups", {
      schemas: [SCHEMA.group, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
      externalId: `external-${gid}`,
      displayName: `Group ${newName()}`,
      meta: { resourceType: "Group" },
    });
    expect(answer.status).toBe(201);
    gid = answer.body.id;
    await change({ op: "Add", path: "members", value: people.map((value) => ({ $ref: null, value })) });
  });

  it("adds one member a request, and once only", async () => {
    const extra = await create();
    expect(await change({ op: "Add", path: "members", value: [{ $ref: null, value: extra }] })).toEqual([
      ...people,
      extra,
    ]);
    expect(await change({ op: "Add", path: "members", value: [{ $ref: null, value: extra }] })).toEqual([
      ...people,
      extra,
    ]);
  });

  it.each([
    [{ op: "Remove", path: "members", value: [{ value: "ID" }] }],
    [{ op: "Remove", path: "members", value: [{ $ref: null, value: "ID" }] }],
    [{ op: "remove", path: 'members[value eq "ID"]' }],
    [{ op: "Remove", path: "members", value: "ID" }],
  ])("removes just the member that is named: %j", async (operation) => {
    const [first = "", ...rest] = people;
    expect(await change(JSON.parse(JSON.stringify(operation).replace("ID", first)))).toEqual(rest);
  });

  it.each([
    [{ op: "Remove", path: "members", value: [] }],
    [{ op: "Remove", path: "members", value: null }],
    [{ op: "Remove", path: "members", value: [{ value: "nobody" }] }],
    [{ op: "Remove", path: "members", value: [{ display: "nobody" }] }],
    [{ op: "Remove", path: "members", value: [{}] }],
    [{ op: "remove", path: 'members[value eq "nobody"]' }],
  ])("never empties a group that %j does not name", async (operation) => {
    expect(await change(operation)).toEqual(people);
    expect(deviationsOfLast()).toContain("remove-names-nothing");
  });

  it("leaves the group alone when a remove cannot be read", async () => {
    for (const path of ["members[", 'members[name eq "x"]', "members[value eq]"]) {
      expect((await tenant.patch(`/Groups/${gid}`, [{ op: "remove", path }])).status).toBe(400);
    }
    expect(await members()).toEqual(people);
  });

  it("changes members named among the keys of an operation without path", async () => {
    const [first = "", ...rest] = people;
    const key = `members[value eq "${first}"].display`;
    const { body } = await tenant.patch(`/Groups/${gid}`, [
      { op: "replace", value: { [key]: "First", externalId: "e3" } },
    ]);
    expect(body).toMatchObject({
      externalId: "e3",
      members: [{ value: first, display: "First" }, ...rest.map((value) => ({ value }))],
    });
  });

  it("finds by name without members, by membership, and reads without members", async () => {
    const { displayName } = (await tenant.get(`/Groups/${gid}?excludedAttributes=members`)).body;
    const found = await tenant.find(
      "Groups",
      `displayName eq "${displayName.toUpperCase()}"`,
      "&excludedAttributes=members",
    );
    expect(found.body.Resources).toHaveLength(1);
    expect(found.body.Resources[0]).not.toHaveProperty("members");
    expect(
      (await tenant.find("Groups", `id eq "${gid}" and members eq "${people[0]}"`)).body.totalResults,
    ).toBe(1);
    expect((await tenant.find("Groups", `id eq "${gid}" and members eq "nobody"`)).body.totalResults).toBe(0);
  });

  it("changes externalId and displayName, and refuses a duplicate name", async () => {
    const name = newName();
    await change(
      { op: "Replace", path: "externalId", value: "e2" },
      { op: "Replace", path: "displayName", value: name },
    );
    expect((await tenant.get(`/Groups/${gid}`)).body).toMatchObject({ externalId: "e2", displayName: name });
    expect((await tenant.post("/Groups", group(name))).status).toBe(409);
  });

  it("takes a deleted user out, and shows a user's groups", async () => {
    const [first = "", second = ""] = people;
    expect((await read(first)).groups).toMatchObject([{ value: gid, type: "direct" }]);
    await tenant.remove(`/Users/${first}`);
    expect(await members()).toEqual(people.slice(1));
    await tenant.remove(`/Groups/${gid}`);
    expect(await read(second)).not.toHaveProperty("groups");
  });
});
