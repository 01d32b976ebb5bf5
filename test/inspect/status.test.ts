import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProvisioningLogEntry } from "../../src/clients/graph/provisioning-logs.ts";
import type { SynchronizationJob } from "../../src/clients/graph/synchronization.ts";
import { HttpError } from "../../src/clients/http-error.ts";
import { adviceFor } from "../../src/inspect/advice.ts";
import { readStatus } from "../../src/inspect/read-status.ts";
import type { Status } from "../../src/inspect/status.ts";
import { openTenants } from "../../src/inspect/tenants.ts";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
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

type List = (path: string) => Promise<unknown[]>;

/** The status of an application in a tenant whose lists are answered otherwise. */
async function statusWhere(name: string, answer: (path: string, list: List) => Promise<unknown[]>) {
  const application = world.stage.application(name);
  if (!application) throw new Error(`the spec has no ${name}`);
  const tenants = openTenants(world.stage.sandbox.env);
  const graph = await tenants.graph();
  const altered = {
    ...graph,
    list: async <T>(path: string) => (await answer(path, graph.list)) as T[],
  };
  return readStatus(application, { ...tenants, graph: async () => altered });
}

const isJobs = (path: string) => path.endsWith("/synchronization/jobs");
const isLogs = (path: string) => path.startsWith("/auditLogs/provisioning");

/** As it was logged of one person, newest first. */
function logged(
  ...entries: [ProvisioningLogEntry["provisioningStatusInfo"]["status"], string][]
): Partial<ProvisioningLogEntry>[] {
  return entries.map(([status, errorCode], index) => ({
    activityDateTime: new Date(Date.UTC(2026, 0, 6) - index * 60_000).toISOString(),
    provisioningStatusInfo: { status, errorInformation: { errorCode, reason: "as the test says" } },
    sourceIdentity: { id: "1", displayName: "Ada", identityType: "User" },
  }));
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

  it("is not well after a cycle that failed, before any quarantine", async () => {
    const error = { code: "SystemForCrossDomainIdentityManagementInvalidCredentials", message: "401" };
    const found = await statusWhere("datahub", async (path, list) => {
      const items = await list(path);
      if (!isJobs(path)) return items;
      return (items as SynchronizationJob[]).map((job) => ({
        ...job,
        status: { ...job.status, lastExecution: { ...job.status.lastExecution, state: "Failed", error } },
      }));
    });
    expect(found).toMatchObject({ healthy: false, state: "running", failures: [] });
    expect(found.details[0]).toContain("The last cycle failed: SystemForCross");
    expect(found.details[0]).toContain("The product refuses the token");
  });

  it("knows nothing of failures without the logs, and does not call that well", async () => {
    const found = await statusWhere("datahub", async (path, list) => {
      if (!isLogs(path)) return list(path);
      throw new HttpError({
        ...{ service: "Microsoft Graph", request: "GET /auditLogs/provisioning", status: 403, code: "" },
        ...{ detail: "Insufficient privileges", requestId: "", attempts: 1 },
      });
    });
    expect(found).toMatchObject({ healthy: false, failures: [] });
    expect(found.unseen.join()).toContain("Insufficient privileges");
  });

  it("takes nobody for recovered who was only skipped", async () => {
    const failures = async (...entries: Parameters<typeof logged>) =>
      (await statusWhere("datahub", async (path, list) => (isLogs(path) ? logged(...entries) : list(path))))
        .failures.length;
    expect(await failures(["skipped", "NotEffectivelyEntitled"], ["failure", "EntryConflict"])).toBe(1);
    expect(await failures(["warning", ""], ["failure", "EntryConflict"])).toBe(1);
    expect(await failures(["skipped", "RedundantExport"], ["failure", "EntryConflict"])).toBe(0);
    expect(await failures(["success", ""], ["failure", "EntryConflict"])).toBe(0);
    expect(await failures(["failure", "EntryConflict"], ["success", ""])).toBe(1);
  });

  it("is not well while Okta provisions and the spec says paused", async () => {
    const spec = join(world.stage.scratch, "paused.yaml");
    writeFileSync(spec, readFileSync(world.spec, "utf8").replace("scim: enabled", "scim: paused"));
    const outcome = await rollcall("status", spec, "-e", world.envFile, "-a", "datahub-okta", "--json");
    const [found] = JSON.parse(outcome.stdout).applications;
    expect(found).toMatchObject({ state: "running", healthy: false });
    expect(found.details.join("\n")).toContain("The spec says `scim: paused`, and Okta still provisions.");
    expect(outcome.exitCode).toBe(1);
  });

  it("looks at the others when it may not look at one", async () => {
    const envFile = `${world.envFile}.half`;
    writeEnvFile(envFile, { ...world.stage.sandbox.env, ARM_CLIENT_SECRET: "not-it" });
    const { exitCode, stdout } = await rollcall("status", world.spec, "-e", envFile);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^! datahub {2}could not be looked at/m);
    expect(stdout).toMatch(/^[✓✗] datahub-okta {2}running/m);
    expect(stdout).not.toContain("not-it");
    const verified = await rollcall("verify", world.spec, "-e", envFile);
    expect(verified.exitCode).toBe(3);
    expect(verified.stdout).toContain("✓ SCIM in Okta");
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
