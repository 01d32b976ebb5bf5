import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedArrivals } from "../../src/desired/expected-arrivals.ts";
import { groupMember } from "../../src/desired/group-member.ts";
import type {
  DesiredEntraApplication,
  DesiredOktaApplication,
  EntraAssignment,
  OktaAssignment,
  OktaPush,
} from "../../src/desired/model.ts";
import { toEntraGroup, toEntraUser, toOktaGroup, toOktaUser } from "../../src/directory/entries.ts";
import { directorySchema } from "../../src/directory/file-schema.ts";
import type { Directories } from "../../src/directory/load.ts";
import { findProduct } from "../../src/products/registry.ts";

const at = { file: "a.yaml", line: 1, column: 1 };
const base = {
  scimUrl: "https://x.example/scim",
  token: { secret: "s" },
  exclusive: true,
  maxRemovals: 10,
  protect: false,
  scimGroupMappings: [],
  at,
};

function entraApplication(
  assignments: Omit<EntraAssignment, "at">[],
  more: Partial<DesiredEntraApplication> & { product?: string } = {},
): DesiredEntraApplication {
  const product = findProduct(more.product ?? "datahub");
  if (!product) throw new Error("no such product");
  return {
    ...base,
    name: "a",
    product: product.key,
    idp: "entra",
    displayName: "A",
    tenantUrl: base.scimUrl,
    scope: "assigned",
    roles: [],
    assignments: assignments.map((assignment) => ({ ...assignment, at })),
    mappings: product.entra.mappings,
    provisioning: { status: "running", onDelete: "leave" },
    ...more,
  };
}

function oktaApplication(
  assignments: Omit<OktaAssignment, "at">[],
  pushGroups: OktaPush[] = [],
): DesiredOktaApplication {
  return {
    ...base,
    name: "a",
    product: "datahub",
    idp: "okta",
    label: "A",
    carrier: { kind: "swa" },
    scim: "enabled",
    assignments: assignments.map((assignment) => ({ ...assignment, at })),
    pushGroups,
    profileMappings: {},
    userNameTemplate: `\${source.login}`,
  };
}

function people(file: unknown): Directories {
  const { entra, okta } = directorySchema.parse(file);
  return {
    entra: {
      users: entra.users.map(toEntraUser),
      groups: entra.groups.map((group) => toEntraGroup(group, (name) => name.includes("@"))),
    },
    okta: { users: okta.users.map(toOktaUser), groups: okta.groups.map(toOktaGroup) },
  };
}

const entraPeople = people({
  entra: {
    users: [
      { userPrincipalName: "john@x", displayName: "John" },
      { userPrincipalName: "sid@x", displayName: "Sid" },
      { userPrincipalName: "ada@x", displayName: "Ada" },
      { userPrincipalName: "dan@x", displayName: "Dan", accountEnabled: false },
      { userPrincipalName: "del@x", displayName: "Del", deleted: true },
      { userPrincipalName: "eve@x", displayName: "Eve", mail: null },
      { userPrincipalName: "noor@x", displayName: "Noor" },
    ],
    groups: [
      { displayName: "governance-team", members: ["john@x", "sid@x", "dan@x", "del@x"] },
      { displayName: "data-platform", members: ["sid@x", "eve@x", "analysts"] },
      { displayName: "analysts", members: ["noor@x"] },
    ],
  },
});

const reader = { kind: "group" as const, name: "governance-team", role: "Reader" };

