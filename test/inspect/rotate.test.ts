import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
import { fakePulumi } from "./fake-pulumi.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("was not there");
}, 120_000);
afterAll(() => world?.close());

async function rotate(token: string | undefined, application = "datahub") {
  const { ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: _old, ...env } = world.stage.sandbox.env;
  const envFile = `${world.envFile}.${application}`;
  writeEnvFile(envFile, token === undefined ? env : { ...env, ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: token });
  const { entra } = world.stage.sandbox;
  const before = entra.log.counts().writes;
  const result = await rollcall("rotate", world.spec, "-e", envFile, "-a", application);
  return { ...result, writes: entra.log.counts().writes - before };
}

describe("rollcall rotate", () => {
  it("keeps the old token when the product does not take the new one, and never shows it", async () => {
    const { exitCode, stderr, stdout, writes } = await rotate("a-token-nobody-issued");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("The credentials in Entra were not changed");
    expect(stderr + stdout).not.toContain("a-token-nobody-issued");
    expect(writes).toBe(0);
    const drift = await rollcall("drift", world.spec, "-e", world.envFile, "-a", "datahub");
    expect(drift.exitCode).toBe(0);
  });

  it("stores a token that works, in one write, and leaves the rest as it was", async () => {
    const application = world.stage.application("datahub");
    if (!application) throw new Error("the spec has no datahub");
    const { exitCode, writes, stdout } = await rotate(world.stage.sandbox.tokenOf(application));
    expect(exitCode).toBe(0);
    expect(writes).toBe(1);
    expect(stdout).toContain("pulumi config set --secret datahubScimToken");
    const drift = await rollcall("drift", world.spec, "-e", world.envFile, "-a", "datahub");
    expect(drift.exitCode).toBe(0);
  });

  it("claims no new token, and lets nothing be revoked, where only the stack's own was there", async () => {
    const application = world.stage.application("datahub");
    if (!application) throw new Error("the spec has no datahub");
    const { ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: _unset, ...env } = world.stage.sandbox.env;
    const pulumi = fakePulumi(
      dirname(world.envFile),
      {
        "rollcall:spec": { value: world.spec, secret: false },
        "rollcall:datahubScimToken": { value: world.stage.sandbox.tokenOf(application), secret: true },
      },
      {},
    );
    const envFile = `${world.envFile}.stack`;
    writeEnvFile(envFile, { ...env, ...pulumi });
    const { exitCode, stdout } = await rollcall("rotate", "--stack", "prod", "-e", envFile, "-a", "datahub");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "with the token that the stack prod has, since ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN",
    );
    expect(stdout).toContain("Revoke nothing");
    expect(stdout).not.toContain("then revoke the old one");
  });

  it("says which variable is missing, and what a person does in Okta", async () => {
    const missing = await rotate(undefined);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN is not set");
    const okta = await rotate(undefined, "datahub-okta");
    expect(okta.exitCode).toBe(1);
    expect(okta.stdout).toContain("Test Connector Configuration");
  });
});
