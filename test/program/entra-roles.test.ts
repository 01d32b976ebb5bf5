import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changes, messages, ProgramSandbox } from "./sandbox.ts";

const READER = "11111111-2222-4333-8444-555555555555";

/** A custom product whose application also others assign people to. */
const spec = (roles: string[], { ids = "{}", more = "" } = {}) => `
version: 1
environment: sandbox
applications:
  catalog:
    product: custom
    endpoint: https://catalog.sandbox.example/scim/v2
    token: { secret: catalogScimToken }
    exclusive: false
    ${more}
    entra:
      displayName: Catalog
      roles: [${roles.map((value) => `{ value: ${value}, description: ${value} }`).join(", ")}]
      roleIds: ${ids}
      assignments: [{ group: governance-team, role: ${roles[0]} }]
      mappings:
        user:
          roles[primary eq "True"].value: { expression: "SingleAppRoleAssignment([appRoleAssignments])" }
      provisioning: { status: paused }
`;

describe("roles of a custom product", { timeout: 120_000 }, () => {
  let sandbox: ProgramSandbox;
  beforeEach(async () => {
    sandbox = await ProgramSandbox.start(spec(["Reader", "Editor"]));
  });
  afterEach(() => sandbox.stop());

  const portal = (method: string, path: string, body?: unknown) =>
    sandbox.entra.asAdministrator(method, `/v1.0${path}`, body) as Promise<Record<string, never>>;

  async function up(): Promise<string> {
    const result = await sandbox.run("up");
    expect(messages(result, "error")).toEqual([]);
    const made = result.outputs.applications as Record<string, { servicePrincipalObjectId: string }>;
    return made.catalog?.servicePrincipalObjectId ?? "";
  }

  /** `principal role id` of everybody who is assigned. */
  async function assigned(servicePrincipalId: string): Promise<string[]> {
    sandbox.entra.settle();
    const { value } = (await portal("GET", `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`)) as {
      value: { principalDisplayName: string; appRoleId: string }[];
    } & object;
    return value.map(({ principalDisplayName, appRoleId }) => `${principalDisplayName} ${appRoleId}`);
  }

  async function assignByHand(servicePrincipalId: string, userPrincipalName: string, role: string) {
    const { appRoles } = (await portal("GET", `/servicePrincipals/${servicePrincipalId}`)) as unknown as {
      appRoles: { id: string; value: string }[];
    };
    await portal("POST", `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`, {
      principalId: sandbox.entra
        .directory()
        .users.find((user) => user.userPrincipalName === userPrincipalName)?.id,
      resourceId: servicePrincipalId,
      appRoleId: appRoles.find(({ value }) => value === role)?.id,
    });
  }

  it("names and counts those outside the spec who lose a role with it", async () => {
    const id = await up();
    await assignByHand(id, "ada@sandbox.example", "Editor");
    await assignByHand(id, "bo@sandbox.example", "Editor");
    await assignByHand(id, "bo@sandbox.example", "Reader");

    sandbox.spec(spec(["Reader"], { more: "maxRemovals: 0" }));
    for (const operation of ["preview", "up"] as const) {
      const [refusal = ""] = messages(await sandbox.run(operation), "error");
      expect(refusal).toMatch(
        /would take 1 principal out of catalog.*\n {2}- user:ada@sandbox.example \(Editor\)\n/,
      );
    }
    expect(await assigned(id)).toHaveLength(4);

    sandbox.spec(spec(["Reader"]));
    expect(messages(await sandbox.run("preview"), "warning").join("\n")).toMatch(
      /a role leaves the spec.*\n {2}- user:ada@sandbox.example Editor\n {2}- user:bo@sandbox.example Editor$/m,
    );
    await up();
    expect((await assigned(id)).map((one) => one.split(" ")[0]).sort()).toEqual(["Bo", "governance-team"]);
  });

  it("does not tell to import a role that got another name, and says how to rename it without a loss", async () => {
    sandbox.spec(spec(["Reader"], { ids: `{ Reader: ${READER} }` }));
    const id = await up();
    sandbox.spec(spec(["Viewer"], { ids: `{ Viewer: ${READER} }` }));
    expect(messages(await sandbox.run("preview"), "warning").join("\n")).toContain(
      "the role Reader is called Viewer now and keeps its id",
    );
    const explained = messages(await sandbox.run("up"), "error").join("\n");
    expect(explained).toContain("If the spec called it otherwise before, import nothing");
    const [, old, name] = /pulumi state rename --stack \S+ '(\S+)<old name>' (\S+)/.exec(explained) ?? [];
    expect(await assigned(id)).toEqual([`governance-team ${READER}`]);

    const state = readFileSync(sandbox.stateFile, "utf8");
    expect(state).toContain(`"${old}reader"`);
    const renamed = `${old?.slice(0, -"catalog-role-".length)}${name}`;
    writeFileSync(sandbox.stateFile, state.replaceAll(`${old}reader`, renamed));
    const result = await sandbox.run("up");
    expect(messages(result, "error")).toEqual([]);
    expect(changes(result)).toContain("update catalog-role-viewer");
    expect(await assigned(id)).toEqual([`governance-team ${READER}`]);
    expect((await sandbox.run("preview", { expectNoChanges: true })).exitCode).toBe(0);
  });
});
