import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { group, startTenant, user } from "./harness.ts";

let tenant: Tenant;
afterEach(() => tenant.close());

const notes = () =>
  tenant.receiver
    .journal("main")
    .query()
    .at(-1)
    ?.deviations.map((deviation) => deviation.code);
const idOf = (urn: string) => Buffer.from(urn).toString("base64").replaceAll("+", "-").replaceAll("/", "_");

describe("the datahub dialect", () => {
  beforeEach(async () => {
    tenant = await startTenant("datahub");
  });
  const create = async (more: object = {}) => (await tenant.post("/Users", user("john", more))).body;

  it("makes ids of URNs, padded", async () => {
    const { id, active } = (await tenant.post("/Users", user("testuser1"))).body;
    expect(id).toBe("dXJuOmxpOmNvcnB1c2VyOnRlc3R1c2VyMQ==");
    expect(active).toBe(true);
    expect((await tenant.get(`/Users/${encodeURIComponent(id)}`)).status).toBe(200);
    expect((await tenant.post("/Groups", group("gov"))).body.id).toBe(idOf("urn:li:corpGroup:gov"));
  });

  it("finds by name alone, letter for letter, and wants paging without a filter", async () => {
    await create();
    const total = async (filter: string) => (await tenant.find("Users", filter)).body.totalResults;
    expect(await total('userName eq "john"')).toBe(1);
    expect(await total('USERNAME EQ "john"')).toBe(1);
    expect(await total('userName eq "John"')).toBe(0);
    expect(await total('externalId eq "x" or userName eq "john"')).toBe(1);
    for (const filter of [
      'externalId eq "x"',
      'emails.value eq "x"',
      'userName eq "john" and active eq true',
      'userName sw "j"',
    ]) {
      const { status, body } = await tenant.find("Users", filter);
      expect([status, body.detail]).toEqual([400, expect.stringMatching(/^Unparsable filter/)]);
    }
    expect((await tenant.get("/Users")).status).toBe(400);
    expect((await tenant.get("/Users?startIndex=1&count=1")).body.totalResults).toBe(1);
  });

  it("replaces the single role, keeps what exists, drops the rest and says nothing", async () => {
    const { id } = await create({ roles: [{ primary: "True", value: "Admin" }] });
    const roles = async (...operations: object[]) => {
      expect((await tenant.patch(`/Users/${id}`, operations)).status).toBe(200);
      return (await tenant.get(`/Users/${id}`)).body.roles;
    };
    const single = (value: string, op = "Replace") => ({ op, path: 'roles[primary eq "True"].value', value });
    expect(await roles(single("Editor"))).toEqual([{ value: "Editor", primary: true }]);
    expect(await roles(single("Reader", "Add"))).toEqual([{ value: "Reader", primary: true }]);
    expect(await roles({ op: "Add", path: "roles", value: [{ value: "Admin" }] })).toEqual([
      { value: "Reader", primary: true },
      { value: "Admin", primary: false },
    ]);
    expect(await roles(single("Viewer"))).toEqual([{ value: "Admin", primary: true }]);
    expect(tenant.receiver.journal("main").query({ method: "PATCH" }).at(-1)?.deviations).toContainEqual(
      expect.objectContaining({ code: "product-drops", at: "roles" }),
    );
  });

  it("clears the roles in a PUT that has none", async () => {
    const { id } = await create({ roles: [{ value: "Admin" }] });
    expect((await tenant.put(`/Users/${id}`, user("john", { title: "x" }))).body).not.toHaveProperty("roles");
  });

  it("freezes names: PUT refuses a new one, PATCH ignores it", async () => {
    const { id } = await create();
    expect((await tenant.put(`/Users/${id}`, user("jane"))).body.detail).toBe(
      "userName cannot be modified. john => jane",
    );
    const renamed = await tenant.patch(`/Users/${id}`, [{ op: "Replace", path: "userName", value: "jane" }]);
    expect([renamed.status, renamed.body.userName]).toEqual([200, "john"]);
    expect(notes()).toContain("product-keeps-name");
    const { body } = await tenant.post("/Groups", group("gov", { externalId: "e" }));
    expect((await tenant.put(`/Groups/${body.id}`, group("other", { externalId: "e" }))).body.detail).toMatch(
      /^groupName cannot/,
    );
  });

  it("refuses PATCH without a path", async () => {
    const { id } = await create();
    expect((await tenant.patch(`/Users/${id}`, [{ op: "replace", value: { active: false } }])).status).toBe(
      400,
    );
  });

  it("keeps the primary e-mail without its type, and loses a change of it alone", async () => {
    const { id, emails } = await create({
      emails: [{ type: "work", value: "a@b", primary: true }, { value: "c@d" }],
    });
    expect(emails).toEqual([{ value: "a@b", primary: true }]);
    const put = (more: object) => tenant.put(`/Users/${id}`, user("john", more));
    const email = [{ value: "new@b", primary: true }];
    expect((await put({ emails: email })).body.emails).toEqual(emails);
    expect((await put({ emails: email, displayName: "John" })).body.emails).toEqual(email);
  });

  it("takes members by well-formed id, there or not, and keeps them when only externalId changes", async () => {
    const { id } = (await tenant.post("/Groups", group("gov"))).body;
    const add = (value: string) =>
      tenant.patch(`/Groups/${id}`, [{ op: "Add", path: "members", value: [{ value }] }]);
    expect((await add(idOf("urn:li:corpuser:nobody"))).status).toBe(200);
    expect((await add("no-id")).status).toBe(400);
    const { body } = await tenant.patch(`/Groups/${id}`, [{ op: "Replace", path: "externalId", value: "e" }]);
    expect(body).toMatchObject({ externalId: "e", members: [{ value: idOf("urn:li:corpuser:nobody") }] });
  });

  it("speaks of duplicates and of what is not there as DataHub does", async () => {
    await create();
    expect((await tenant.post("/Users", user("john"))).body).toMatchObject({
      status: "409",
      detail: "Resource with name john already exists.",
    });
    expect((await tenant.get("/Users/x")).body.detail).toBe("User x not found.");
  });
});

