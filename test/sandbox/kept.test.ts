import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { inventDirectory } from "../../src/desired/invent-directory.ts";
import type { DesiredState } from "../../src/desired/model.ts";
import { operate } from "../../src/sandbox/operate.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { SCHEMA } from "../../src/scim/wire.ts";
import { loadSpec } from "../../src/spec/load.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Does something with the sandbox that the folder keeps, started for a spec. */
async function withSandbox<T>(
  applications: string,
  work: (sandbox: Sandbox, spec: string, desired: DesiredState) => T | Promise<T>,
) {
  const file = join(folder, "spec.yaml");
  writeFileSync(file, `version: 1\nenvironment: dev\napplications:${applications}`);
  const { spec } = loadSpec(file);
  if (!spec) throw new Error("the test's spec is wrong");
  const desired = toDesiredState(spec);
  const sandbox = await startSandbox({
    desired,
    directories: inventDirectory(desired),
    directoryGrows: true,
    dataDir: join(folder, "data"),
    kindness: { kind: true },
  });
  try {
    return await work(sandbox, file, desired);
  } finally {
    await sandbox.close();
  }
}

const up = (sandbox: Sandbox, spec: string) =>
  operate({ operation: "up", spec, stateFile: sandbox.stateFile, env: sandbox.env, expectNoChanges: false });

const entra = (...assignments: string[]) => `
  datahub:
    product: datahub
    endpoint: https://datahub.example.com
    token: { secret: datahubScimToken }
    entra: { displayName: DataHub, assignments: [${assignments.join(", ")}] }
`;

const okta = (...groups: string[]) => `
  datahub:
    product: datahub
    endpoint: https://datahub.example.com
    token: { secret: datahubScimToken }
    okta:
      label: DataHub
      scim: pending
      assignments: [{ group: first }]
      pushGroups: [${groups.map((name) => `{ name: ${name} }`).join(", ")}]
`;

it("invents for Entra whom the spec names later, and brings back nobody who was taken out of a group", async () => {
  const first = "{ group: first, role: Reader }";
  await withSandbox(entra(first), ({ entra }) =>
    entra.change({ change: "removeMember", group: "first", user: "alex.first@invented.example" }),
  );
  const assignments = ["{ group: second, role: Editor }", first, "{ user: eve@example.com, role: Admin }"];
  const { users, groups } = await withSandbox(
    entra(...assignments),
    (sandbox) => sandbox.directories().entra,
  );
  const nameOf = (id: string) => users.find((user) => user.id === id)?.userPrincipalName;
  expect(groups.map(({ displayName, members }) => [displayName, members.map(nameOf)])).toEqual([
    ["first", ["bea.first@invented.example"]],
    ["second", ["alex.second@invented.example", "bea.second@invented.example"]],
  ]);
  expect(users.map(({ userPrincipalName }) => userPrincipalName)).toContain("eve@example.com");
});

it("invents for Okta whom the spec names later, with those of a pushed group assigned", async () => {
  await withSandbox(okta(), () => undefined);
  const { users, groups } = await withSandbox(okta("pushed"), (sandbox) => sandbox.directories().okta);
  const membersOf = (name: string) =>
    groups
      .find(({ profile }) => profile.name === name)
      ?.members.map((id) => users.find((user) => user.id === id)?.profile.login);
  expect(membersOf("pushed")).toHaveLength(2);
  expect(membersOf("first")).toEqual(expect.arrayContaining(membersOf("pushed") ?? []));
});

it("applies a spec that has lost its last application", async () => {
  const made = await withSandbox(entra("{ group: first, role: Reader }"), up);
  expect(made).toMatchObject({ exitCode: 0, counts: { delete: 0 } });
  const emptied = await withSandbox(" {}\n", up);
  expect(emptied.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  // The product stays: it is asked once more whether it takes the token.
  expect(emptied.diagnostics.filter(({ message }) => message.includes("cannot sign in"))).toEqual([]);
  expect(emptied).toMatchObject({ exitCode: 0, counts: { create: 0, delete: made.counts.create - 3 } });
});

it("gives an application at another endpoint a product without anybody", async () => {
  const usersAt = (applications: string, newcomer?: string) =>
    withSandbox(applications, async (sandbox, _spec, { applications: [application] }) => {
      if (!application) throw new Error("the test's spec has no application");
      if (newcomer) {
        const created = await fetch(`${sandbox.scimUrl(application)}/Users`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${sandbox.tokenOf(application)}`,
            "content-type": "application/scim+json",
          },
          body: JSON.stringify({ schemas: [SCHEMA.user], userName: newcomer }),
        });
        expect(created.status).toBe(201);
      }
      return (await sandbox.scim(application).list("Users")).map(({ userName }) => userName);
    });
  const first = entra("{ group: first, role: Reader }");
  expect(await usersAt(first, "ada@example.com")).toEqual(["ada@example.com"]);
  expect(await usersAt(first.replace("datahub.example", "other.example"))).toEqual([]);
  expect(await usersAt(first)).toEqual(["ada@example.com"]);
});
