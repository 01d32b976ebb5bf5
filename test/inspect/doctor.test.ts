import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
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
});