describe("the data-mesh-manager dialect", () => {
  beforeEach(async () => {
    tenant = await startTenant("data-mesh-manager");
  });

  it("does not let a userName change, by PUT or by PATCH", async () => {
    const { id } = (await tenant.post("/Users", user("a@acme.com"))).body;
    for (const answer of [
      await tenant.put(`/Users/${id}`, user("b@acme.com")),
      await tenant.patch(`/Users/${id}`, [{ op: "Replace", path: "userName", value: "b@acme.com" }]),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { scimType: "mutability" } });
    }
    const active = await tenant.patch(`/Users/${id}`, [{ op: "Replace", path: "active", value: "False" }]);
    expect(active.body).toMatchObject({ userName: "a@acme.com", active: false });
  });
});

describe("the collate dialect", () => {
  it("has existing teams as groups, and reuses one that is posted again", async () => {
    tenant = await startTenant("collate", {
      settings: { teams: [{ name: "OM_data", parent: "Marketing" }] },
    });
    const found = await tenant.find("Groups", 'displayName eq "OM_data"');
    expect(found.body.totalResults).toBe(1);
    const { id } = found.body.Resources[0];
    const posted = await tenant.post("/Groups", group("OM_data", { members: [{ value: "u" }] }));
    expect(posted).toMatchObject({ status: 201, body: { id, members: [{ value: "u" }] } });
    expect((await tenant.get("/Groups")).body.totalResults).toBe(1);
    expect(posted.headers.get("content-type")).toMatch(/^application\/json/);
  });

  it("has no resource types, bulk or .search", async () => {
    tenant = await startTenant("collate");
    expect((await tenant.get("/ResourceTypes")).status).toBe(404);
    expect((await tenant.post("/Bulk", {})).status).toBe(404);
    expect((await tenant.post("/Users/.search", {})).status).toBe(404);
    expect((await tenant.get("/ServiceProviderConfig")).status).toBe(200);
  });

  it("takes Entra's old PATCH form with a note, or refuses it when told to", async () => {
    tenant = await startTenant("collate");
    const old = { op: "Replace", path: "active", value: "False" };
    const lenient = (await tenant.post("/Users", user("x", { roles: [{ value: "r" }] }))).body;
    expect(lenient).not.toHaveProperty("roles");
    expect((await tenant.patch(`/Users/${lenient.id}`, [old])).body.active).toBe(false);
    expect(notes()).toContain("product-patch-form");
    await tenant.close();
    tenant = await startTenant("collate", { settings: { strictPatch: true } });
    const { id } = (await tenant.post("/Users", user("x"))).body;
    expect((await tenant.patch(`/Users/${id}`, [old])).status).toBe(400);
    expect(
      (await tenant.patch(`/Users/${id}`, [{ op: "replace", path: "active", value: false }])).status,
    ).toBe(200);
  });
});

