import { expect, test } from "vitest";
import { assignUser } from "./support/directory.ts";
import { groupIn, provisioned, userIn } from "./support/provisioned.ts";
import { mappingOf, templateSchema, withMapping } from "./support/schema.ts";

test("a guest flows without the mark in the user principal name", () => {
  const { target, cycle } = provisioned();
  cycle((input) =>
    Object.assign(userIn(input, "ada"), {
      userType: "Guest",
      userPrincipalName: "ada_l_fabrikam.com#EXT#@contoso.com",
    }),
  );
  expect(target.user("ada_l@fabrikam.com")).toBeDefined();
});

test("a wrong mapping in the tenant shows: without IsSoftDeleted nobody is deactivated", () => {
  const schema = withMapping(templateSchema(), "active", '"True"');
  const { target, cycle } = provisioned({ schema });
  cycle();
  target.take();
  const report = cycle((input) => {
    groupIn(input, "governance-team").members = ["sid"];
  });
  expect(target.user("john@contoso.com")?.active).toBe(true);
  expect(report.entries[0]).toMatchObject({ action: "disable", status: "skipped" });
});

test("the odd Switch of the Data Mesh Manager page leaves a soft-deleted person active", () => {
  const schema = withMapping(
    templateSchema(),
    "active",
    'Switch([IsSoftDeleted], , "False", "True", "False")',
  );
  const { target, cycle } = provisioned({ schema });
  cycle();
  cycle((input) => Object.assign(userIn(input, "sid"), { deletedDateTime: input.now }));
  expect(target.user("sid@contoso.com")?.active).toBe(true);
});

test("a function that only the tenant evaluates is named in the notes and sends nothing", () => {
  const schema = withMapping(templateSchema(), "title", "PCase([jobTitle])");
  const { target, cycle } = provisioned({ schema });
  const report = cycle((input) => Object.assign(userIn(input, "ada"), { jobTitle: "x" }));
  expect(target.user("ada@contoso.com")?.title).toBeUndefined();
  expect(report.notes.join()).toMatch(/title uses PCase/);
});

test("on creation only, default values and constants", () => {
  const schema = templateSchema();
  withMapping(schema, "nickName", "[mailNickname]", { flowType: "ObjectAddOnly" });
  withMapping(schema, "title", "[jobTitle]", { defaultValue: "Staff" });
  withMapping(schema, "userType", '"Employee"');
  const { target, cycle } = provisioned({ schema });
  cycle();
  expect(target.user("ada@contoso.com")).toMatchObject({
    nickName: "ada",
    title: "Staff",
    userType: "Employee",
  });
  target.take();
  cycle((input) => Object.assign(userIn(input, "ada"), { mailNickname: "countess" }));
  expect(target.takeWrites()).toMatchObject([
    { body: { Operations: [{ op: "Replace", path: "externalId", value: "countess" }] } },
  ]);
});

test("a mapping's actions can be switched off", () => {
  const schema = templateSchema();
  mappingOf(schema, "User").flowTypes = "Update";
  mappingOf(schema, "Group").enabled = false;
  const { target, cycle } = provisioned({ schema });
  const report = cycle();
  expect(target.takeWrites()).toEqual([]);
  expect(report.entries[0]?.reason).toMatch(/Create is switched off/);
});

test("a scoping filter takes people out as unassignment does", () => {
  const schema = templateSchema();
  const { target, cycle } = provisioned({ schema });
  cycle();
  cycle((input) => {
    const clause = {
      operatorName: "NOT EQUALS",
      sourceOperandName: "mailNickname",
      targetOperand: { values: ["ada"] },
    };
    mappingOf(input.schema, "User").scope = { groups: [{ name: "not ada", clauses: [clause] }] };
  });
  expect(target.user("ada@contoso.com")?.active).toBe(false);
  expect(target.user("eve@contoso.com")?.active).toBe(true);
});

test("AppRoleAssignmentsComplex sends all roles: as objects on create, as JSON texts on update, never taking one away", () => {
  const schema = withMapping(templateSchema(), "roles", "AppRoleAssignmentsComplex([appRoleAssignments])");
  const { target, cycle } = provisioned({ schema });
  cycle((input) => input.assignments.push(assignUser("ada", "Reader")));
  expect(target.user("ada@contoso.com")?.roles).toEqual([
    { primary: false, type: "WindowsAzureActiveDirectoryRole", displayName: "Admin", value: "Admin" },
    { primary: false, type: "WindowsAzureActiveDirectoryRole", displayName: "Reader", value: "Reader" },
  ]);
  target.take();
  cycle((input) => input.assignments.push(assignUser("ada", "Editor")));
  const texts = ["Admin", "Editor", "Reader"].map((name) => ({
    value: JSON.stringify({ id: `role-${name}`, value: name, displayName: name }),
  }));
  expect(target.takeWrites()).toMatchObject([
    { body: { Operations: [{ op: "Add", path: "roles", value: texts }] } },
  ]);
});