describe("from Entra", () => {
  it("direct members of assigned groups and assigned users get in, with the group and the role", () => {
    const arrivals = expectedArrivals(
      entraApplication([reader, { kind: "user", name: "ada@x", role: "Admin" }]),
      entraPeople,
    );
    expect(arrivals).toEqual({
      users: [
        { userName: "john@x", displayName: "John", active: true, via: ["group governance-team as Reader"] },
        { userName: "sid@x", displayName: "Sid", active: true, via: ["group governance-team as Reader"] },
        { userName: "ada@x", displayName: "Ada", active: true, via: ["user ada@x as Admin"] },
      ],
      groups: ["governance-team"],
      memberships: [
        { group: "governance-team", userName: "john@x" },
        { group: "governance-team", userName: "sid@x" },
      ],
      roles: [
        { userName: "john@x", role: "Reader" },
        { userName: "sid@x", role: "Reader" },
        { userName: "ada@x", role: "Admin" },
      ],
      conflicts: [],
    });
  });

  it("a group inside an assigned group contributes nobody", () => {
    const { users } = expectedArrivals(
      entraApplication([{ kind: "group", name: "data-platform", role: "Editor" }]),
      entraPeople,
    );
    expect(users.map((user) => user.userName)).toEqual(["sid@x", "eve@x"]);
  });

  it("disabled, deleted and unassigned people are expected inactive only if they were in before", () => {
    const { users, roles, memberships } = expectedArrivals(
      entraApplication([reader]),
      entraPeople,
      new Set(["dan@x", "DEL@x", "ada@x", "john@x", "gone@x"]),
    );
    expect(users.map(({ userName, active, via }) => [userName, active, via.length])).toEqual([
      ["john@x", true, 1],
      ["sid@x", true, 1],
      ["ada@x", false, 0],
      ["dan@x", false, 0],
      ["del@x", false, 0],
    ]);
    expect(roles.map((role) => role.userName)).toEqual(["john@x", "sid@x"]);
    // The directory still has them in the group, and Entra does not take them out.
    expect(memberships.map((membership) => membership.userName)).toEqual([
      "john@x",
      "sid@x",
      "dan@x",
      "del@x",
    ]);
  });

  it("one person with two roles is a conflict, and no role is expected", () => {
    const { conflicts, roles } = expectedArrivals(
      entraApplication([reader, { kind: "group", name: "data-platform", role: "Editor" }]),
      entraPeople,
    );
    expect(conflicts).toEqual([
      {
        kind: "two-roles",
        who: "sid@x",
        message:
          "sid@x gets more than one role: group governance-team as Reader and group data-platform as Editor",
        place: { list: "assignments", index: 1 },
      },
    ]);
    expect(roles.map((role) => role.userName)).toEqual(["john@x", "eve@x"]);
  });

  it("the same role twice is one role", () => {
    const { conflicts, roles } = expectedArrivals(
      entraApplication([reader, { kind: "user", name: "john@x", role: "Reader" }]),
      entraPeople,
    );
    expect(conflicts).toEqual([]);
    expect(roles.filter((role) => role.userName === "john@x")).toEqual([
      { userName: "john@x", role: "Reader" },
    ]);
  });

  it("roles do not travel where nothing maps them", () => {
    const application = entraApplication([{ kind: "group", name: "governance-team" }], {
      product: "collate",
    });
    expect(expectedArrivals(application, entraPeople).roles).toEqual([]);
  });

  it("scope all is everybody who works, and every group", () => {
    const { users, groups } = expectedArrivals(
      entraApplication([], { product: "data-mesh-manager", scope: "all" }),
      entraPeople,
    );
    expect(users.map((user) => user.userName)).toEqual(["john@x", "sid@x", "ada@x", "eve@x", "noor@x"]);
    expect(groups).toEqual(["governance-team", "data-platform", "analysts"]);
  });

  it("userName is what the mapping says; whoever has none does not arrive", () => {
    const mappings = structuredClone(findProduct("data-mesh-manager")?.entra.mappings);
    if (!mappings) throw new Error("no mappings");
    mappings.user.userName = { expression: "[mail]", matchingPriority: 1, apply: "always" };
    const { users, conflicts } = expectedArrivals(
      entraApplication([{ kind: "group", name: "data-platform" }], {
        product: "data-mesh-manager",
        mappings,
      }),
      entraPeople,
    );
    expect(users.map((user) => user.userName)).toEqual(["sid@x"]);
    expect(conflicts.map(({ kind, who }) => [kind, who])).toEqual([["no-user-name", "eve@x"]]);
  });

  it("guests arrive under the address of their own, or as they stand where the mapping asks for that", () => {
    const [person] = entraPeople.entra.users;
    if (!person) throw new Error("nobody");
    const guest = { ...person, userPrincipalName: "lee_of_ours_partner.example#EXT#@acme.example" };
    const people = { ...entraPeople, entra: { users: [guest], groups: [] } };
    const userNames = (expression?: string) => {
      const mappings = structuredClone(findProduct("collate")?.entra.mappings);
      if (!mappings) throw new Error("no mappings");
      if (expression) mappings.user.userName = { expression, matchingPriority: 1, apply: "always" };
      return expectedArrivals(
        entraApplication([], { product: "collate", mappings, scope: "all" }),
        people,
      ).users.map(({ userName }) => userName);
    };
    expect(userNames()).toEqual(["lee_of_ours@partner.example"]);
    expect(userNames("[originalUserPrincipalName]")).toEqual([guest.userPrincipalName]);
  });

  it("names are found whatever their letter case; a pinned id counts alone", () => {
    expect(
      expectedArrivals(entraApplication([{ ...reader, name: "Governance-Team" }]), entraPeople).users,
    ).toHaveLength(2);
    const missing = expectedArrivals(
      entraApplication([{ ...reader, id: "00000000-0000-4000-8000-000000000000" }]),
      entraPeople,
    );
    expect(missing.users).toEqual([]);
    expect(missing.conflicts.map((conflict) => conflict.kind)).toEqual(["missing-principal"]);
    const id = entraPeople.entra.groups[1]?.id ?? "";
    expect(expectedArrivals(entraApplication([{ ...reader, id }]), entraPeople).groups).toEqual([
      "data-platform",
    ]);
  });

  it("two groups of one name are a conflict", () => {
    const [first] = entraPeople.entra.groups;
    if (!first) throw new Error("no group");
    const twice = {
      ...entraPeople,
      entra: { ...entraPeople.entra, groups: [first, { ...first, id: "other" }] },
    };
    const { users, conflicts } = expectedArrivals(entraApplication([reader]), twice);
    expect(users).toEqual([]);
    expect(conflicts.map((conflict) => conflict.kind)).toEqual(["ambiguous-principal"]);
  });

  it("memberships and roles are of people and groups that are expected, for any directory", () => {
    const name = fc.constantFrom("a@x", "b@x", "c@x", "d@x");
    const group = fc.constantFrom("g1", "g2", "g3");
    const directory = fc.record({
      users: fc.uniqueArray(
        fc.record({ userPrincipalName: name, accountEnabled: fc.boolean(), deleted: fc.boolean() }),
        {
          selector: (user) => user.userPrincipalName,
        },
      ),
      groups: fc.uniqueArray(
        fc.record({ displayName: group, members: fc.uniqueArray(fc.oneof(name, group)) }),
        {
          selector: (one) => one.displayName,
        },
      ),
    });
    const assignment = fc.oneof(
      fc.record({
        kind: fc.constant("group" as const),
        name: group,
        role: fc.constantFrom("Reader", "Admin"),
      }),
      fc.record({ kind: fc.constant("user" as const), name, role: fc.constantFrom("Reader", "Admin") }),
    );
    fc.assert(
      fc.property(
        directory,
        fc.array(assignment, { maxLength: 4 }),
        fc.array(name),
        (entra, assignments, before) => {
          const result = expectedArrivals(entraApplication(assignments), people({ entra }), new Set(before));
          const active = new Set(result.users.filter((user) => user.active).map((user) => user.userName));
          const known = new Set(result.users.map((user) => user.userName));
          for (const user of result.users)
            expect(user.active || before.some((one) => one === user.userName)).toBe(true);
          for (const user of result.users) expect(user.active).toBe(user.via.length > 0);
          for (const membership of result.memberships) {
            expect([...known, ...result.groups.map(groupMember)]).toContain(membership.userName);
            expect(result.groups).toContain(membership.group);
          }
          for (const { userName } of result.roles) expect(active).toContain(userName);
          expect(new Set(result.roles.map((role) => role.userName)).size).toBe(result.roles.length);
        },
      ),
    );
  });
});

