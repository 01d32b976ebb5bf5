import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importIn } from "../engines/import-in.ts";
import { datahubSpec } from "./datahub-spec.ts";
import { changes, messages, ProgramSandbox } from "./sandbox.ts";

const TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

describe("the program on Entra", { timeout: 120_000 }, () => {
  let sandbox: ProgramSandbox;
  beforeEach(async () => {
    sandbox = await ProgramSandbox.start(datahubSpec());
  });
  afterEach(() => sandbox.stop());

  const writes = () => {
    const made = sandbox.entra.log
      .writes()
      .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}|scim\.[^/]+/g, "*")}`);
    sandbox.entra.log.clear();
    return made;
  };

  it("makes application, roles, assignments and job in that order, and writes nothing the second time", async () => {
    const first = await sandbox.run("up");
    expect(messages(first, "error")).toEqual([]);
    expect(first.exitCode).toBe(0);
    expect(changes(first).slice(2)).toEqual([
      "create applications",
      "create datahub",
      "create datahub-application",
      "create datahub-role-admin",
      "create datahub-role-editor",
      "create datahub-role-reader",
      "create datahub-assignments",
      "create datahub-provisioning",
    ]);
    const order = writes();
    const start = order.findIndex((write) => write.endsWith("/start"));
    expect(order.findIndex((write) => write.includes("appRoleAssignedTo"))).toBeGreaterThan(3);
    expect(start).toBe(order.length - 1);
    expect(first.outputs.applications).toMatchObject({
      datahub: { displayName: "DataHub SCIM", portal: expect.stringContaining("entra.microsoft.com") },
    });

    const second = await sandbox.run("up", { expectNoChanges: true });
    expect(second.exitCode).toBe(0);
    expect(writes()).toEqual([]);
  });

  it("keeps the token out of state, result and messages after up, refresh and destroy", async () => {
    const token = sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? "";
    expect(token.length).toBeGreaterThan(10);
    const said: unknown[] = [];
    for (const operation of ["preview", "up", "refresh", "up", "destroy"] as const) {
      said.push(await sandbox.run(operation));
      if (operation !== "preview") said.push(sandbox.state());
    }
    expect(JSON.stringify(said)).not.toContain(token);
    expect(JSON.stringify(said)).toContain("[secret]");
  });

  it("says everything that is wrong with a spec and contacts nothing", async () => {
    sandbox.spec(
      datahubSpec({
        assignments:
          "[{ group: governance-team, rolle: Reader }, { user: ada@sandbox.example, role: Owner }]",
      }),
    );
    const result = await sandbox.run("up");
    expect(result.exitCode).toBe(1);
    const [error = ""] = messages(result, "error");
    expect(error).toContain("The spec is wrong, so nothing was contacted.");
    expect(error).toContain("rolle");
    expect(error).toContain("Owner");
    expect(sandbox.entra.log.list()).toEqual([]);
  });

  it("names each user and group that the tenant does not have, with line and nearest names, and makes nothing", async () => {
    sandbox.spec(
      datahubSpec({
        assignments:
          "[{ group: governance-teem, role: Reader }, { user: nobody@sandbox.example, role: Admin }]",
      }),
    );
    const result = await sandbox.run("up");
    const [error = ""] = messages(result, "error");
    expect(error).toMatch(/^2 problems with the spec; nothing was changed\./);
    expect(error).toMatch(
      /spec\.yaml:13:\d+ error\[unknown-group\] there is no group "governance-teem"\n {2}help: did you mean "governance-team" \(/,
    );
    expect(error).toMatch(
      /spec\.yaml:13:\d+ error\[unknown-user\] there is no user "nobody@sandbox\.example"/,
    );
    expect(writes()).toEqual([]);
  });

  it("names who would get two roles and through which groups", async () => {
    sandbox.spec(
      datahubSpec({
        assignments: "[{ group: governance-team, role: Reader }, { user: sid@sandbox.example, role: Admin }]",
      }),
    );
    const [error = ""] = messages(await sandbox.run("up"), "error");
    expect(error).toMatch(
      /error\[role-conflict\] sid@sandbox\.example would get Reader through group:governance-team and Admin through user:sid@sandbox\.example/,
    );
    expect(writes()).toEqual([]);
  });

  it("asks for a token that is nowhere, by the names it may have, before it contacts anything", async () => {
    const result = await sandbox.run("up", { env: { ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: "" } });
    const [error = ""] = messages(result, "error");
    expect(error).toContain(
      "pulumi config set --secret datahubScimToken, or set ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN",
    );
    expect(sandbox.entra.log.list()).toEqual([]);
  });

  it("stops at an application of the same name that is not in the state, and takes it over by the command it names", async () => {
    await sandbox.entra.asAdministrator("POST", `/v1.0/applicationTemplates/${TEMPLATE}/instantiate`, {
      displayName: "DataHub SCIM",
    });
    writes();
    // As a person meets it: nothing of it is in the state then, the component included.
    const [error = ""] = messages(await sandbox.run("preview"), "error");
    expect(error).toContain(
      'An application named "DataHub SCIM" exists in the tenant and is not in this stack\'s state',
    );
    expect(writes()).toEqual([]);

    expect((await sandbox.run("import", { imports: importIn(error) })).exitCode).toBe(0);
    const taken = await sandbox.run("up");
    expect(messages(taken, "error")).toEqual([]);
    expect(changes(taken)).not.toContain("create datahub-application");
    expect(changes(taken)).toContain("create datahub-provisioning");
    expect(writes().some((write) => write.endsWith("/instantiate"))).toBe(false);
  });

  it("names the command that takes over a role which a killed run left behind", async () => {
    await sandbox.run("up");
    const forgotten = JSON.parse(sandbox.state());
    const { resources } = forgotten.deployment;
    forgotten.deployment.resources = resources.filter(
      ({ urn }: { urn: string }) => !/::datahub-(role-reader|assignments|provisioning)$/.test(urn),
    );
    writeFileSync(sandbox.stateFile, JSON.stringify(forgotten));

    const stopped = await sandbox.run("up");
    const explained = messages(stopped, "error").find((message) => message.includes("pulumi import")) ?? "";
    expect(explained).toContain("a run that was killed left it behind");
    expect((await sandbox.run("import", { imports: importIn(explained) })).exitCode).toBe(0);
    expect(messages(await sandbox.run("up"), "error")).toEqual([]);
    expect((await sandbox.run("preview", { expectNoChanges: true })).exitCode).toBe(0);
  });

  it("protects all of an application, so that neither destroy nor dropping it from the spec touches anything", async () => {
    sandbox.spec(datahubSpec({ more: "protect: true" }));
    await sandbox.run("up");
    writes();
    const destroyed = await sandbox.run("destroy");
    expect(destroyed.exitCode).toBe(1);
    expect(messages(destroyed, "error")[0]).toContain("::datahub-provisioning is protected");
    expect(writes()).toEqual([]);
  });

  it("renames in place, by one request, and shows who is added and taken out by name", async () => {
    await sandbox.run("up");
    writes();
    sandbox.spec(
      datahubSpec({
        name: "DataHub",
        assignments: "[{ group: governance-team, role: Reader }, { user: bo@sandbox.example, role: Editor }]",
      }),
    );
    const result = await sandbox.run("up");
    expect(changes(result)).toEqual(["update datahub-application", "update datahub-assignments"]);
    const { diff = [] } = result.steps.find(({ name }) => name === "datahub-assignments") ?? {};
    expect(diff.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'delete assignments["user:ada@sandbox.example Admin"]',
      'add assignments["user:bo@sandbox.example Editor"]',
    ]);
    expect(writes().filter((write) => write.startsWith("PATCH"))).toEqual(["PATCH /v1.0/applications/*"]);
  });

  it("refuses to work on anything but this machine", async () => {
    const elsewhere = await sandbox.run("up", { env: { ARM_METADATA_HOSTNAME: "management.azure.com" } });
    expect(messages(elsewhere, "error").join()).toContain(
      "management.azure.com, which is not on this machine",
    );
    const nowhere = await sandbox.run("up", { env: { ARM_METADATA_HOSTNAME: "" } });
    expect(messages(nowhere, "error").join()).toContain(
      "ARM_METADATA_HOSTNAME is not set, so Microsoft Graph would be changed",
    );
    expect(sandbox.entra.log.list()).toEqual([]);
  });
});
