import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "../../src/inspect/check.ts";
import { readOnDemand } from "../../src/inspect/on-demand.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
}, 120_000);
afterAll(() => world?.close());

async function verify(name: string, ...more: string[]) {
  const application = world.stage.application(name);
  if (!application) throw new Error(`the spec has no ${name}`);
  const url = world.stage.sandbox.scimUrl(application);
  const { exitCode, stdout } = await rollcall(
    ...["verify", world.spec, "-e", world.envFile, "-a", name, "--scim-url", url, "--json", ...more],
  );
  const [found] = JSON.parse(stdout).applications as { checks: Check[]; remaining: string[] }[];
  return { exitCode, checks: found?.checks ?? [], remaining: found?.remaining ?? [] };
}

describe("rollcall verify", () => {
  it("provisions a user and a group from Entra and finds them in the product, the role after the next cycle", async () => {
    const who = ["--user", "sid@sandbox.example", "--group", "governance-team"];
    const first = await verify("datahub", ...who);
    expect(first.checks.filter(({ verdict }) => verdict === "failed")).toEqual([]);
    expect(first.checks.map(({ what, verdict }) => `${verdict} ${what}`)).toEqual([
      "ok Entra's Test Connection",
      "ok provisioning sid@sandbox.example on demand",
      "ok provisioning group governance-team on demand",
      "ok sid@sandbox.example in the product",
      "later sid@sandbox.example's role",
      "ok group governance-team in the product",
    ]);
    expect(first.exitCode).toBe(0);
    expect(first.remaining.join()).toContain("password");
    await world.stage.provision();
    const second = await verify("datahub", ...who);
    expect(second.checks).toContainEqual({
      what: "sid@sandbox.example's role",
      verdict: "ok",
      detail: "Reader",
    });
  });

  it("fails when Entra skipped the person, though the answer was 200", async () => {
    const { exitCode, checks } = await verify("datahub", "--user", "carol@sandbox.example");
    expect(exitCode).toBe(1);
    expect(checks[1]).toMatchObject({
      verdict: "failed",
      what: "provisioning carol@sandbox.example on demand",
    });
    expect(checks[2]).toMatchObject({ verdict: "ok", detail: "has no access, as the spec says" });
  });

  it("reads Okta's own word for a user and a push, and says what it cannot see", async () => {
    await world.stage.provision();
    const { exitCode, checks } = await verify(
      "datahub-okta",
      "--user",
      "sid@sandbox.example",
      "--group",
      "governance-team",
    );
    expect(checks.map(({ what, verdict }) => `${verdict} ${what}`)).toEqual([
      "ok SCIM in Okta",
      "unseen the token that Okta has",
      "ok sid@sandbox.example in Okta",
      "ok push of governance-team in Okta",
      "ok sid@sandbox.example in the product",
      "ok group governance-team in the product",
    ]);
    expect(exitCode).toBe(0);
  });

  it("looks for the application by the ids in --outputs", async () => {
    const outputs = join(world.stage.scratch, "outputs.json");
    const gone = "99999999-0000-4000-8000-000000000000";
    writeFileSync(outputs, JSON.stringify({ applications: { datahub: { servicePrincipalObjectId: gone } } }));
    const { exitCode, checks } = await verify("datahub", "--outputs", outputs);
    expect(exitCode).toBe(1);
    expect(checks).toEqual([
      expect.objectContaining({ verdict: "failed", detail: expect.stringContaining(gone) }),
    ]);
  });

  it("fails on what the spec names and the tenant does not have", async () => {
    const spec = join(world.stage.scratch, "unknown-group.yaml");
    const known = "{ group: governance-team, role: Reader }";
    const text = readFileSync(world.spec, "utf8");
    writeFileSync(spec, text.replace(`- ${known}`, `- ${known}\n        - { group: nobodys, role: Reader }`));
    const { exitCode, stdout } = await rollcall("verify", spec, "-e", world.envFile, "-a", "datahub");
    expect(stdout).toContain('there is no group "nobodys"');
    expect(exitCode).toBe(1);
  });

  it("takes a failed step for a failure, and being in sync for none", () => {
    const answer = (result: string, status: string, description: string) => ({
      key: JSON.stringify({ result, details: null }),
      value: JSON.stringify([
        { action: "other", provisioningSteps: [{ name: "EntryExport", status, description }] },
      ]),
    });
    expect(readOnDemand("ada", answer("Failure", "failure", "409")).verdict).toBe("failed");
    expect(readOnDemand("ada", answer("Success", "failure", "409")).verdict).toBe("failed");
    expect(readOnDemand("ada", answer("Skipped", "skipped", "RedundantExport")).verdict).toBe("ok");
    expect(readOnDemand("ada", answer("Skipped", "skipped", "not assigned")).verdict).toBe("failed");
    expect(readOnDemand("ada", { key: "no JSON", value: "" }).verdict).toBe("failed");
  });
});
