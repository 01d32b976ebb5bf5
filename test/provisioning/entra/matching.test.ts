import { expect, test } from "vitest";
import { assignUser } from "./support/directory.ts";
import { provisioned, userIn } from "./support/provisioned.ts";
import { templateSchema, withMapping } from "./support/schema.ts";

test("an existing account is matched and only its differences are sent: Add for what it lacks, Replace for what differs", () => {
  const { target, cycle } = provisioned();
  target.users.set("old", {
    id: "old",
    userName: "ADA@contoso.com",
    displayName: "Somebody",
    active: true,
    externalId: "ada",
    emails: [],
  });
  cycle();
  const [patch] = target.takeWrites().filter(({ path }) => path === "/Users/old");
  expect(patch?.body).toMatchObject({
    Operations: [
      { op: "Replace", path: "displayName", value: "Ada" },
      { op: "Add", path: 'emails[type eq "work"].value', value: "ada@contoso.com" },
      { op: "Add", path: 'roles[primary eq "True"].value', value: "Admin" },
    ],
  });
});

test("several matching attributes are asked one after the other, in their order", () => {
  const schema = withMapping(templateSchema(), "externalId", "[objectId]", { matchingPriority: 2 });
  const { target, cycle } = provisioned({ schema });
  target.users.set("old", { id: "old", userName: "other", externalId: "ada" });
  cycle((input) => {
    input.assignments = [assignUser("ada", "Admin")];
  });
  expect(target.take().slice(0, 3)).toEqual([
    'GET /Users?filter=userName eq "ada@contoso.com"',
    'GET /Users?filter=externalId eq "ada"',
    "PATCH /Users/old",
  ]);
});

test("a person without a value for the matching attribute is skipped with the reason", () => {
  const schema = withMapping(templateSchema(), "userName", "[mail]", { matchingPriority: 1 });
  const { target, cycle } = provisioned({ schema });
  const report = cycle((input) => Object.assign(userIn(input, "ada"), { mail: null }));
  expect(report.entries.find(({ errorCode }) => errorCode === "ImportSkipped")).toMatchObject({
    sourceIdentity: { id: "ada" },
    reason: expect.stringMatching(/no value for the matching attribute \(userName\)/),
  });
  expect(target.users.size).toBe(3);
});

test("two people who match one account: the second fails by name", () => {
  const schema = withMapping(templateSchema(), "userName", "[mail]", { matchingPriority: 1 });
  const { cycle } = provisioned({ schema });
  const report = cycle((input) => Object.assign(userIn(input, "ada"), { mail: "eve@contoso.com" }));
  expect(report.entries.find(({ status }) => status === "failure")).toMatchObject({
    sourceIdentity: { id: "ada" },
    errorCode: "DuplicateSourceEntries",
  });
});

test("an account that is gone from the target is matched anew, and created when nothing matches", () => {
  const { target, cycle } = provisioned();
  cycle();
  target.users.delete("u4");
  target.take();
  cycle((input) => Object.assign(userIn(input, "ada"), { jobTitle: "Countess" }));
  expect(target.take()).toEqual([
    "GET /Users/u4",
    'GET /Users?filter=userName eq "ada@contoso.com"',
    "POST /Users",
  ]);
  expect(target.user("ada@contoso.com")?.title).toBe("Countess");
});
