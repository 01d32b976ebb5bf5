import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { group, startTenant, user } from "./harness.ts";

describe("the strict dialect", () => {
  let tenant: Tenant;
  let id: string;
  beforeAll(async () => {
    tenant = await startTenant("strict");
    id = (await tenant.post("/Users", user("strict", { title: "x" }))).body.id;
  });
  afterAll(() => tenant.close());

  it.each([
    [{ userName: "x" }, "invalidSyntax"],
    [{ schemas: [SCHEMA.user, "urn:x"], userName: "x" }, "invalidSyntax"],
    [user("x", { nosuch: 1 }), "invalidSyntax"],
    [user("x", { "name.familyName": "y" }), "invalidSyntax"],
    [user("x", { active: "True" }), "invalidValue"],
    [user("x", { emails: { value: "y" } }), "invalidValue"],
    [user("x", { emails: ["y"] }), "invalidValue"],
    [user("x", { roles: [{ value: "y", displayName: "z" }] }), "invalidSyntax"],
    [user("x", { title: 5 }), "invalidValue"],
    [
      user("x", {
        emails: [
          { value: "1", primary: true },
          { value: "2", primary: true },
        ],
      }),
      "invalidValue",
    ],
  ])("refuses %j", async (body, scimType) => {
    expect(await tenant.post("/Users", body)).toMatchObject({ status: 400, body: { scimType } });
  });

  it.each([
    [{ op: "Replace", path: "title", value: "y" }, "invalidSyntax"],
    [{ op: "replace", path: "nosuch", value: "y" }, "invalidPath"],
    [{ op: "replace", path: 'emails[type eq "work"].value', value: "y" }, "noTarget"],
    [{ op: "remove", path: "title", value: "x" }, "invalidValue"],
    [{ op: "remove", path: 'emails[type eq "work"]' }, "noTarget"],
    [{ op: "replace", value: { "name.familyName": "y" } }, "invalidSyntax"],
    [{ op: "replace", path: "manager", value: { value: "y" } }, "invalidPath"],
  ])("refuses the operation %j", async (operation, scimType) => {
    expect(await tenant.patch(`/Users/${id}`, [operation])).toMatchObject({
      status: 400,
      body: { scimType },
    });
  });

  it.each(["userName eq strict", 'active eq "true"', "title eq 5", 'department eq "x"'])(
    "refuses the filter %s",
    async (filter) => {
      expect(await tenant.find("Users", filter)).toMatchObject({
        status: 400,
        body: { scimType: "invalidFilter" },
      });
    },
  );

  it("allows two groups of one name, and notes nothing", async () => {
    expect((await tenant.post("/Groups", group("same"))).status).toBe(201);
    expect((await tenant.post("/Groups", group("same"))).status).toBe(201);
    expect(
      tenant.receiver
        .journal("main")
        .query({ method: "POST", status: 201 })
        .flatMap((e) => e.deviations),
    ).toEqual([]);
  });
});
