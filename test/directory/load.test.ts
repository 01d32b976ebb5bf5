import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadDirectory } from "../../src/directory/load.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();
const load = (text: string) => loadDirectory(folder.write("people.yaml", text));
const said = (text: string) =>
  load(text).diagnostics.map((d) => `${d.line}:${d.column} ${d.code}: ${d.help ?? ""}`);

describe("the sandbox's people", () => {
  const { directories, diagnostics } = loadDirectory("config/directory.sandbox.yaml");
  const users = directories?.entra.users ?? [];
  const groupsOf = (upn: string) => {
    const id = users.find((user) => user.userPrincipalName === upn)?.id ?? "nobody";
    return directories?.entra.groups
      .filter((group) => group.members.includes(id))
      .map((group) => group.displayName);
  };

  it("are read without complaint", () => expect(diagnostics).toEqual([]));

  it("can play the guide's story: john is in governance-team only", () => {
    expect(groupsOf("john@sandbox.example")).toEqual(["governance-team"]);
    expect(groupsOf("sid@sandbox.example")).toContain("governance-team");
  });

  it("have somebody disabled, somebody without mail, and a group inside a group", () => {
    expect(users.some((user) => !user.accountEnabled)).toBe(true);
    expect(users.some((user) => user.mail === null)).toBe(true);
    const groups = directories?.entra.groups ?? [];
    expect(groups.some((group) => groups.some((inner) => group.members.includes(inner.id)))).toBe(true);
  });
});

describe("a directory file", () => {
  it("fills in what a person would not write", () => {
    const { directories } = load(
      "entra: { users: [{ userPrincipalName: ada@acme.com, givenName: Ada, surname: King }] }\nokta: { users: [{ login: ada@acme.com }] }\n",
    );
    expect(directories?.entra.users[0]).toMatchObject({
      displayName: "Ada King",
      mail: "ada@acme.com",
      mailNickname: "ada",
      accountEnabled: true,
      userType: "Member",
      deletedDateTime: null,
      jobTitle: null,
    });
    expect(directories?.okta.users[0]).toMatchObject({
      status: "ACTIVE",
      profile: { email: "ada@acme.com", firstName: null },
    });
  });

  it("gives the same ids whenever it is read, in the form of each provider", () => {
    const text =
      "entra: { users: [{ userPrincipalName: ada@acme.com }] }\nokta: { users: [{ login: ada@acme.com }], groups: [{ name: g, members: [ada@acme.com] }] }\n";
    const { directories } = load(text);
    expect(load(text).directories).toEqual(directories);
    expect(directories?.entra.users[0]?.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(directories?.okta.users[0]?.id).toMatch(/^00u[0-9A-Za-z]{17}$/);
    expect(directories?.okta.groups[0]?.members).toEqual([directories?.okta.users[0]?.id]);
  });

  it.each([
    [
      "an unknown attribute",
      "entra: { users: [{ userPrincipalName: a@b.c, jobtitel: x }] }\n",
      ['1:46 unknown-key: did you mean "jobTitle"?'],
    ],
    [
      "a member who is not there",
      "okta: { users: [{ login: ada@acme.com }], groups: [{ name: g, members: [adda@acme.com] }] }\n",
      ['1:73 unknown-name: did you mean "ada@acme.com"?'],
    ],
    [
      "a manager who is not there",
      "entra: { users: [{ userPrincipalName: a@b.c, manager: zoe@acme.com }] }\n",
      ["1:55 unknown-name: "],
    ],
    [
      "a name twice",
      "entra: { groups: [{ displayName: g }, { displayName: G }] }\n",
      ["1:54 duplicate-name: remove one of them"],
    ],
    ["no address", "entra: { users: [{ userPrincipalName: ada }] }\n", ["1:39 bad-value: "]],
    [
      "an unknown status",
      "okta: { users: [{ login: a, status: ACTIV }] }\n",
      ['1:37 unknown-value: did you mean "ACTIVE"?'],
    ],
  ])("%s is an error at its place", (_, text, expected) => {
    expect(said(text)).toEqual(expected);
    expect(load(text).directories).toBeUndefined();
  });

  it("that is not there is an error", () => {
    expect(loadDirectory(folder.path("none.yaml")).diagnostics.map((d) => d.code)).toEqual(["file-missing"]);
  });
});

it("the example of docs/reference/directory-file.md is right", () => {
  const page = readFileSync("docs/reference/directory-file.md", "utf8");
  const { directories, diagnostics } = load(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
  expect(diagnostics).toEqual([]);
  expect(directories?.entra.groups[0]?.members).toEqual([
    directories?.entra.users[0]?.id,
    directories?.entra.groups[1]?.id,
  ]);
});
