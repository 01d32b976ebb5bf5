import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Tenant } from "./harness.ts";
import { client, group, startTenant, user } from "./harness.ts";

describe.each(["strict", "lenient"] as const)("the protocol in the %s dialect", (dialect) => {
  let tenant: Tenant;
  const ids: string[] = [];

  beforeAll(async () => {
    tenant = await startTenant(dialect);
    for (let n = 0; n < 7; n++) {
      const { body } = await tenant.post(
        "/Users",
        user(`user${n}`, {
          displayName: n === 3 ? undefined : `Name ${9 - n}`,
          title: n % 2 ? "odd" : "even",
          emails: [
            { value: `user${n}@acme.com`, type: "work", primary: true },
            { value: `${n}@home`, type: "home" },
          ],
        }),
      );
      ids.push(body.id);
    }
    await tenant.post("/Groups", group("team", { members: [{ value: ids[0] }, { value: ids[1] }] }));
  });
  afterAll(() => tenant.close());

  describe("versions", () => {
    it("answers with Location, ETag and meta that agree", async () => {
      const { headers, body } = await tenant.post("/Users", user("versions"));
      expect(headers.get("location")).toBe(body.meta.location);
      expect(body.meta.location).toBe(`${tenant.baseUrl}/Users/${body.id}`);
      expect(headers.get("etag")).toBe(body.meta.version);
      expect(headers.get("content-type")).toMatch(/^application\/scim\+json/);
      const read = await tenant.get(`/Users/${body.id}`);
      expect(read.headers.get("content-location")).toBe(body.meta.location);
      expect(read.body).toEqual(body);
      await tenant.remove(`/Users/${body.id}`);
    });

    it("answers 304 to a known version and 412 to an outdated one", async () => {
      const path = `/Users/${ids[6]}`;
      const { headers } = await tenant.get(path);
      const etag = headers.get("etag") ?? "";
      expect((await tenant.get(path, { "if-none-match": etag })).status).toBe(304);
      const changed = await tenant.patch(path, [{ op: "replace", path: "title", value: "x" }], {
        "if-match": etag,
      });
      expect(changed.headers.get("etag")).not.toBe(etag);
      expect((await tenant.get(path, { "if-none-match": etag })).status).toBe(200);
      for (const answer of [
        await tenant.patch(path, [{ op: "replace", path: "title", value: "y" }], { "if-match": etag }),
        await tenant.put(path, user("user6"), { "if-match": etag }),
        await tenant.remove(path, { "if-match": etag }),
      ]) {
        expect(answer).toMatchObject({ status: 412, body: { status: "412" } });
      }
      expect((await tenant.get(path)).body.title).toBe("x");
    });

    it("keeps the version when nothing changes", async () => {
      const path = `/Users/${ids[5]}`;
      const before = (await tenant.get(path)).body.meta;
      const { body } = await tenant.patch(path, [{ op: "add", path: "userName", value: "user5" }]);
      expect(body.meta).toEqual(before);
    });
  });

  describe("lists", () => {
    it("pages by index in a stable order, and takes what is out of range", async () => {
      const names = async (query: string) => {
        const { body } = await tenant.get(`/Users?${query}`);
        expect(body.totalResults).toBe(7);
        expect(body.itemsPerPage).toBe(body.Resources.length);
        return body.Resources.map((resource: { userName: string }) => resource.userName);
      };
      expect(await names("startIndex=1&count=3")).toEqual(["user0", "user1", "user2"]);
      expect(await names("startIndex=4&count=3")).toEqual(["user3", "user4", "user5"]);
      expect(await names("startIndex=7&count=3")).toEqual(["user6"]);
      expect(await names("startIndex=-5&count=1")).toEqual(["user0"]);
      expect(await names("count=0")).toEqual([]);
      expect(await names("count=-1")).toEqual([]);
      expect(await names("startIndex=100")).toEqual([]);
    });

    it("pages by cursor, forward and back", async () => {
      const seen: string[][] = [];
      let cursor: string | undefined = "";
      let previous: string | undefined;
      while (cursor !== undefined) {
        const { body } = await tenant.get(`/Users?count=3&cursor=${cursor}`);
        expect(body).not.toHaveProperty("startIndex");
        seen.push(body.Resources.map((resource: { userName: string }) => resource.userName));
        previous = body.previousCursor;
        cursor = body.nextCursor;
      }
      expect(seen).toEqual([["user0", "user1", "user2"], ["user3", "user4", "user5"], ["user6"]]);
      const back = await tenant.get(`/Users?count=3&cursor=${previous}`);
      expect(back.body.Resources.map((r: { userName: string }) => r.userName)).toEqual(seen[1]);
    });

    it("pages by cursor through filters that SQL cannot answer, and through sorted lists", async () => {
      for (const question of [
        `filter=${encodeURIComponent('title eq "even"')}`,
        "sortBy=userName&sortOrder=descending",
      ]) {
        const names: string[] = [];
        for (let cursor: string | undefined = ""; cursor !== undefined; ) {
          const { body } = await tenant.get(`/Users?count=2&${question}&cursor=${cursor}`);
          names.push(...body.Resources.map((resource: { userName: string }) => resource.userName));
          cursor = body.nextCursor;
        }
        expect(names).toEqual(
          question.startsWith("filter")
            ? ["user0", "user2", "user4"]
            : [6, 5, 4, 3, 2, 1, 0].map((n) => `user${n}`),
        );
      }
    });

    it("refuses cursors that are made up, of another question or another tenant", async () => {
      const { nextCursor } = (await tenant.get("/Users?count=1&cursor=")).body;
      const other = await startTenant(dialect);
      await other.post("/Users", user("x"));
      for (const answer of [
        await tenant.get("/Users?cursor=abc"),
        await tenant.get(`/Groups?cursor=${nextCursor}`),
        await tenant.get(`/Users?cursor=${nextCursor}&sortBy=title`),
        await other.get(`/Users?cursor=${nextCursor}`),
      ]) {
        expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidCursor" } });
      }
      await other.close();
      expect((await tenant.get("/Users?cursor=&count=-1")).body.scimType).toBe("invalidCount");
    });

    it.each([
      ["displayName", [6, 5, 4, 2, 1, 0, 3]],
      ["displayName&sortOrder=descending", [3, 0, 1, 2, 4, 5, 6]],
      ["emails.value", [0, 1, 2, 3, 4, 5, 6]],
      ["emails&sortOrder=descending", [6, 5, 4, 3, 2, 1, 0]],
      ["meta.created", [0, 1, 2, 3, 4, 5, 6]],
    ])("sorts by %s, those without a value at the right end", async (sort, order) => {
      const { body } = await tenant.get(`/Users?sortBy=${sort}`);
      expect(body.Resources.map((r: { userName: string }) => r.userName)).toEqual(
        order.map((n) => `user${n}`),
      );
    });

    it("searches one type and both by POST, and both at the base URL", async () => {
      const search = (path: string, body: object) =>
        tenant.post(path, { schemas: [SCHEMA.searchRequest], ...body });
      const users = await search("/Users/.search", {
        filter: 'userName eq "user2"',
        attributes: ["userName"],
      });
      expect(users.body).toMatchObject({ totalResults: 1, Resources: [{ id: ids[2], userName: "user2" }] });
      expect(users.body.Resources[0]).not.toHaveProperty("emails");
      expect((await search("/.search", { count: 100 })).body.totalResults).toBe(8);
      expect((await search("/.search", { filter: "userName pr" })).body.totalResults).toBe(7);
      expect((await search("/.search", { filter: "nosuch pr" })).body.scimType).toBe("invalidFilter");
      const root = await tenant.get("?startIndex=7&count=5&sortBy=meta.created");
      expect(root.body).toMatchObject({ totalResults: 8, itemsPerPage: 2 });
      expect(root.body.Resources.at(-1).displayName).toBe("team");
    });
  });

  describe("projection", () => {
    it.each([
      ["attributes=userName", ["schemas", "id", "userName"]],
      ["attributes=emails.type,TITLE", ["schemas", "id", "emails", "title"]],
      [`attributes=${SCHEMA.user}:userName`, ["schemas", "id", "userName"]],
      ["attributes=nosuch", ["schemas", "id"]],
      ["excludedAttributes=emails,meta,id,groups", ["schemas", "id", "userName", "displayName", "title"]],
    ])("%s", async (query, keys) => {
      const { body } = await tenant.get(`/Users/${ids[1]}?${query}`);
      expect(Object.keys(body).sort()).toEqual([...keys].sort());
      const list = await tenant.get(`/Users?count=2&${query}`);
      expect(list.body.Resources[1]).toEqual(body);
    });

    it("selects elements and sub-attributes", async () => {
      const emails = async (query: string) => (await tenant.get(`/Users/${ids[1]}?${query}`)).body.emails;
      expect(await emails(`attributes=${encodeURIComponent('emails[type eq "home"].value')}`)).toEqual([
        { value: "1@home" },
      ]);
      expect(await emails("attributes=emails.value,emails.type")).toEqual([
        { value: "user1@acme.com", type: "work" },
        { value: "1@home", type: "home" },
      ]);
      expect(await emails("excludedAttributes=emails.type,emails.primary")).toEqual([
        { value: "user1@acme.com" },
        { value: "1@home" },
      ]);
    });

    it("holds for the answers to POST, PUT and PATCH", async () => {
      const made = await tenant.post("/Users?attributes=userName", user("projected", { title: "x" }));
      const path = `/Users/${made.body.id}`;
      const put = await tenant.put(`${path}?excludedAttributes=title`, user("projected", { title: "y" }));
      const patched = await tenant.patch(`${path}?attributes=title`, [
        { op: "replace", path: "title", value: "z" },
      ]);
      expect(made.body).toEqual({ schemas: [SCHEMA.user], id: made.body.id, userName: "projected" });
      expect(put.body).not.toHaveProperty("title");
      expect(patched.body).toEqual({ schemas: [SCHEMA.user], id: made.body.id, title: "z" });
      await tenant.remove(path);
    });
  });

  describe("endpoints", () => {
    it("answers wrong methods with 405 and Allow", async () => {
      for (const [method, path, allow] of [
        ["POST", "/ServiceProviderConfig", "GET"],
        ["DELETE", "/Schemas", "GET"],
        ["PUT", "/Users", "GET, POST"],
        ["POST", `/Users/${ids[0]}`, "GET, PUT, PATCH, DELETE"],
        ["GET", "/Bulk", "POST"],
        ["GET", "/Users/.search", "POST"],
      ] as const) {
        const answer = await tenant.send(method, path, method === "GET" ? undefined : {});
        expect(answer, `${method} ${path}`).toMatchObject({
          status: 405,
          body: { status: "405", schemas: [SCHEMA.error] },
        });
        expect(answer.headers.get("allow")).toBe(allow);
      }
    });

    it("serves discovery, refuses filters there, and has no /Me", async () => {
      expect((await tenant.get("/ServiceProviderConfig")).body).toMatchObject({
        pagination: { cursor: true, index: true },
      });
      expect((await tenant.get("/ResourceTypes/Group")).body).toMatchObject({ endpoint: "/Groups" });
      expect((await tenant.get(`/Schemas/${SCHEMA.enterpriseUser}`)).body).toMatchObject({
        name: "EnterpriseUser",
      });
      expect((await tenant.get("/Schemas?filter=id%20pr")).status).toBe(403);
      expect((await tenant.get("/Me")).status).toBe(501);
      expect((await tenant.get("/Nothing")).status).toBe(404);
      expect((await tenant.get("/Users/a/b")).status).toBe(404);
      const head = await tenant.send("HEAD", `/Users/${ids[0]}`);
      expect([head.status, head.text]).toEqual([200, ""]);
    });

    it("wants a token everywhere, and names the scheme", async () => {
      for (const path of ["/Users", "/ServiceProviderConfig", "/Nothing"]) {
        const answer = await client(tenant.baseUrl, "wrong").get(path);
        expect(answer).toMatchObject({ status: 401, body: { status: "401" } });
        expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
      }
    });
  });

  describe("bodies", () => {
    it.each([
      ["broken JSON", '{"userName":', 400, "invalidSyntax"],
      ["an array", "[]", 400, "invalidSyntax"],
      ["no userName", JSON.stringify({ schemas: [SCHEMA.user] }), 400, "invalidValue"],
      ["an empty body", "", 400, "invalidSyntax"],
      ["a wrong type", JSON.stringify(user("x", { active: "perhaps" })), 400, "invalidValue"],
      ["a name that is no object", JSON.stringify(user("x", { name: "y" })), 400, "invalidValue"],
    ])("refuses %s", async (_what, body, status, scimType) => {
      expect(await tenant.post("/Users", body)).toMatchObject({
        status,
        body: { scimType, status: String(status) },
      });
    });

    it("refuses other media types with 415", async () => {
      expect((await tenant.post("/Users", "<x/>", { "content-type": "text/xml" })).status).toBe(415);
    });

    it.each([
      [{ op: "remove" }, "noTarget"],
      [{ op: "move", path: "title" }, "invalidSyntax"],
      [{ op: "replace", path: "title" }, "invalidSyntax"],
      [{ op: "replace", path: "emails[", value: 1 }, "invalidPath"],
      [{ op: "replace", path: "id", value: "x" }, "mutability"],
      [{ op: "replace", path: "groups", value: [] }, "mutability"],
      [{ op: "replace", path: "meta.created", value: "2011-05-13T04:42:34Z" }, "mutability"],
      [{ op: "remove", path: "userName" }, "invalidValue"],
      [{ op: "add", value: "x" }, "invalidSyntax"],
      [{ op: "replace", path: 'emails[nosuch eq "x"].value', value: "y" }, "invalidFilter"],
    ])("refuses the operation %j", async (operation, scimType) => {
      const before = await tenant.get(`/Users/${ids[0]}`);
      expect(await tenant.patch(`/Users/${ids[0]}`, [operation])).toMatchObject({
        status: 400,
        body: { scimType },
      });
      expect((await tenant.get(`/Users/${ids[0]}`)).body).toEqual(before.body);
    });

    it("clears with PUT what is not sent, and ignores what is read-only", async () => {
      const { id } = (await tenant.post("/Users", user("put", { title: "x", nickName: "n" }))).body;
      const { body } = await tenant.put(
        `/Users/${id}`,
        user("put", { id: "other", groups: [{ value: "g" }], nickName: "m" }),
      );
      expect(body).toMatchObject({ id, nickName: "m" });
      expect(body).not.toHaveProperty("title");
      expect(body).not.toHaveProperty("groups");
      await tenant.remove(`/Users/${id}`);
    });

    it("never stores or returns a password, and searches none", async () => {
      const { body } = await tenant.post("/Users", user("secretive", { password: "hunter2" }));
      expect(JSON.stringify(body)).not.toContain("hunter2");
      const patched = await tenant.patch(`/Users/${body.id}`, [
        { op: "replace", path: "password", value: "hunter3" },
      ]);
      expect(patched.status).toBe(200);
      expect((await tenant.find("Users", 'password eq "hunter2"')).body).toMatchObject({
        status: "403",
        scimType: "sensitive",
      });
      await tenant.remove(`/Users/${body.id}`);
    });
  });
});
