import { expect, test } from "vitest";
import {
  addMemberRequest,
  type Change,
  patchRequest,
  queryRequest,
  removeMemberRequest,
} from "../../../src/provisioning/entra/wire-forms.ts";
import { parseAttributePath } from "../../../src/scim/path.ts";

const change = (op: Change["op"], target: string, value: Change["value"]): Change => ({
  op,
  target,
  path: parseAttributePath(target),
  value,
  boolean: target === "active",
  readsRoles: target === "roles",
});

const EMPLOYEE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";
const many = [
  change("Replace", "displayName", "Bjfe"),
  change("Replace", 'emails[type eq "work"].value', "TestMhvaes@test.microsoft.com"),
  change("Replace", "name.givenName", "Kkom"),
  change("Replace", "name.familyName", "Unua"),
  change("Replace", EMPLOYEE, "Aklq"),
];

/** The samples of application-provisioning-config-problem-scim-compatibility.md, without the flag and with it. */
test.each([
  [
    "disable",
    [change("Replace", "active", "False")],
    [{ op: "Replace", path: "active", value: "False" }],
    [{ op: "replace", path: "active", value: false }],
  ],
  [
    "add one",
    [change("Add", "nickName", "Babs")],
    [{ op: "Add", path: "nickName", value: "Babs" }],
    [{ op: "add", path: "nickName", value: "Babs" }],
  ],
  [
    "replace several",
    many,
    many.map(({ op, target, value }) => ({ op, path: target, value })),
    [
      { op: "replace", path: 'emails[type eq "work"].value', value: "TestMhvaes@test.microsoft.com" },
      {
        op: "replace",
        value: {
          displayName: "Bjfe",
          "name.givenName": "Kkom",
          "name.familyName": "Unua",
          [EMPLOYEE]: "Aklq",
        },
      },
    ],
  ],
])("%s", (_, changes, plain, compliant) => {
  const operations = (flavor: "default" | "aadOptscim062020") =>
    (patchRequest("/Users", "u", changes, flavor).body as { Operations: unknown }).Operations;
  expect(operations("default")).toEqual(plain);
  expect(operations("aadOptscim062020")).toEqual(compliant);
});

test("removing a member", () => {
  expect(removeMemberRequest("g", "u1091", "members", "default").body).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [{ op: "Remove", path: "members", value: [{ value: "u1091" }] }],
  });
  expect(removeMemberRequest("g", "7f4b", "members", "aadOptscim062020").body).toMatchObject({
    Operations: [{ op: "remove", path: 'members[value eq "7f4b"]' }],
  });
});

test("adding a member", () => {
  expect(addMemberRequest("g", "f648", "members", "default").body).toMatchObject({
    Operations: [{ op: "Add", path: "members", value: [{ $ref: null, value: "f648" }] }],
  });
});

test("with the flag, a role list has the form of a create", () => {
  const role = '{"id":"1","value":"25","displayName":"Role1234"}';
  const { body } = patchRequest("/Users", "u", [change("Add", "roles", [role])], "aadOptscim062020");
  expect(body).toMatchObject({
    Operations: [
      { op: "add", path: "roles", value: [{ displayName: "Role1234", value: "25", primary: false }] },
    ],
  });
});

test("ids and filters are percent-encoded", () => {
  expect(queryRequest("/Users", "userName", "a&b@x").path).toBe(
    "/Users?filter=userName%20eq%20%22a%26b%40x%22",
  );
  expect(patchRequest("/Users", "dXJu=/?", [], "default").path).toBe("/Users/dXJu%3D%2F%3F");
});
