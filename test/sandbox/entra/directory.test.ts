import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import { ADA, EDITORS, GOVERNANCE, type Graph, JOHN, SID, start } from "./harness.ts";

let tenant: EntraTenant;
let graph: Graph;
beforeEach(async () => {
  ({ tenant, graph } = await start({
    permissions: [
      "User.ReadWrite.All",
      "Group.ReadWrite.All",
      "Organization.Read.All",
      "Application.Read.All",
    ],
  }));
});
afterEach(() => tenant.stop());

const ids = async (path: string): Promise<string[]> =>
  (await graph("GET", path)).body.value.map(({ id }: { id: string }) => id);
const reference = (id: string) => ({ "@odata.id": `${tenant.baseUrl}/beta/directoryObjects/${id}` });

describe("users", () => {
  it("are found by id, by userPrincipalName and by filter", async () => {
    expect((await graph("GET", "/users/JOHN@acme.example")).body.id).toBe(JOHN);
    expect(await ids("/users?$filter=userPrincipalName in ('john@acme.example','sid@acme.example')")).toEqual(
      [JOHN, SID],
    );
  });

  it("are created, changed, put into the recycle bin, restored and deleted for good", async () => {
    const { status, body } = await graph("POST", "/users", {
      "@odata.type": "#microsoft.graph.user",
      accountEnabled: true,
      displayName: "Grace",
      mailNickname: "grace",
      userPrincipalName: "grace@acme.example",
      passwordProfile: { password: "x" },
      showInAddressList: true,
    });
    expect({ status, password: body.passwordProfile }).toEqual({ status: 201, password: undefined });
    expect((await graph("GET", `/beta/users/${body.id}`)).body.showInAddressList).toBe(true);
    expect((await graph("PATCH", `/users/${body.id}`, { jobTitle: "Admiral" })).status).toBe(204);
    expect((await graph("GET", `/users/${body.id}`)).body.jobTitle).toBe("Admiral");
    await graph("POST", `/groups/${GOVERNANCE}/members/$ref`, reference(body.id));

    expect((await graph("DELETE", `/users/${body.id}`)).status).toBe(204);
    expect(await ids(`/groups/${GOVERNANCE}/members`)).toEqual([JOHN, SID]);
    expect(await ids("/directory/deletedItems/microsoft.graph.user")).toEqual([body.id]);
    await graph("POST", `/directory/deletedItems/${body.id}/restore`);
    expect(await ids(`/groups/${GOVERNANCE}/members`)).toEqual([JOHN, SID, body.id]);

    await graph("DELETE", `/users/${body.id}`);
    expect((await graph("DELETE", `/directory/deletedItems/${body.id}`)).status).toBe(204);
    expect(await ids("/directory/deletedItems/microsoft.graph.user")).toEqual([]);
    expect((await graph("POST", `/directory/deletedItems/${body.id}/restore`)).status).toBe(404);
  });

  it("have a manager or answer 404", async () => {
    expect((await graph("GET", `/users/${SID}/manager`)).status).toBe(404);
    await graph("PUT", `/users/${SID}/manager/$ref`, reference(ADA));
    expect((await graph("GET", `/users/${SID}/manager`)).body).toMatchObject({
      id: ADA,
      "@odata.type": "#microsoft.graph.user",
    });
    tenant.change({ change: "delete", user: ADA });
    expect((await graph("GET", `/users/${SID}/manager`)).status).toBe(404);
  });
});

