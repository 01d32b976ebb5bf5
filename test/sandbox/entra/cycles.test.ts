import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import { outboundRoutes } from "../../../src/sandbox/outbound.ts";
import {
  ADA,
  type Application,
  addRoles,
  assign,
  GOVERNANCE,
  type Graph,
  JOHN,
  makeApplication,
  makeJob,
  putSecrets,
  READER,
  role,
  start,
} from "./harness.ts";
import { startScimStub } from "./scim-stub.ts";

let stub: Awaited<ReturnType<typeof startScimStub>>;
let tenant: EntraTenant;
let graph: Graph;
let application: Application;
let job: { id: string; path: string };
beforeEach(async () => {
  stub = await startScimStub();
  ({ tenant, graph } = await start({ outbound: outboundRoutes({ "https://datahub.example": stub.url }) }));
  application = await makeApplication(tenant, graph);
  await addRoles(tenant, graph, application, role(READER, "Reader"));
  job = await makeJob(graph, application);
  await putSecrets(graph, application, {
    BaseAddress: "https://datahub.example",
    SecretToken: "scim-token",
    SyncAll: "false",
  });
  await assign(graph, application, GOVERNANCE, READER);
});
afterEach(async () => {
  await tenant.stop();
  await stub.stop();
});

const posts = () =>
  stub.requests
    .filter(({ method }) => method === "POST")
    .map(({ body }) => body.userName ?? body.displayName);
const status = async () => (await graph("GET", job.path)).body.status;

