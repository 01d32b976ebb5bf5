import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { group, startTenant, user } from "./harness.ts";

describe("bulk", () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await startTenant("strict");
  });
  afterAll(() => tenant.close());
  const bulk = (Operations: object[], more: object = {}) =>
    tenant.post("/Bulk", { schemas: [SCHEMA.bulkRequest], Operations, ...more });

  it("resolves references by bulkId, forward and in circles", async () => {
    const { status, body } = await bulk([
      {
        method: "POST",
        path: "/Groups",
        bulkId: "a",
        data: group("A", { members: [{ value: "bulkId:b" }, { value: "bulkId:u" }] }),
      },
      {
        method: "POST",
        path: "/Groups",
        bulkId: "b",
        data: group("B", { members: [{ value: "bulkId:a" }] }),
      },
      { method: "POST", path: "/Users", bulkId: "u", data: user("bulk") },
      {
        method: "PATCH",
        path: "/Users/bulkId:u",
        data: { schemas: [SCHEMA.patchOp], Operations: [{ op: "add", path: "title", value: "x" }] },
      },
    ]);
    expect(status).toBe(200);
    expect(body.schemas).toEqual([SCHEMA.bulkResponse]);
    expect(body.Operations.map((operation: { status: string }) => operation.status)).toEqual([
      "201",
      "201",
      "201",
      "200",
    ]);
    const [a, b, u] = body.Operations.map((operation: { location: string }) =>
      operation.location.split("/").at(-1),
    );
    const members = async (id: string) =>
      (await tenant.get(`/Groups/${id}`)).body.members.map((m: { value: string }) => m.value);
    expect(await members(a)).toEqual([b, u]);
    expect(await members(b)).toEqual([a]);
    expect((await tenant.get(`/Users/${u}`)).body).toMatchObject({ title: "x", groups: [{ value: a }] });
  });

  it("lets each operation stand for itself, and stops at failOnErrors", async () => {
    const operations = [
      { method: "POST", path: "/Users", bulkId: "1", data: user("bulk") },
      { method: "POST", path: "/Users", bulkId: "2", data: user("bulk2") },
      { method: "DELETE", path: "/Users/nobody" },
      {
        method: "POST",
        path: "/Groups",
        bulkId: "4",
        data: group("C", { members: [{ value: "bulkId:1" }] }),
      },
      { method: "POST", path: "/Nowhere", bulkId: "5", data: {} },
    ];
    const all = await bulk(operations);
    expect(all.body.Operations.map((o: { status: string }) => o.status)).toEqual([
      "409",
      "201",
      "404",
      "400",
      "400",
    ]);
    expect(all.body.Operations[0]).toMatchObject({
      bulkId: "1",
      response: { status: "409", scimType: "uniqueness" },
    });
    const some = await bulk(operations, { failOnErrors: 2 });
    expect(some.body.Operations.map((o: { status: string }) => o.status)).toEqual(["409", "409"]);
  });

  it("heeds versions", async () => {
    const made = await tenant.post("/Users", user("versioned"));
    const path = `/Users/${made.body.id}`;
    const operation = (version: string) => ({ method: "DELETE", path, version });
    expect((await bulk([operation('W/"99"')])).body.Operations[0].status).toBe("412");
    expect((await bulk([operation(made.body.meta.version)])).body.Operations[0].status).toBe("204");
  });

  it("refuses too many operations with 413", async () => {
    const many = Array.from({ length: 1001 }, () => ({ method: "DELETE", path: "/Users/x" }));
    expect(await bulk(many)).toMatchObject({ status: 413, body: { status: "413" } });
  });
});