describe("the microsoft dialect", () => {
  beforeEach(async () => {
    tenant = await startTenant("microsoft");
  });

  it("answers PATCH with 204, or with what is asked for", async () => {
    const { id } = (await tenant.post("/Users", user("x"))).body;
    const patch = { op: "Replace", path: "title", value: "y" };
    const answer = await tenant.patch(`/Users/${id}`, [patch]);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect((await tenant.patch(`/Users/${id}?attributes=title`, [patch])).body.title).toBe("y");
  });

  it("passes what is odd in Microsoft's collection", async () => {
    expect((await tenant.get("/users")).status).toBe(200);
    expect((await tenant.get("/serviceConfiguration")).body.patch.supported).toBe(true);
    expect((await tenant.get("/Schemas")).text).toContain("User Account");
    const person = user("OMalley", {
      name: { familyName: "Employee", givenName: "Darl", honorificPrefix: null },
      emails: [{ Primary: true, type: "work", value: "anna33@example.com" }],
      [SCHEMA.enterpriseUser]: { Department: "bob", Manager: { Value: "SuzzyQ" } },
    });
    const { id } = (await tenant.post("/Users/", person)).body;
    const total = async (filter: string) =>
      (await tenant.get(`/Users/?filter=${filter.replaceAll(" ", "+")}`)).body.totalResults;
    expect(
      await total(
        "name.FamilyName eq Employee and (emails.Value co example.com or emails.Value co example.org)",
      ),
    ).toBe(1);
    expect(await total("userName sw O")).toBe(1);
    expect(await total("meta.Created gt 2015-10-10T14:38:21.8617979-07:00")).toBe(1);
    expect((await tenant.put(`/Users/${id}`, { ...person, adreses: [] })).status).toBe(200);
    expect((await tenant.put(`/Users/${id}`, { ...person, userName: undefined, userame: "x" })).status).toBe(
      400,
    );
    const { id: gid } = (await tenant.post("/Groups", group("g", { members: [] }))).body;
    await tenant.patch(`/Groups/${gid}`, [
      { name: "addMember", op: "add", path: "members", value: "string id 1" },
    ]);
    await tenant.patch(`/Groups/${gid}`, [
      { op: "add", path: "members", value: [{ displayName: "new User", value: id }] },
    ]);
    expect((await tenant.get(`/Groups/${gid}`)).body.members).toEqual([
      { value: "string id 1" },
      { displayName: "new User", value: id },
    ]);
    await tenant.patch(`/Groups/${gid}`, [{ op: "remove", path: "members" }]);
    expect((await tenant.get(`/Groups/${gid}`)).body).not.toHaveProperty("members");
    const query = encodeURIComponent('emails[type eq "work"]');
    expect((await tenant.get(`/Users/${id}?attributes=${query}`)).body.emails).toHaveLength(1);
    expect((await tenant.get("/Users?startIndex=1&count=2")).body.itemsPerPage).toBe(1);
  });
});
