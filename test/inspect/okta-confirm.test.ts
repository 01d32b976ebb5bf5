import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("was not there");
}, 120_000);
afterAll(() => world?.close());

const confirm = (...more: string[]) => rollcall("okta", "confirm", world.spec, "-e", world.envFile, ...more);

function idOf(name: string): string {
  return (
    (world.applied.outputs.applications as Record<string, Record<string, string>>)[name]?.applicationId ?? ""
  );
}

async function switchOn(name: string, deactivateUsers: boolean): Promise<void> {
  const application = world.stage.application(name);
  if (!application) throw new Error(`the spec has no ${name}`);
  await world.stage.sandbox.okta.admin.enableScim(idOf(name), {
    baseUrl: application.scimUrl,
    authentication: { mode: "bearer", token: world.stage.sandbox.tokenOf(application) },
    actions: { createUsers: true, updateUsers: true, deactivateUsers, pushGroups: true },
  });
}

describe("rollcall okta confirm", () => {
  it("tells the whole of a person's part, with the deep link and without the token, while SCIM is off", async () => {
    const application = world.stage.application("collate-okta");
    if (!application) throw new Error("the spec has no collate-okta");
    const before = readFileSync(world.spec, "utf8");
    const { exitCode, stdout } = await confirm("-a", "collate-okta");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`/instance/${idOf("collate-okta")}/`);
    expect(stdout).toContain(application.scimUrl);
    expect(stdout).toContain("Deactivate Users: on");
    expect(stdout).toContain('the stack keeps as "collateOktaScimToken"');
    expect(stdout).not.toContain(world.stage.sandbox.tokenOf(application));
    expect(readFileSync(world.spec, "utf8")).toBe(before);
  });

  it("names the forgotten switch, then writes the spec, keeping every other character", async () => {
    const before = readFileSync(world.spec, "utf8");
    await switchOn("datahub-okta", false);
    const forgotten = await confirm("-a", "datahub-okta");
    expect(forgotten.exitCode).toBe(1);
    expect(forgotten.stdout).toContain(
      "Provisioning > To App > Deactivate Users: on (without it, people who leave keep their access)",
    );
    expect(forgotten.stdout).not.toContain("Create Users");
    expect(readFileSync(world.spec, "utf8")).toBe(before);

    await world.stage.sandbox.okta.admin.changeActions(idOf("datahub-okta"), { deactivateUsers: true });
    const done = await confirm("-a", "datahub-okta");
    expect(done.exitCode).toBe(0);
    expect(done.stdout).toContain("says so now");
    const after = readFileSync(world.spec, "utf8");
    expect(after).toBe(before.replace("scim: pending", "scim: enabled"));
    expect((await confirm("-a", "datahub-okta")).stdout).not.toContain("says so now");
    writeFileSync(world.spec, before);
  });

  it("writes it for all that are switched on", async () => {
    const before = readFileSync(world.spec, "utf8");
    await switchOn("collate-okta", true);
    const { exitCode, stdout } = await confirm();
    expect(exitCode).toBe(0);
    expect(stdout.match(/says so now/g)).toHaveLength(2);
    expect(readFileSync(world.spec, "utf8")).toBe(before.replaceAll("scim: pending", "scim: enabled"));
    writeFileSync(world.spec, before);
  });

  it("names the new application where an `up` that made it anew stopped before it told its id", async () => {
    const outputs = join(world.stage.scratch, "outputs.json");
    const stale = { applications: { "datahub-okta": { applicationId: "0oaGONE" } } };
    writeFileSync(outputs, JSON.stringify(stale));
    const { exitCode, stdout } = await confirm("-a", "datahub-okta", "--outputs", outputs);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`(0oaGONE) is gone from Okta; its label is on ${idOf("datahub-okta")}, which`);
  });

  it("lists who was assigned before SCIM was on", async () => {
    const { okta } = world.stage.sandbox;
    const sid = world.stage.sandbox
      .directories()
      .okta.users.find(({ profile }) => profile.login === "sid@sandbox.example");
    okta.admin.removeScim(idOf("datahub-okta"));
    await okta.asAdministrator("POST", `/api/v1/apps/${idOf("datahub-okta")}/users`, {
      id: sid?.id,
      scope: "USER",
    });
    await switchOn("datahub-okta", true);
    const before = readFileSync(world.spec, "utf8");
    const { exitCode, stdout } = await confirm("-a", "datahub-okta", "--json");
    writeFileSync(world.spec, before);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).applications).toMatchObject([
      { application: "datahub-okta", verdict: "confirmed", notProvisioned: ["sid@sandbox.example"] },
    ]);
  });

  it("says so when the application is not in Okta", async () => {
    const before = readFileSync(world.spec, "utf8");
    writeFileSync(world.spec, before.replace("DataHub-SCIM-SWA", "Nobody"));
    const { exitCode, stdout } = await confirm("-a", "datahub-okta");
    writeFileSync(world.spec, before);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('There is no application labelled "Nobody" in Okta.');
  });
});
