import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineEntra } from "../../src/inspect/doctor-entra.ts";
import { openTenants } from "../../src/inspect/tenants.ts";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
import { fakePulumi } from "./fake-pulumi.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("was not there");
}, 120_000);
afterAll(() => world?.close());

describe("rollcall doctor", () => {
  it("finds all that is needed, and tells the products' own conditions", async () => {
    const { exitCode, stdout } = await rollcall("doctor", world.spec, "-e", world.envFile);
    expect(stdout).toContain("✓ Synchronization.ReadWrite.All");
    expect(stdout).toContain("✓ okta.apps.read");
    expect(stdout).toContain("✓ okta.schemas.read");
    expect(stdout).toContain("✓ okta.policies.read");
    expect(stdout).toContain("SCIM is part of DataHub Cloud only.");
    expect(stdout).not.toContain("✗");
    expect(exitCode).toBe(0);
  });

  it("names a sign-in that is refused, and ends with 3", async () => {
    const envFile = `${world.envFile}.wrong`;
    writeEnvFile(envFile, {
      ...world.stage.sandbox.env,
      ARM_CLIENT_SECRET: "not-it",
      OKTA_API_TOKEN: "nor-this",
    });
    const { exitCode, stdout } = await rollcall("doctor", world.spec, "-e", envFile);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("✗ sign-in to Entra: Entra gave no token");
    expect(stdout).toContain("✗ sign-in to Okta");
    expect(stdout).not.toMatch(/not-it|nor-this/);
  });

  it("asks Okta only for what these applications need", async () => {
    const { stdout } = await rollcall("doctor", world.spec, "-e", world.envFile, "-a", "datahub-okta");
    expect(stdout).toContain("✓ okta.apps.read");
    expect(stdout).not.toMatch(/okta\.(schemas|policies)\.read/);
  });

  it("misses no log that only `status` reads", async () => {
    const tenants = openTenants(world.stage.sandbox.env);
    const claims = await tenants.graphClaims();
    const roles = claims?.roles?.filter((role) => role !== "AuditLog.Read.All") ?? [];
    const less = { ...tenants, graphClaims: async () => ({ ...claims, roles }) };
    const checks = await examineEntra(less);
    expect(checks.filter(({ verdict }) => verdict === "failed")).toEqual([]);
    expect(checks).toContainEqual({
      what: "ProvisioningLog.Read.All",
      verdict: "unseen",
      detail: expect.stringContaining("`rollcall status` cannot tell who failed"),
    });
  });

  it("examines the identity that the stack names, and not another one of the environment", async () => {
    const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ...env } = world.stage.sandbox.env;
    const entra = { tenantId: ARM_TENANT_ID, clientId: ARM_CLIENT_ID, clientSecret: ARM_CLIENT_SECRET };
    const config = {
      "rollcall:spec": { value: world.spec, secret: false },
      "rollcall:entra": { value: JSON.stringify(entra), secret: true },
    };
    const envFile = `${world.envFile}.stack`;
    writeEnvFile(envFile, { ...env, ...fakePulumi(dirname(world.envFile), config, {}) });
    const { stdout } = await rollcall("doctor", "--stack", "prod", "-e", envFile, "-a", "datahub");
    expect(stdout).toContain("✓ sign-in to Entra: as rollcall deployment");
    expect(stdout).not.toContain("✗");
  });
});
