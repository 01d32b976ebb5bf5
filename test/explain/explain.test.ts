import { describe, expect, it } from "vitest";
import { checkAgainstDirectory } from "../../src/desired/against-directory.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { loadDirectory } from "../../src/directory/load.ts";
import type { OktaGroup } from "../../src/directory/okta.ts";
import { explain } from "../../src/explain/explain.ts";
import { joinKeys } from "../../src/explain/join-keys.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { rollcall } from "../inspect/world.ts";

const { spec } = loadSpec("config/sandbox.yaml");
const { directories } = loadDirectory("config/directory.sandbox.yaml");
if (!spec || !directories) throw new Error("the sandbox's own spec or directory is wrong");
const desired = toDesiredState(spec);
const people = directories;
const now = new Date("2026-06-01T00:00:00Z");

function application(name: string) {
  const found = desired.applications.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

const user = (name: string, who: string) =>
  explain(application(name), people, { kind: "user", name: who }, now);
const group = (name: string, which: string) =>
  explain(application(name), people, { kind: "group", name: which }, now);
const sentFor = (explanation: ReturnType<typeof user>, target: string) =>
  explanation.attributes.find((attribute) => attribute.target === target)?.value;

describe("explain, from Entra", () => {
  it("says by which assignment and with which role somebody is in", () => {
    const john = user("datahub", "john@sandbox.example");
    expect(john.access).toEqual({
      arrives: true,
      via: ["group governance-team as Reader"],
      why: ["In by group governance-team as Reader."],
      role: "Reader",
    });
    expect(sentFor(john, 'roles[primary eq "True"].value')).toBe("Reader");
    expect(john.outcome).toContain("Has the role Reader.");
  });

  it.each([
    ["datahub", "dan@sandbox.example", /accountEnabled is false/],
    ["datahub", "carol@sandbox.example", /No assignment/],
    ["datahub", "noor@sandbox.example", /analysts, which stands inside the assigned data-platform/],
  ])("says why %s does not get %s", (name, who, why) => {
    const { access, attributes, requests } = user(name, who);
    expect(access.arrives).toBe(false);
    expect(access.why.join("\n")).toMatch(why);
    expect([...attributes, ...requests]).toEqual([]);
  });

  it("leaves out what has no value, and names what flows from where", () => {
    const eve = user("datahub", "eve@sandbox.example");
    const email = eve.attributes.find(({ target }) => target === 'emails[type eq "work"].value');
    expect(email).toEqual({
      target: 'emails[type eq "work"].value',
      expression: "[mail]",
      source: { mail: null },
      value: null,
      note: "empty, and so left out",
    });
    expect(JSON.stringify(eve.requests)).not.toContain("emails");
  });

  it("names the person without a userName", () => {
    const eve = explain(
      { ...application("catalog"), assignments: [assignment("data-platform")] } as never,
      people,
      { kind: "user", name: "eve@sandbox.example" },
      now,
    );
    expect(eve.conflicts.join()).toMatch(/no value for userName/);
    expect(eve.requests).toEqual([]);
    expect(eve.access.arrives).toBe(false);
    expect(eve.outcome.join()).toMatch(/stays, and is kept up to date/);
  });

  it.each([
    ["datahub", "carol@sandbox.example", /is deactivated \(DataHub shows SUSPENDED\)/],
    ["collate", "john@sandbox.example", /is deactivated, and not deleted/],
  ])("says what happens in %s to %s, who is out", (name, who, outcome) => {
    expect(user(name, who).outcome.join()).toMatch(outcome);
  });

  it("says that a paused job sends nothing", () => {
    const datahub = application("datahub");
    if (datahub.idp !== "entra") throw new Error("datahub is one of Entra");
    const paused = { ...datahub, provisioning: { ...datahub.provisioning, status: "paused" as const } };
    const why = (kind: "user" | "group", name: string) =>
      explain(paused, people, { kind, name }, now).access.why.join();
    expect(why("user", "john@sandbox.example")).toMatch(/job is paused/);
    expect(why("group", "governance-team")).toMatch(/job is paused/);
    expect(user("datahub", "john@sandbox.example").access.why.join()).not.toMatch(/paused/);
  });

  it("names both people of one userName or e-mail address, whatever its letter case", () => {
    const { users, groups } = people.entra;
    const twins = users.map((one) =>
      one.userPrincipalName.startsWith("mei@") ? { ...one, mail: "Bo@sandbox.example" } : one,
    );
    const conflictsOf = (name: string, who: string) =>
      explain(
        application(name),
        { ...people, entra: { users: twins, groups } },
        { kind: "user", name: who },
        now,
      ).conflicts.join("\n");
    for (const who of ["bo@sandbox.example", "mei@sandbox.example"]) {
      expect(conflictsOf("catalog", who)).toMatch(/both have the userName .*only one of them can arrive/);
      expect(conflictsOf("datahub", who)).toMatch(/has the e-mail address bo@sandbox.example too/i);
    }
    expect(conflictsOf("datahub", "john@sandbox.example")).toBe("");
  });

  it("names a function that only a tenant evaluates", () => {
    const catalog = application("catalog");
    if (catalog.idp !== "entra") throw new Error("catalog is one of Entra");
    const trim = { expression: "Trim([jobTitle])", matchingPriority: 0, apply: "always" as const };
    const mappings = { ...catalog.mappings, user: { ...catalog.mappings.user, title: trim } };
    const bo = explain({ ...catalog, mappings }, people, { kind: "user", name: "bo@sandbox.example" }, now);
    expect(bo.attributes.find(({ target }) => target === "title")).toMatchObject({
      value: null,
      note: "not evaluable offline: only a tenant evaluates Trim",
    });
  });

  it("names two roles, by which Entra fails the person", () => {
    const datahub = application("datahub");
    const both = [
      ...datahub.assignments,
      { ...assignment("data-platform"), name: "governance-team", role: "Admin" },
    ];
    const john = explain(
      { ...datahub, assignments: both } as typeof datahub,
      people,
      { kind: "user", name: "john@sandbox.example" },
      now,
    );
    expect(john.access.arrives).toBe(false);
    expect(john.conflicts.join("\n")).toMatch(/several roles[\s\S]*more than one role/);
    expect(john.outcome.join()).toMatch(/keeps the access and the role they have/);
  });

  it("tells what a group arrives with, and what its members become", () => {
    expect(group("datahub", "governance-team").outcome).toEqual([
      "It arrives with 2 members: john@sandbox.example, sid@sandbox.example.",
    ]);
    expect(group("data-mesh-manager", "dmm_owners").outcome).toContain(
      "Its members become Organization Owner (by dmm_owners).",
    );
    expect(group("datahub", "data-platform").access.why).toContain(
      "The group analysts inside it gives nobody access: Entra does not expand it.",
    );
    expect(group("datahub", "partners").access.arrives).toBe(false);
  });

  it("finds nobody who is not there, and says who may be meant", () => {
    expect(() => user("datahub", "jon@sandbox.example")).toThrow(/did you mean john@sandbox.example\?/);
  });
});

describe("explain, from Okta", () => {
  it("says that roles do not travel, and waits for the person who switches SCIM on", () => {
    const bo = user("datahub-okta", "bo@sandbox.example");
    expect(bo.access.why.join("\n")).toMatch(/pending/);
    expect(bo.outcome.join("\n")).toMatch(/No role is sent/);
  });

  it("shows no password, placeholder or not", () => {
    const [, create] = user("datahub-okta", "bo@sandbox.example").requests;
    expect(create?.body).toMatchObject({ password: "(a placeholder that Okta makes up)" });
  });

  it("leaves out who is not ACTIVE", () => {
    const kim = user("collate-okta", "kim@sandbox.example");
    expect(kim.access.arrives).toBe(false);
    expect(kim.access.why.join()).toMatch(/STAGED/);
  });

  it("does not promise that a suspension takes access away", () => {
    const suspend = (status: "SUSPENDED" | "DEPROVISIONED") => ({
      ...people,
      okta: {
        ...people.okta,
        users: people.okta.users.map((one) =>
          one.profile.login.startsWith("bo@") ? { ...one, status } : one,
        ),
      },
    });
    const outcome = (status: "SUSPENDED" | "DEPROVISIONED") =>
      explain(
        application("datahub-okta"),
        suspend(status),
        { kind: "user", name: "bo@sandbox.example" },
        now,
      ).outcome.join();
    expect(outcome("SUSPENDED")).toMatch(/stays as they are, active/);
    expect(outcome("DEPROVISIONED")).toMatch(/is deactivated/);
  });

  it("names both people of one e-mail address", () => {
    const okta = {
      ...people.okta,
      users: people.okta.users.map((one) => ({
        ...one,
        profile: { ...one.profile, email: "all@sandbox.example" },
      })),
    };
    const bo = explain(
      application("datahub-okta"),
      { ...people, okta },
      { kind: "user", name: "bo@sandbox.example" },
      now,
    );
    expect(bo.conflicts.join()).toMatch(
      /john@sandbox.example and .* have the e-mail address all@sandbox.example too/,
    );
  });
});

describe("explain, where names mean nobody or several", () => {
  const bo = "bo@sandbox.example";
  const okta = (change: (group: OktaGroup) => OktaGroup[]) => ({
    ...people,
    okta: { ...people.okta, groups: people.okta.groups.flatMap(change) },
  });
  const isUsers = ({ profile }: OktaGroup) => profile.name === "datahub-users";
  const explained = (kind: "user" | "group", name: string, directories: typeof people) =>
    explain(application("datahub-okta"), directories, { kind, name }, now);

  it("lets nobody in by a group that an application brought along, as validate says", () => {
    const brought = okta((group) => [isUsers(group) ? { ...group, type: "APP_GROUP" } : group]);
    const { access, conflicts } = explained("user", bo, brought);
    expect(access).toMatchObject({ arrives: false, via: [] });
    expect(conflicts).toEqual(["group datahub-users is not in the directory"]);
    const [finding] = checkAgainstDirectory(spec, brought).filter(({ code }) => code === "missing-principal");
    expect(finding?.help).toContain("pin it with id:");
    expect(finding?.help).not.toContain("did you mean");
  });

  it("lets nobody in by a name that two groups have, and asks which of them is meant", () => {
    const twice = okta((group) => (isUsers(group) ? [group, { ...group, id: "another" }] : [group]));
    const { access, conflicts } = explained("user", bo, twice);
    expect(access).toMatchObject({ arrives: false, via: [] });
    expect(conflicts).toEqual(["2 groups are called datahub-users"]);
    expect(() => explained("group", "datahub-users", twice)).toThrow(
      /^The directory has 2 groups named datahub-users: name one by its id, .*another\.$/,
    );
    expect(explained("group", "another", twice).access.arrives).toBe(false);
    const pushed = okta((group) =>
      group.profile.name === "governance-team" ? [group, { ...group, id: "another" }] : [group],
    );
    expect(explained("group", "another", pushed)).toMatchObject({
      access: { arrives: false, via: [] },
      conflicts: ["2 groups are called governance-team"],
    });
  });

  it("knows the one group of a name beside a deleted one", () => {
    const groups = people.entra.groups.flatMap((group) =>
      group.displayName === "governance-team"
        ? [group, { ...group, id: "deleted", deletedDateTime: "2026-01-01T00:00:00Z" }]
        : [group],
    );
    const directories = { ...people, entra: { ...people.entra, groups } };
    const john = explain(
      application("datahub"),
      directories,
      { kind: "user", name: "john@sandbox.example" },
      now,
    );
    expect(john.access).toMatchObject({ arrives: true, via: ["group governance-team as Reader"] });
  });

  it("calls a person without any name by the login", () => {
    const users = people.okta.users.map((one) => ({
      ...one,
      profile: { ...one.profile, displayName: null, firstName: null, lastName: null },
    }));
    const nameless = { ...people, okta: { ...people.okta, users } };
    expect(explained("user", bo, nameless).subject.displayName).toBe(bo);
  });
});

describe("join keys", () => {
  it("are equal where Data Mesh Manager's guide is followed, and in Okta", () => {
    expect(user("data-mesh-manager", "bo@sandbox.example").joinKeys).toMatchObject({
      verdict: "The two are equal.",
      broken: false,
    });
    expect(user("datahub-okta", "bo@sandbox.example").joinKeys?.broken).toBe(false);
  });

  it("are broken where externalId is something else and the product joins by it", () => {
    const sent = [{ target: "externalId", expression: "[mailNickname]", source: {}, value: "bo" }];
    const subject = { value: "an-object-id", from: "oid" };
    expect(joinKeys(application("data-mesh-manager"), sent, subject)).toMatchObject({ broken: true });
    expect(joinKeys(application("datahub"), sent, subject)).toMatchObject({ broken: false });
  });
});

describe("the commands", () => {
  it("explain prints text and JSON of the same", async () => {
    const args = [
      "explain",
      "config/sandbox.yaml",
      "--application",
      "datahub",
      "--user",
      "john@sandbox.example",
    ];
    const text = await rollcall(...args);
    const json = await rollcall(...args, "--json");
    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(text.stdout).toContain("john@sandbox.example (John Miller) arrives in datahub");
    expect(JSON.parse(json.stdout)).toEqual(
      JSON.parse(JSON.stringify(user("datahub", "john@sandbox.example"))),
    );
  });

  it("explain asks for the people of another spec", async () => {
    const { exitCode, stderr } = await rollcall("explain", "config/prod.yaml", "-a", "datahub", "-u", "x@y");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/--directory/);
  });

  it("export prints what must arrive, for the receiver to compare with", async () => {
    const { exitCode, stdout } = await rollcall(
      ...["export", "config/sandbox.yaml", "--arrivals", "--application", "data-mesh-manager"],
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      groups: ["dmm_owners", "dmm_marketing_members"],
      roles: [],
      memberships: expect.arrayContaining([{ group: "dmm_owners", userName: "ada@sandbox.example" }]),
    });
    expect((await rollcall("export", "config/prod.yaml", "--arrivals", "-a", "datahub")).stderr).toMatch(
      /--directory/,
    );
    expect((await rollcall("export", "config/sandbox.yaml", "--arrivals")).stderr).toMatch(/--application/);
  });

  it("export prints the block of the product's own settings", async () => {
    const { exitCode, stdout } = await rollcall("export", "config/sandbox.yaml");
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`scimGroupMappings:
  - scimGroup: dmm_owners
    type: organizationOwner
  - scimGroup: dmm_marketing_members
    type: teamMemberRole
    teamId: marketing
    teamMemberRole: Member
  - scimGroup: dmm_marketing_members
    type: teamMemberRole
    teamId: sales
    teamMemberRole: Steward
`);
    expect((await rollcall("export", "config/prod.yaml")).exitCode).toBe(1);
  });
});

function assignment(name: string) {
  return { kind: "group", name, at: { file: "spec.yaml", line: 1, column: 1 } } as const;
}
