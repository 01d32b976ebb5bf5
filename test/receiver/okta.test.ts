import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { client, group, startTenant, user } from "./harness.ts";

const person = (userName: string) =>
  user(userName, {
    name: { givenName: "Ada", familyName: "Lovelace" },
    emails: [{ primary: true, value: userName, type: "work" }],
    displayName: "Ada Lovelace",
    locale: "en-US",
    externalId: "00u1",
    groups: [],
    password: "1mz050nq",
    active: true,
  });

describe.each(["lenient", "strict"] as const)("Okta's SPEC test in the %s dialect", (dialect) => {
  let tenant: Tenant;
  let seeded: string;
  let created: string;

  beforeAll(async () => {
    tenant = await startTenant(dialect);
    seeded = (await tenant.post("/Users", person("seed@acme.com"))).body.id;
    created = (
      await tenant.post("/Users", person("Runscope300@acme.com"), { "content-type": "application/json" })
    ).body.id;
  });
  afterAll(() => tenant.close());

  it("lists one user with all that Okta reads", async () => {
    const { status, body } = await tenant.get("/Users?count=1&startIndex=1");
    expect(status).toBe(200);
    expect(body.schemas).toContain(SCHEMA.listResponse);
    for (const key of ["itemsPerPage", "startIndex", "totalResults"]) expect(body[key]).toBeTypeOf("number");
    expect(body.Resources[0]).toMatchObject({
      id: seeded,
      name: { familyName: "Lovelace", givenName: "Ada" },
      userName: "seed@acme.com",
      active: true,
      emails: [{ value: "seed@acme.com" }],
    });
  });

  it("reads it by id", async () => {
    expect((await tenant.get(`/Users/${seeded}`)).body).toMatchObject({ id: seeded, active: true });
  });

  it.each(["nobody", "1234@atko.com"])("finds nobody named %s", async (name) => {
    const { status, body } = await tenant.find("Users", `userName eq "${name}"`, "&startIndex=1&count=100");
    expect(status).toBe(200);
    expect(body).toMatchObject({ schemas: [SCHEMA.listResponse], totalResults: 0 });
  });

  it("answers an unknown id with 404, status as a string, and a detail", async () => {
    const { status, body } = await tenant.get("/Users/010101001010101011001010101011");
    expect(status).toBe(404);
    expect(body).toMatchObject({
      status: "404",
      schemas: [SCHEMA.error],
      detail: expect.stringMatching(/.+/),
    });
  });

  it("creates with application/json, reads it, and refuses the same again", async () => {
    const { body } = await tenant.get(`/Users/${created}`);
    expect(body).toMatchObject({
      id: created,
      active: true,
      userName: "Runscope300@acme.com",
      schemas: [SCHEMA.user],
    });
    expect(body).not.toHaveProperty("password");
    expect((await tenant.post("/Users", person("Runscope300@acme.com"))).status).toBe(409);
  });

  it("finds a name in capitals", async () => {
    expect((await tenant.find("Users", 'userName eq "RUNSCOPE300@ACME.COM"')).body.totalResults).toBe(1);
  });

  it("lists groups within Okta's 600 ms", async () => {
    const started = performance.now();
    expect((await tenant.get("/Groups?startIndex=1&count=100")).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(600);
  });

  it("refuses what is no token with 401 and a SCIM error", async () => {
    const { status, body, headers } = await client(tenant.baseUrl).get("/Users", {
      authorization: "non-token",
    });
    expect(status).toBe(401);
    expect(body).toMatchObject({
      status: "401",
      schemas: [SCHEMA.error],
      detail: expect.stringMatching(/.+/),
    });
    expect(headers.get("www-authenticate")).toMatch(/^Bearer/);
  });
});

describe("Okta's applications", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant("lenient");
  });
  afterAll(() => tenant.close());

  it("goes through create, GET and PUT, deactivation and back, as Okta's CRUD test does", async () => {
    const { id } = (await tenant.post("/Users", person("crud@acme.com"))).body;
    const before = (await tenant.get(`/Users/${id}`)).body;
    const put = await tenant.put(`/Users/${id}`, {
      ...before,
      name: { givenName: "Augusta", familyName: "King" },
    });
    expect(put.status).toBe(200);
    expect(put.body.name).toEqual({ givenName: "Augusta", familyName: "King" });
    for (const active of [false, true]) {
      expect((await tenant.put(`/Users/${id}`, { ...put.body, active })).body.active).toBe(active);
      expect((await tenant.patch(`/Users/${id}`, [{ op: "replace", value: { active } }])).body.active).toBe(
        active,
      );
    }
  });

  it("pushes a group: the name with its own id, removals and additions at once, and the empty group", async () => {
    const people = await Promise.all(
      ["a", "b", "c"].map(
        async (name) => (await tenant.post("/Users", person(`${name}@push`))).body.id as string,
      ),
    );
    const [a, b, c] = people;
    const { id } = (
      await tenant.post("/Groups", group("pushed", { members: [{ value: a, display: "a@push" }] }))
    ).body;
    const renamed = await tenant.patch(`/Groups/${id}`, [
      { op: "replace", value: { id, displayName: "renamed" } },
    ]);
    expect(renamed.body).toMatchObject({
      id,
      displayName: "renamed",
      members: [{ value: a, display: "a@push" }],
    });
    const mixed = await tenant.patch(`/Groups/${id}`, [
      { op: "remove", path: `members[value eq "${a}"]` },
      {
        op: "add",
        path: "members",
        value: [
          { value: b, display: "b" },
          { value: c, display: "c" },
        ],
      },
    ]);
    expect(mixed.body.members.map((member: { value: string }) => member.value)).toEqual([b, c]);
    const full = await tenant.patch(`/Groups/${id}`, [
      { op: "replace", path: "members", value: [{ value: a }] },
    ]);
    expect(full.body.members).toEqual([{ value: a }]);
    const empty = await tenant.patch(`/Groups/${id}`, [{ op: "replace", path: "members", value: [] }]);
    expect(empty.body).not.toHaveProperty("members");
    const other = await tenant.patch(`/Groups/${id}`, [
      { op: "replace", value: { id: "another", displayName: "x" } },
    ]);
    expect(other).toMatchObject({ status: 400, body: { scimType: "mutability" } });
  });
});