const oktaPeople = people({
  okta: {
    users: [
      { login: "john@x", firstName: "John", lastName: "Miller" },
      { login: "sid@x", displayName: "Sid O." },
      { login: "kim@x", status: "STAGED" },
      { login: "sue@x", status: "SUSPENDED" },
      { login: "ex@x", status: "DEPROVISIONED" },
    ],
    groups: [
      { name: "datahub-users", members: ["john@x", "kim@x", "sue@x", "ex@x"] },
      { name: "governance-team", members: ["john@x", "sid@x"] },
      { name: "OM_stewards", members: ["sid@x", "kim@x"] },
      { name: "OM_copy", type: "APP_GROUP", members: ["sid@x"] },
    ],
  },
});
const users = { kind: "group" as const, name: "datahub-users" };

describe("from Okta", () => {
  it("assigned people arrive when they are ACTIVE; groups only when pushed; roles never", () => {
    const {
      users: arrived,
      groups,
      roles,
      conflicts,
    } = expectedArrivals(oktaApplication([users]), oktaPeople);
    expect(arrived).toEqual([
      { userName: "john@x", displayName: "John Miller", active: true, via: ["group datahub-users"] },
    ]);
    expect(groups).toEqual([]);
    expect(roles).toEqual([]);
    expect(conflicts.map(({ kind, who }) => [kind, who])).toEqual([
      ["not-active", "kim@x"],
      ["not-active", "sue@x"],
      ["not-active", "ex@x"],
    ]);
  });

  it("a pushed group carries only members who are assigned", () => {
    const push: OktaPush = { by: "name", name: "governance-team", deleteTargetGroup: false, at };
    const { groups, memberships } = expectedArrivals(oktaApplication([users], [push]), oktaPeople);
    expect(groups).toEqual(["governance-team"]);
    expect(memberships).toEqual([{ group: "governance-team", userName: "john@x" }]);
  });

  it("a prefix stands for Okta's own groups, in their letter case", () => {
    const push = (startsWith: string): OktaPush => ({
      by: "prefix",
      startsWith,
      deleteTargetGroup: false,
      at,
    });
    expect(expectedArrivals(oktaApplication([users], [push("OM_")]), oktaPeople).groups).toEqual([
      "OM_stewards",
    ]);
    expect(expectedArrivals(oktaApplication([users], [push("om_")]), oktaPeople).groups).toEqual([]);
    const twice = [push("OM_"), { by: "name" as const, name: "OM_stewards", deleteTargetGroup: false, at }];
    expect(expectedArrivals(oktaApplication([users], twice), oktaPeople).groups).toEqual(["OM_stewards"]);
  });

  it("two people of one userName are a conflict, and one of them is expected", () => {
    const twins = structuredClone(oktaPeople);
    for (const user of twins.okta.users) user.profile.email = "same@x";
    const team = { kind: "group" as const, name: "governance-team" };
    const { users: arrived, conflicts } = expectedArrivals(
      { ...oktaApplication([team]), userNameTemplate: `\${source.email}` },
      twins,
    );
    expect(arrived.map(({ userName }) => userName)).toEqual(["same@x"]);
    expect(conflicts.map(({ kind }) => kind)).toEqual(["same-user-name"]);
  });

  it("who leaves is inactive, who is suspended stays, who is deleted in Okta stays inactive", () => {
    const { users: arrived } = expectedArrivals(
      oktaApplication([users]),
      oktaPeople,
      new Set(["sid@x", "sue@x", "ex@x", "gone@x"]),
    );
    expect(arrived.map(({ userName, active }) => [userName, active])).toEqual([
      ["john@x", true],
      ["sid@x", false],
      ["sue@x", true],
      ["ex@x", false],
      ["gone@x", false],
    ]);
  });
});
