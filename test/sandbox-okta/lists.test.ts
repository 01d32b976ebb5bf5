import { describe, expect, test } from "vitest";
import { type caller, createApp, PEOPLE, testOrg } from "./org.ts";

describe("lists", () => {
  /** Follows `Link: rel="next"` to the end. */
  async function all(org: { call: ReturnType<typeof caller>; url: string }, path: string) {
    const items: { id: string }[] = [];
    let pages = 0;
    for (let next: string | undefined = path; next; pages++) {
      const { status, headers, body } = await org.call("GET", next);
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      items.push(...body);
      next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]?.replace(org.url, "");
    }
    return { items, pages };
  }

  test("come in pages with Link, whole and without doubles", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    for (const { id } of PEOPLE.groups) await org.call("PUT", `/api/v1/apps/${app}/groups/${id}`);
    for (const path of [`/api/v1/apps/${app}/groups?limit=3`, `/api/v1/apps/${app}/users?limit=2&after=`]) {
      const { items, pages } = await all(org, path);
      expect(pages).toBeGreaterThan(1);
      expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
    }
    expect((await all(org, `/api/v1/apps/${app}/groups?limit=3`)).items).toHaveLength(4);
    expect((await all(org, `/api/v1/apps/${app}/users?limit=2`)).items).toHaveLength(5);
  });

  test("of an unkind org are whole too, in small pages and another order", async () => {
    const groups = Array.from({ length: 40 }, (_, i) => ({
      id: `00gx${i}`,
      type: "OKTA_GROUP" as const,
      profile: { name: `g${i}`, description: null },
      members: [],
    }));
    const org = await testOrg({ kindness: { rate: 0 }, directory: { users: [], groups } });
    const { items, pages } = await all(org, "/api/v1/groups?limit=200");
    expect(pages).toBeGreaterThan(5);
    const ids = items.map((item) => item.id).filter((id) => id.startsWith("00gx"));
    expect([...ids].sort()).toEqual(groups.map((group) => group.id).sort());
    expect(ids).not.toEqual(groups.map((group) => group.id));
  });

  test.each([
    [
      'type eq "OKTA_GROUP" and (profile.name sw "OM_" or profile.name sw "Collate_")',
      ["OM_empty", "OM_stewards"],
    ],
    ['profile.name eq "om_STEWARDS"', ["OM_stewards"]],
    ['type eq "APP_GROUP"', ["OM_stewards"]],
    ['profile.name co "team"', ["governance-team"]],
  ])("of groups by %s", async (search, names) => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
      sourceGroupId: "00gom1",
      targetGroupName: "OM_stewards",
    });
    const { body } = await org.call("GET", `/api/v1/groups?search=${encodeURIComponent(search)}`);
    const found = body.filter(
      (group: { type: string }) => search.includes(group.type) || !search.includes("type"),
    );
    expect(
      [...new Set(found.map((group: { profile: { name: string } }) => group.profile.name))].sort(),
    ).toEqual(names);
  });

  test("by q match beginnings, the pushed copies among them", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    await org.call("POST", `/api/v1/apps/${app}/group-push/mappings`, {
      sourceGroupId: "00gom1",
      targetGroupName: "OM_stewards",
    });
    const { body } = await org.call("GET", "/api/v1/groups?q=om_s");
    expect(body.map((group: { type: string }) => group.type).sort()).toEqual(["APP_GROUP", "OKTA_GROUP"]);
  });

  test("of users by search, filter, login and q", async () => {
    const org = await testOrg();
    const logins = async (query: string) =>
      (await org.call("GET", `/api/v1/users?${query}`)).body.map(
        (user: { profile: { login: string } }) => user.profile.login,
      );
    expect(await logins(`search=${encodeURIComponent('profile.login eq "JOHN@acme.com"')}`)).toEqual([
      "john@acme.com",
    ]);
    expect(await logins(`filter=${encodeURIComponent('status eq "SUSPENDED"')}`)).toEqual(["sue@acme.com"]);
    expect(await logins("q=ada")).toEqual(["ada@acme.com"]);
    expect((await org.call("GET", "/api/v1/users/sid@acme.com")).body.id).toBe("00usid");
    expect((await org.call("GET", "/api/v1/users/me")).body.status).toBe("ACTIVE");
    const filter = encodeURIComponent('profile.displayName eq "x"');
    expect((await org.call("GET", `/api/v1/users?filter=${filter}`)).body.errorCode).toBe("E0000031");
  });

  test("of the log have a next page for ever, unless an end was given", async () => {
    const org = await testOrg();
    const poll = async (path: string) => {
      const { headers, body } = await org.call("GET", path);
      return {
        events: body,
        next: /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1]?.replace(org.url, ""),
      };
    };
    const first = await poll("/api/v1/logs?limit=1000");
    const idle = await poll(first.next ?? "");
    expect([idle.events, typeof idle.next]).toEqual([[], "string"]);
    org.people.change("john@acme.com", "suspend");
    const { events } = await poll(idle.next ?? "");
    expect(events.map((event: { eventType: string }) => event.eventType)).toEqual(["user.lifecycle.suspend"]);
    expect((await poll("/api/v1/logs?limit=1000&until=2030-01-01T00:00:00Z")).next).toBeUndefined();
  });
});
