import { describe, expect, test } from "vitest";
import {
  deactivateUser,
  type OutgoingUser,
  provisionUser,
  testConnector,
  updateUser,
} from "../../src/provisioning/okta/index.ts";
import { SCHEMA } from "../../src/scim/wire.ts";
import { converse, listOf } from "./converse.ts";

const user: OutgoingUser = {
  oktaId: "00ujl29u0le5T6Aj10h7",
  userName: "test.user@okta.local",
  pushUserName: false,
  password: "1mz050nq",
  attributes: [
    { externalName: "name.givenName", value: "Test", push: true },
    { externalName: "name.familyName", value: "User", push: true },
    { externalName: "emails.^[primary==true].value", value: "test.user@okta.local", push: true },
    { externalName: "emails.^[primary==true].type", value: "work", push: true },
    { externalName: "displayName", value: "Test User", push: true },
    { externalName: "locale", value: "en-US", push: true },
    { externalName: "title", value: null, push: true },
  ],
};

describe("provisioning a user", () => {
  test("searches by userName and then sends the body that Okta documents", () => {
    const { sent, report } = converse(provisionUser("wizard", user), [
      [200, listOf()],
      [201, { id: "u1", userName: user.userName }],
    ]);
    expect(report).toEqual({ outcome: "created", scimId: "u1" });
    expect(sent).toEqual([
      {
        method: "GET",
        path: "/Users?filter=userName%20eq%20%22test.user%40okta.local%22&startIndex=1&count=100",
      },
      {
        method: "POST",
        path: "/Users",
        body: {
          schemas: [SCHEMA.user],
          userName: "test.user@okta.local",
          name: { givenName: "Test", familyName: "User" },
          emails: [{ primary: true, value: "test.user@okta.local", type: "work" }],
          displayName: "Test User",
          locale: "en-US",
          externalId: "00ujl29u0le5T6Aj10h7",
          groups: [],
          password: "1mz050nq",
          active: true,
        },
      },
    ]);
  });

  test("takes a 404 to the search for an empty list", () => {
    const { report } = converse(provisionUser("wizard", user), [
      [404, { detail: "no" }],
      [201, { id: "u1" }],
    ]);
    expect(report.outcome).toBe("created");
  });

  test("quotes a userName within the filter", () => {
    const { sent } = converse(provisionUser("wizard", { ...user, userName: 'o"brien\\&x' }), [
      [200, listOf()],
      [201, { id: "u1" }],
    ]);
    const filter = new URL(`http://x${sent[0]?.path}`).searchParams.get("filter");
    expect(filter).toBe('userName eq "o\\"brien\\\\&x"');
  });

  test("links an account of that name: a wizard application by PUT of what GET returned, active", () => {
    const found = {
      id: "u7",
      userName: "TEST.user@okta.local",
      active: false,
      title: "old",
      groups: [{ value: "g1" }],
      meta: { resourceType: "User" },
      name: { formatted: "kept", givenName: "Old" },
    };
    const { sent, report } = converse(provisionUser("wizard", user), [
      [200, listOf(found)],
      [200, found],
      [200, found],
    ]);
    expect(report).toEqual({ outcome: "linked", scimId: "u7" });
    expect(sent.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual([
      "GET /Users/u7",
      "PUT /Users/u7",
    ]);
    expect(sent[2]?.body).toMatchObject({
      id: "u7",
      active: true,
      externalId: user.oktaId,
      userName: user.userName,
      groups: [{ value: "g1" }],
      meta: { resourceType: "User" },
      name: { formatted: "kept", givenName: "Test", familyName: "User" },
    });
    expect(sent[2]?.body).not.toHaveProperty("title");
    expect(sent[2]?.body).not.toHaveProperty("password");
  });

  test("an application of the Okta network reactivates by PATCH without a path", () => {
    const found = { id: "u7", userName: user.userName, active: false };
    const { sent } = converse(provisionUser("oin", user), [
      [200, listOf(found)],
      [200, found],
      [200, found],
      [204],
    ]);
    expect(sent[2]?.body).toMatchObject({ active: false });
    expect(sent[3]).toEqual({
      method: "PATCH",
      path: "/Users/u7",
      body: { schemas: [SCHEMA.patchOp], Operations: [{ op: "replace", value: { active: true } }] },
    });
  });

  test.each<[string, [number, unknown?, Record<string, string>?][], string]>([
    [
      "a conflict",
      [
        [200, listOf()],
        [409, { detail: "taken" }],
      ],
      "taken",
    ],
    [
      "an answer without an id",
      [
        [200, listOf()],
        [201, {}],
      ],
      "Create new user returned empty user.",
    ],
    ["a page that is not JSON", [[200, "<html>"]], "Invalid JSON: Unrecognized token"],
    ["no answer", [[0, "connection refused"]], "No answer from the SCIM server"],
    ["two users of one name", [[200, listOf({ id: "1" }, { id: "2" })]], "knows 2 users"],
  ])("reports %s", (_, answers, words) => {
    const { report } = converse(provisionUser("wizard", user), answers);
    expect(report).toMatchObject({ outcome: "failed" });
    expect(report.outcome === "failed" && report.message).toContain(words);
    expect(JSON.stringify(report)).not.toContain(user.password);
  });

  test("passes an integer Retry-After on, and no other", () => {
    const answered = (value: string) =>
      converse(provisionUser("wizard", user), [[429, {}, { "retry-after": value }]]).report;
    expect(answered("7")).toMatchObject({ status: 429, retryAfter: 7 });
    expect(answered("Wed, 21 Oct 2026 07:28:00 GMT")).not.toHaveProperty("retryAfter");
  });
});

describe("updating a user", () => {
  const current = {
    id: "u1",
    userName: "old@x",
    active: true,
    locale: "de-DE",
    emails: [{ primary: true, value: "old@x" }],
  };

  test("sends only attributes that are applied on update, and leaves the userName", () => {
    const outgoing = {
      ...user,
      attributes: user.attributes.map((a) => (a.externalName === "locale" ? { ...a, push: false } : a)),
    };
    const { sent } = converse(updateUser("u1", outgoing, false), [
      [200, current],
      [200, current],
    ]);
    expect(sent[1]?.body).toMatchObject({
      userName: "old@x",
      locale: "de-DE",
      emails: [{ primary: true, value: "test.user@okta.local", type: "work" }],
      name: { givenName: "Test" },
    });
    expect(sent[1]?.body).not.toHaveProperty("password");
  });

  test("sends userName and password where the application says so", () => {
    const { sent } = converse(updateUser("u1", { ...user, pushUserName: true }, true), [
      [200, current],
      [200, current],
    ]);
    expect(sent[1]?.body).toMatchObject({ userName: user.userName, password: user.password });
  });

  test("takes an e-mail away with its list element", () => {
    const attributes = [
      { externalName: "emails.^[primary==true].value", value: null, push: true },
      { externalName: "emails.^[primary==true].type", value: null, push: true },
    ];
    const { sent } = converse(updateUser("u1", { ...user, attributes }, false), [
      [200, current],
      [200, current],
    ]);
    expect(sent[1]?.body).toMatchObject({ emails: [] });
  });

  test("reports an account that is gone", () => {
    const { report } = converse(updateUser("u1", user, false), [[404, { detail: "gone" }]]);
    expect(report).toMatchObject({ outcome: "failed", status: 404 });
  });
});

describe("deactivating a user", () => {
  const current = { id: "u1", userName: "a@x", active: true, groups: [{ value: "g" }], meta: {} };

  test("a wizard application PUTs what GET returned, inactive", () => {
    const { sent, report } = converse(deactivateUser("wizard", "u1", "a@x"), [
      [200, current],
      [200, current],
    ]);
    expect(sent).toEqual([
      { method: "GET", path: "/Users/u1" },
      { method: "PUT", path: "/Users/u1", body: { ...current, active: false } },
    ]);
    expect(report).toEqual({ outcome: "deactivated", scimId: "u1" });
  });

  test("an application of the Okta network PATCHes, 204 being fine", () => {
    const { sent, report } = converse(deactivateUser("oin", "u1", "a@x"), [[200, current], [204]]);
    expect(sent[1]).toMatchObject({
      method: "PATCH",
      body: { Operations: [{ op: "replace", value: { active: false } }] },
    });
    expect(report.outcome).toBe("deactivated");
  });
});

describe("testing the connector", () => {
  test("reads one page of users", () => {
    const { sent, report } = converse(testConnector({ importGroups: false }), [[200, listOf()]]);
    expect(sent).toEqual([{ method: "GET", path: "/Users?startIndex=1&count=2" }]);
    expect(report).toEqual({ outcome: "verified" });
  });

  test("reads groups too when they are imported", () => {
    const { sent } = converse(testConnector({ importGroups: true }), [
      [200, listOf()],
      [200, listOf()],
    ]);
    expect(sent[1]?.path).toBe("/Groups?startIndex=1&count=100");
  });

  test.each([401, 404, 500, 0])("fails on %i", (status) => {
    const { report } = converse(testConnector({ importGroups: false }), [[status, { detail: "x" }]]);
    expect(report).toMatchObject({ outcome: "failed", status });
  });

  test("fails on a count that is a string", () => {
    const { report } = converse(testConnector({ importGroups: false }), [
      [200, { ...listOf(), totalResults: "0" }],
    ]);
    expect(report.outcome).toBe("failed");
  });
});
