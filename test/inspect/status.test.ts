import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adviceFor } from "../../src/inspect/advice.ts";
import type { Status } from "../../src/inspect/status.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
  await world.stage.provision();
}, 120_000);
afterAll(() => world?.close());

async function status(application: string): Promise<{ exitCode: number; found: Status }> {
  const { exitCode, stdout } = await rollcall(
    "status",
    world.spec,
    "-e",
    world.envFile,
    "-a",
    application,
    "--json",
  );
  return { exitCode, found: JSON.parse(stdout).applications[0] };
}

describe("rollcall status", () => {
  it("tells the last cycle, the next one 40 minutes later, and that all is well", async () => {
    const { exitCode, found } = await status("datahub");
    expect(found).toMatchObject({ state: "running", healthy: true, failures: [] });
    expect(Date.parse(found.nextCycle ?? "") - Date.parse(found.lastCycle ?? "")).toBe(40 * 60_000);
    expect(found.details.join("\n")).toMatch(/^\d+ users provisioned$/m);
    expect(found.details.join("\n")).toMatch(/^(1 group|\d+ groups) provisioned$/m);
    expect(exitCode).toBe(0);
  });

  it("tells a quarantine, why, and what to do", async () => {
    const { entra } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const { servicePrincipalObjectId, jobId } = made.catalog ?? {};
    await entra.asAdministrator(
      "PUT",
      `/v1.0/servicePrincipals/${servicePrincipalObjectId}/synchronization/secrets`,
      {
        value: [
          { key: "BaseAddress", value: "https://catalog.sandbox.example/scim/v2" },
          { key: "SecretToken", value: "expired" },
          { key: "SyncAll", value: "false" },
        ],
      },
    );
    entra.change({ change: "update", user: "bo@sandbox.example", set: { givenName: "Robert" } });
    await entra.runCycle(jobId ?? "");
    const { exitCode, found } = await status("catalog");
    expect(exitCode).toBe(1);
    expect(found.state).toBe("quarantine");
    expect(found.details[0]).toContain("rollcall rotate");
  });

  it("names people who are not ACTIVE in Okta, and pushes that failed", async () => {
    const { okta } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const id = made["collate-okta"]?.applicationId;
    const pushes = (await okta.asAdministrator("GET", `/api/v1/apps/${id}/group-push/mappings`)) as {
      id: string;
    }[];
    okta.admin.failPush(pushes[0]?.id ?? "", "Error while creating the group: 409 Conflict");
    const { exitCode, found } = await status("collate-okta");
    expect(exitCode).toBe(1);
    expect(found.failures).toContainEqual(
      expect.objectContaining({
        who: "User kim@sandbox.example",
        reason: "is STAGED in Okta, and so not provisioned",
      }),
    );
    expect(found.failures).toContainEqual(
      expect.objectContaining({
        reason: "Error while creating the group: 409 Conflict",
        advice: expect.stringContaining("already"),
      }),
    );
  });

  it("knows the causes that the vendors' guides list", () => {
    expect(adviceFor("SystemForCrossDomainIdentityManagementInvalidCredentials", "")).toContain("token");
    expect(adviceFor("SystemForCrossDomainIdentityManagementServiceIncompatible", "")).toContain("endpoint");
    expect(adviceFor("NotEffectivelyEntitled", "")).toContain("assignments");
    expect(adviceFor("EntryConflict", "")).toContain("already");
    expect(adviceFor("SomethingElse", "no words of a guide")).toBeUndefined();
  });
});
