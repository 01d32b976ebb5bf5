import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deleteGroup, pushableMembers, pushGroup, updateGroup } from "../../src/provisioning/okta/index.ts";
import { SCHEMA } from "../../src/scim/wire.ts";
import { converse, listOf } from "./converse.ts";

const john = { value: "u1", display: "john@x" };
const sid = { value: "u2", display: "sid@x" };
const group = { displayName: "governance-team", members: [john, sid] };

describe("pushing a group from a wizard application", () => {
  test("creates it empty, then puts name and members over what GET returned", () => {
    const stored = { id: "g1", displayName: "governance-team", members: [], meta: { version: "1" } };
    const { sent, report } = converse(pushGroup("wizard", group), [
      [200, listOf()],
      [201, stored],
      [200, stored],
      [200, stored],
    ]);
    expect(report).toEqual({ outcome: "created", scimId: "g1" });
    expect(sent).toEqual([
      {
        method: "GET",
        path: "/Groups?filter=displayName%20eq%20%22governance-team%22&startIndex=1&count=100",
      },
      {
        method: "POST",
        path: "/Groups",
        body: { schemas: [SCHEMA.group], displayName: "governance-team", members: [] },
      },
      { method: "GET", path: "/Groups/g1" },
      { method: "PUT", path: "/Groups/g1", body: { ...stored, members: [john, sid] } },
    ]);
  });

  test("links a group of that name and makes its members those of Okta", () => {
    const stored = { id: "g9", displayName: "governance-team", members: [{ value: "stranger" }] };
    const { sent, report } = converse(pushGroup("wizard", group), [
      [200, listOf(stored)],
      [200, stored],
      [200, stored],
    ]);
    expect(report).toEqual({ outcome: "linked", scimId: "g9" });
    expect(sent[2]?.body).toMatchObject({ members: [john, sid] });
  });

  test("renames by PUT", () => {
    const { sent } = converse(updateGroup("wizard", "g1", { ...group, displayName: "new" }, [john]), [
      [200, { id: "g1", displayName: "old" }],
      [204],
    ]);
    expect(sent[1]).toMatchObject({ method: "PUT", body: { displayName: "new", members: [john, sid] } });
  });

  test("reports a refused write", () => {
    const { report } = converse(pushGroup("wizard", group), [
      [200, listOf()],
      [403, { detail: "read-only" }],
    ]);
    expect(report).toMatchObject({ outcome: "failed", status: 403 });
  });
});

describe("pushing a group from an application of the Okta network", () => {
  test("replaces all members at first, with the name", () => {
    const { sent } = converse(pushGroup("oin", group), [[200, listOf()], [201, { id: "g1" }], [204]]);
    expect(sent[2]).toEqual({
      method: "PATCH",
      path: "/Groups/g1",
      body: {
        schemas: [SCHEMA.patchOp],
        Operations: [
          { op: "replace", value: { id: "g1", displayName: "governance-team" } },
          { op: "replace", path: "members", value: [john, sid] },
        ],
      },
    });
  });

  test("then sends removals and additions", () => {
    const { sent } = converse(updateGroup("oin", "g1", { ...group, members: [sid] }, [john]), [[200, {}]]);
    expect(sent[0]?.body).toMatchObject({
      Operations: [
        { op: "replace", value: { id: "g1", displayName: "governance-team" } },
        { op: "remove", path: 'members[value eq "u1"]' },
        { op: "add", path: "members", value: [sid] },
      ],
    });
  });
});

test("unlinking with deletion deletes the group; one that is gone already is fine", () => {
  expect(converse(deleteGroup("g1", "x"), [[204]]).sent).toEqual([{ method: "DELETE", path: "/Groups/g1" }]);
  expect(converse(deleteGroup("g1", "x"), [[404]]).report).toEqual({ outcome: "deleted" });
  expect(converse(deleteGroup("g1", "x"), [[500]]).report).toMatchObject({ outcome: "failed" });
});

test("only members with an account are pushed, in the group's order", () => {
  const people = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"));
  fc.assert(
    fc.property(
      people,
      people,
      fc.func(fc.option(fc.string({ minLength: 1 }))),
      (members, assigned, scimIdOf) => {
        const accounts = new Map(assigned.map((id) => [id, { scimId: scimIdOf(id), userName: id }]));
        const pushed = pushableMembers(members, accounts);
        expect(pushed.map((member) => member.display)).toEqual(
          members.filter((id) => (accounts.get(id)?.scimId ?? null) !== null),
        );
      },
    ),
  );
});