describe("a cycle", () => {
  it("does nothing while the job is paused", async () => {
    expect(await tenant.runCycle(job.id)).toEqual({ ran: false, why: "The job is paused." });
    expect(stub.requests).toEqual([]);
    await expect(tenant.runCycle("scim.none")).rejects.toThrow(/no synchronization job 'scim.none'/);
  });

  it("sends who is assigned, remembers it, and tells of it in status and log", async () => {
    await graph("POST", `${job.path}/start`);
    const outcome = await tenant.runCycle(job.id);
    expect(outcome).toMatchObject({ ran: true, report: { kind: "initial", state: "Succeeded" } });
    expect(posts().sort()).toEqual(["governance-team", "john@acme.example", "sid@acme.example"]);
    expect(await status()).toMatchObject({
      code: "Active",
      quarantine: null,
      lastExecution: { state: "Succeeded", countExported: 3 },
      lastSuccessfulExecutionWithExports: { state: "Succeeded" },
    });
    const logs = await graph(
      "GET",
      `/auditLogs/provisioning?$filter=jobId eq '${job.id}' and provisioningStatusInfo/status eq 'success'`,
    );
    expect(
      logs.body.value.map((entry: { provisioningAction: string }) => entry.provisioningAction),
    ).toContain("create");
    expect(logs.body.value[0].servicePrincipal.id).toBe(application.servicePrincipalId);

    stub.requests.length = 0;
    expect(await tenant.runCycle(job.id)).toMatchObject({ ran: true, report: { kind: "incremental" } });
    expect(posts()).toEqual([]);
  });

  it("uses the schema that is stored, and starts over when it was changed", async () => {
    await graph("POST", `${job.path}/start`);
    await tenant.runCycle(job.id);
    const { body } = await graph("GET", `${job.path}/schema`);
    await graph("PUT", `${job.path}/schema`, body);
    expect(await tenant.runCycle(job.id)).toMatchObject({ report: { kind: "initial" } });
  });

  it("forgets what a restart says", async () => {
    await graph("POST", `${job.path}/start`);
    await tenant.runCycle(job.id);
    stub.requests.length = 0;
    await graph("POST", `${job.path}/restart`, { criteria: { resetScope: "Watermark" } });
    expect(await tenant.runCycle(job.id)).toMatchObject({ report: { kind: "initial" } });
    expect(posts()).toEqual([]);
    await graph("POST", `${job.path}/restart`, { criteria: { resetScope: "Full" } });
    await tenant.runCycle(job.id);
    expect(posts()).toHaveLength(3);
  });

  it("puts the job into quarantine for a wrong token, schedule untouched, and a start takes it out", async () => {
    await graph("POST", `${job.path}/start`);
    await putSecrets(graph, application, { BaseAddress: "https://datahub.example", SecretToken: "wrong" });
    await tenant.runCycle(job.id);
    const { body } = await graph("GET", job.path);
    expect(body.schedule.state).toBe("Active");
    expect(body.status).toMatchObject({
      code: "Quarantine",
      countSuccessiveCompleteFailures: 1,
      quarantine: {
        reason: "EncounteredQuarantineException",
        seriesCount: 1,
        error: { code: "SystemForCrossDomainIdentityManagementInvalidCredentials" },
      },
    });
    await tenant.runCycle(job.id);
    expect(await status()).toMatchObject({
      countSuccessiveCompleteFailures: 2,
      quarantine: { seriesCount: 2 },
    });
    await graph("POST", `${job.path}/start`);
    expect(await status()).toMatchObject({ code: "Active", quarantine: null });
  });

  it("puts the job into quarantine when there are no credentials, without a request", async () => {
    await putSecrets(graph, application, {});
    await graph("POST", `${job.path}/start`);
    expect(await tenant.runCycle(job.id)).toMatchObject({ ran: false });
    expect(await status()).toMatchObject({
      code: "Quarantine",
      quarantine: { error: { code: "CredentialsMissing" } },
    });
    expect(stub.requests).toEqual([]);
  });

  it("holds back too many deletions until a restart allows them", async () => {
    await graph("POST", `${job.path}/start`);
    await tenant.runCycle(job.id);
    const threshold = JSON.stringify({
      Enabled: false,
      DeleteThresholdEnabled: true,
      DeleteThresholdValue: 1,
    });
    await putSecrets(graph, application, {
      BaseAddress: "https://datahub.example",
      SecretToken: "scim-token",
      SyncNotificationSettings: threshold,
    });
    tenant.change({ change: "deleteGroup", group: "governance-team" });
    await tenant.runCycle(job.id);
    expect(await status()).toMatchObject({ code: "Quarantine", quarantine: { reason: "TooManyDeletes" } });
    await graph("POST", `${job.path}/restart`, { criteria: { resetScope: "ForceDeletes" } });
    await tenant.runCycle(job.id);
    expect(await status()).toMatchObject({ code: "Active", quarantine: null });
  });

  it("does not forget a restart or a change that comes while it runs", async () => {
    await graph("POST", `${job.path}/start`);
    await tenant.runCycle(job.id);
    tenant.change({ change: "update", user: JOHN, set: { displayName: "Johnny" } });
    stub.requests.length = 0;
    const cycle = tenant.runCycle(job.id);
    await tenant.asAdministrator("DELETE", `/v1.0${job.path}/schema`);
    expect(await cycle).toMatchObject({ report: { kind: "incremental" } });
    expect(stub.requests).not.toEqual([]);
    expect(await tenant.runCycle(job.id)).toMatchObject({ report: { kind: "initial" } });
  });

  it("waits for another of the same job", async () => {
    await graph("POST", `${job.path}/start`);
    const outcomes = await Promise.all([tenant.runCycle(job.id), tenant.runCycle(job.id)]);
    expect(outcomes.map((outcome) => outcome.ran && outcome.report.kind)).toEqual(["initial", "incremental"]);
    expect(posts()).toHaveLength(3);
  });

  it("stays paused when somebody pauses it meanwhile", async () => {
    await graph("POST", `${job.path}/start`);
    const cycle = tenant.runCycle(job.id);
    await tenant.asAdministrator("POST", `/v1.0${job.path}/pause`);
    await cycle;
    expect(await status()).toMatchObject({ code: "Paused" });
    expect(await tenant.runCycles()).toEqual({ [job.id]: { ran: false, why: "The job is paused." } });
  });
});

describe("provisioning on demand", () => {
  const onDemand = async (objectId: string, objectTypeName = "User") => {
    const { body } = await graph("GET", `${job.path}/schema`);
    const ruleId = body.synchronizationRules[0].id;
    return graph("POST", `${job.path}/provisionOnDemand`, {
      parameters: [{ ruleId, subjects: [{ objectId, objectTypeName }] }],
    });
  };

  it("provisions one person at once, started or not, and says the steps", async () => {
    const { status: code, body } = await onDemand(JOHN);
    expect(code).toBe(200);
    expect(JSON.parse(body.key)).toMatchObject({ result: "Success" });
    expect(JSON.parse(body.value)[0].provisioningSteps.length).toBeGreaterThan(2);
    expect(posts()).toEqual(["john@acme.example"]);
    expect((await graph("GET", "/auditLogs/provisioning")).body.value).toHaveLength(1);
  });

  it("answers 200 for somebody who is not assigned", async () => {
    const { status: code, body } = await onDemand(ADA);
    expect(code).toBe(200);
    expect(JSON.parse(body.key)).toMatchObject({
      result: "Skipped",
      details: { errorCode: "NotEffectivelyEntitled" },
    });
    expect(posts()).toEqual([]);
  });
});