describe("groups", () => {
  it("say null and empty where azuread expects it", async () => {
    const { body } = await graph("GET", `/beta/groups/${GOVERNANCE}`);
    expect(body).toMatchObject({ membershipRule: null, groupTypes: [], displayName: "governance-team" });
    expect(body).not.toHaveProperty("members");
    expect((await graph("GET", `/beta/groups/${GOVERNANCE}/owners`)).body.value).toEqual([]);
  });

  it("are created with members, changed, nested and deleted", async () => {
    const { body } = await graph("POST", "/groups", {
      displayName: "stewards",
      mailNickname: "stewards",
      mailEnabled: false,
      securityEnabled: true,
      "members@odata.bind": [
        `${tenant.baseUrl}/v1.0/users/${ADA}`,
        `${tenant.baseUrl}/v1.0/groups/${GOVERNANCE}`,
      ],
    });
    expect(await ids(`/groups/${body.id}/members`)).toEqual([ADA, GOVERNANCE]);
    expect(await ids(`/groups/${body.id}/members/microsoft.graph.group`)).toEqual([GOVERNANCE]);
    expect(await ids(`/groups/${body.id}/members/microsoft.graph.user`)).toEqual([ADA]);
    expect(await ids(`/groups/${body.id}/transitiveMembers`)).toEqual([ADA, GOVERNANCE, JOHN, SID]);
    expect(await ids(`/groups/${GOVERNANCE}/memberOf`)).toEqual([body.id]);
    const count = await graph("GET", `/groups/${body.id}/members/$count`, undefined, {
      consistencylevel: "eventual",
    });
    expect(count.body).toBe(2);

    await graph("PATCH", `/groups/${body.id}`, { displayName: "data stewards" });
    expect(await ids("/groups?$filter=displayName eq 'data stewards'")).toEqual([body.id]);
    expect((await graph("DELETE", `/groups/${GOVERNANCE}`)).status).toBe(204);
    expect(await ids(`/groups/${body.id}/members`)).toEqual([ADA]);
  });

  it("gain and lose members", async () => {
    expect((await graph("POST", `/groups/${EDITORS}/members/$ref`, reference(JOHN))).status).toBe(204);
    expect(
      (await graph("GET", `/groups/${EDITORS}/members?$filter=id eq '${JOHN}'`)).body.value,
    ).toHaveLength(1);
    expect((await graph("DELETE", `/groups/${EDITORS}/members/${JOHN}/$ref`)).status).toBe(204);
    expect(await ids(`/groups/${EDITORS}/members`)).toEqual([ADA]);
  });
});

it("finds objects of several types by id", async () => {
  const wanted = [ADA, GOVERNANCE, "99999999-9999-4999-8999-999999999999"];
  const all = await graph("POST", "/directoryObjects/getByIds", { ids: wanted });
  expect(all.body.value.map((object: { "@odata.type": string }) => object["@odata.type"])).toEqual([
    "#microsoft.graph.user",
    "#microsoft.graph.group",
  ]);
  const groups = await graph("POST", "/directoryObjects/getByIds", { ids: wanted, types: ["group"] });
  expect(groups.body.value.map(({ id }: { id: string }) => id)).toEqual([GOVERNANCE]);
});

it("names itself and its licences", async () => {
  expect((await graph("GET", "/organization")).body.value[0].id).toBe(tenant.tenantId);
  expect((await graph("GET", "/subscribedSkus")).body.value[0].skuPartNumber).toBe("AAD_PREMIUM");
});

describe("changes by administrators", () => {
  it("are made by name, and refused when nobody bears it", async () => {
    tenant.change({ change: "removeMember", group: "governance-team", user: "john@acme.example" });
    tenant.change({ change: "addMember", group: "editors", user: "john@acme.example" });
    tenant.change({ change: "disable", user: "sid@acme.example" });
    tenant.change({ change: "update", user: SID, set: { displayName: "Sidney" } });
    tenant.change({ change: "renameGroup", group: "editors", displayName: "writers" });
    expect(await ids(`/groups/${GOVERNANCE}/members`)).toEqual([SID]);
    expect(await ids(`/groups/${EDITORS}/members`)).toEqual([ADA, JOHN]);
    expect((await graph("GET", `/beta/users/${SID}`)).body).toMatchObject({
      accountEnabled: false,
      displayName: "Sidney",
    });
    expect((await graph("GET", `/groups/${EDITORS}`)).body.displayName).toBe("writers");
    expect(() => tenant.change({ change: "enable", user: "nobody" })).toThrow(/no user 'nobody'/);
    expect(() => tenant.change({ change: "deleteGroup", group: "editors" })).toThrow(/no group 'editors'/);
  });

  it("want an id when several groups share a name", () => {
    tenant.change({ change: "createGroup", group: "editors", members: ["ada@acme.example"] });
    expect(() => tenant.change({ change: "deleteGroup", group: "editors" })).toThrow(
      /2 groups are named 'editors'/,
    );
    tenant.change({ change: "softDeleteGroup", group: EDITORS });
    tenant.change({ change: "restoreGroup", group: EDITORS });
    tenant.change({ change: "deleteGroup", group: EDITORS });
    tenant.change({ change: "deleteGroup", group: "editors" });
  });
});
