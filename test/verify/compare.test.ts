import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExpectedArrivals } from "../../src/desired/model.ts";
import type { Arrived } from "../../src/verify/arrived.ts";
import { compare } from "../../src/verify/compare.ts";

const expected: ExpectedArrivals = {
  users: [
    { userName: "john@acme.com", displayName: "John", active: true, via: ["group:governance-team"] },
    { userName: "left@acme.com", displayName: "Left", active: false, via: [] },
  ],
  groups: ["governance-team"],
  memberships: [{ group: "governance-team", userName: "john@acme.com" }],
  roles: [{ userName: "john@acme.com", role: "Reader" }],
};

const arrived = (change: Partial<Arrived> = {}): Arrived => ({
  users: [
    { userName: "John@acme.com", displayName: "John", active: true },
    { userName: "left@acme.com", displayName: "Left", active: false },
  ],
  groups: ["governance-team"],
  memberships: [{ group: "governance-team", userName: "John@acme.com" }],
  roles: [{ userName: "John@acme.com", role: "Reader" }],
  ...change,
});

const messages = (change: Partial<Arrived>) =>
  compare(expected, arrived(change)).mismatches.map((m) => m.message);

describe("compare", () => {
  it("finds nothing when all of it arrived, whatever the case of a userName", () => {
    expect(compare(expected, arrived()).mismatches).toEqual([]);
  });

  it("says who did not arrive and why they should have", () => {
    expect(messages({ users: [], memberships: [], roles: [] })).toEqual([
      "john@acme.com did not arrive (in by group:governance-team)",
      "john@acme.com is not a member of governance-team and should be",
      "john@acme.com does not have the role Reader",
    ]);
  });

  it("says who is in without being let in", () => {
    const users = [...arrived().users, { userName: "mallory@acme.com", displayName: "M", active: true }];
    expect(messages({ users })).toEqual(["mallory@acme.com is active and nothing in the spec lets them in"]);
  });

  it("says who kept access that was taken", () => {
    const users = [
      arrived().users[0] as never,
      { userName: "left@acme.com", displayName: "Left", active: true },
    ];
    expect(messages({ users })).toEqual(["left@acme.com should have lost access and is still active"]);
  });

  it("sees a wrong role as one missing and one unexpected", () => {
    expect(messages({ roles: [{ userName: "john@acme.com", role: "Admin" }] })).toEqual([
      "john@acme.com does not have the role Reader",
      "john@acme.com has the role Admin, which the spec does not give",
    ]);
  });

  it("leaves what a deactivated person once was alone", () => {
    expect(messages({ roles: [...arrived().roles, { userName: "left@acme.com", role: "Admin" }] })).toEqual(
      [],
    );
  });

  it("sees a stranger in a group", () => {
    const memberships = [...arrived().memberships, { group: "governance-team", userName: "left@acme.com" }];
    expect(messages({ memberships })).toEqual([
      "left@acme.com is a member of governance-team and should not be",
    ]);
  });

  it("is clean exactly when the sets are equal", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const names = fc.uniqueArray(name);
    fc.assert(
      fc.property(names, names, (wanted, there) => {
        const result = compare(
          {
            users: wanted.map((userName) => ({ userName, displayName: userName, active: true, via: [] })),
            groups: wanted,
            memberships: [],
            roles: wanted.map((userName) => ({ userName, role: "Reader" })),
          },
          {
            users: there.map((userName) => ({ userName, displayName: userName, active: true })),
            groups: there,
            memberships: [],
            roles: there.map((userName) => ({ userName, role: "Reader" })),
          },
        );
        const differing = new Set(wanted).symmetricDifference(new Set(there)).size;
        expect(result.mismatches).toHaveLength(3 * differing);
      }),
    );
  });
});
