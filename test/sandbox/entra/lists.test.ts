import { afterEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import { ADA, GOVERNANCE, type Graph, JOHN, SID, start, user } from "./harness.ts";

const people = Array.from({ length: 60 }, (_, index) =>
  user(`a0000000-0000-4000-8000-${String(index).padStart(12, "0")}`, `person${index}`),
);

let tenant: EntraTenant;
afterEach(() => tenant.stop());

async function pages(graph: Graph, path: string): Promise<string[][]> {
  const found: string[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { status, body } = await graph("GET", next);
    if (status === 429) continue;
    expect(status).toBe(200);
    found.push(body.value.map(({ id }: { id: string }) => id));
    next = body["@odata.nextLink"];
  }
  return found;
}

describe("lists", () => {
  it("are whole and in order when kind, and keep select and count over pages", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start({ directory: { users: people, groups: [] } }));
    expect(await pages(graph, "/users")).toEqual([people.map(({ id }) => id)]);
    const first = await graph(
      "GET",
      "/users?$top=25&$select=displayName,id&$count=true&$filter=accountEnabled eq true",
    );
    expect(first.body["@odata.count"]).toBe(60);
    expect(first.body["@odata.nextLink"]).toMatch(new RegExp(`^${tenant.baseUrl}/v1.0/users\\?.*skiptoken=`));
    expect(first.body.value[0]).toEqual({ displayName: "Person0", id: people[0]?.id });
    const second = await graph("GET", first.body["@odata.nextLink"]);
    expect(second.body["@odata.count"]).toBeUndefined();
    expect(second.body.value).toHaveLength(25);
    expect(second.body.value[0]).toEqual({ displayName: "Person25", id: people[25]?.id });
  });

  it("come in small pages and another order when unkind, each entry once", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start({ directory: { users: people, groups: [] }, kindness: { seed: "x" } }));
    const found = await pages(graph, "/users?$top=50");
    expect(found.length).toBeGreaterThan(8);
    expect(found.flat()).not.toEqual(people.map(({ id }) => id));
    expect(found.flat().sort()).toEqual(people.map(({ id }) => id).sort());
    expect(await pages(graph, "/users?$top=50")).toEqual(found);
  });

  it("lose nobody when what was read is deleted between the pages", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start({ directory: { users: people, groups: [] } }));
    const first = await graph("GET", "/users?$top=20");
    for (const { id } of first.body.value) tenant.change({ change: "delete", user: id });
    const rest = await pages(graph, first.body["@odata.nextLink"]);
    expect(rest.flat()).toEqual(people.slice(20).map(({ id }) => id));
  });

  it("sort by a property, either way", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start());
    const names = async (order: string) =>
      (await graph("GET", `/users?$orderby=${order}`)).body.value.map(
        ({ displayName }: { displayName: string }) => displayName,
      );
    expect(await names("displayName desc")).toEqual(["Sid", "John", "Ada"]);
    expect(await names("displayName")).toEqual(["Ada", "John", "Sid"]);
  });

  it("show few properties of a user in v1.0, all in beta", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start());
    const v1 = await graph("GET", `/users/${ADA}`);
    expect(v1.body).not.toHaveProperty("accountEnabled");
    expect((await graph("GET", `/users/${ADA}?$select=accountEnabled`)).body).toMatchObject({
      accountEnabled: true,
    });
    expect((await graph("GET", `/beta/users/${ADA}`)).body).toMatchObject({
      accountEnabled: true,
      mailNickname: "ada",
    });
  });

  it("tell only the ids of members whose type the caller may not read", async () => {
    let graph: Graph;
    ({ tenant, graph } = await start({ permissions: ["GroupMember.Read.All"] }));
    const members = await graph("GET", `/groups/${GOVERNANCE}/members`);
    expect(members.body.value).toEqual([
      { "@odata.type": "#microsoft.graph.user", id: JOHN },
      { "@odata.type": "#microsoft.graph.user", id: SID },
    ]);
  });
});
