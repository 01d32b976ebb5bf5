import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PERMISSIONS } from "../../src/sandbox/entra/permissions.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

/** What docs/permissions.md lists for previews. */
const READING = [
  "Application.Read.All",
  "Synchronization.Read.All",
  "Group.Read.All",
  "User.Read.All",
] as const;

let world: World;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
  await consentTo(READING);
}, 120_000);
afterAll(() => world?.close());

const portal = (method: string, path: string, body?: unknown) =>
  world.stage.sandbox.entra.asAdministrator(method, `/v1.0${path}`, body) as Promise<{
    value: { id: string; principalId: string }[];
  }>;

/** The identity that runs rollcall holds these of Graph's permissions from now on, and no others. */
async function consentTo(permissions: readonly (keyof typeof PERMISSIONS)[]): Promise<void> {
  const idOf = async (appId: string | undefined) =>
    (await portal("GET", `/servicePrincipals?$filter=appId eq '${appId}'`)).value[0]?.id;
  const graph = await idOf("00000003-0000-0000-c000-000000000000");
  const principalId = await idOf(world.stage.sandbox.env.ARM_CLIENT_ID);
  const grants = `/servicePrincipals/${graph}/appRoleAssignedTo`;
  for (const grant of (await portal("GET", grants)).value) {
    if (grant.principalId === principalId) await portal("DELETE", `${grants}/${grant.id}`);
  }
  for (const name of permissions) {
    await portal("POST", grants, { principalId, resourceId: graph, appRoleId: PERMISSIONS[name] });
  }
}

const NOT_TRIED = /Entra was not asked whether it can sign in .*Synchronization\.ReadWrite\.All/;

describe("an identity that only reads", () => {
  it("previews and refreshes, and says once for each application that the token was not tried", async () => {
    for (const operation of ["preview", "refresh"] as const) {
      const { exitCode, diagnostics } = await world.stage.run(operation, true);
      expect(exitCode).toBe(0);
      const warnings = diagnostics.filter(({ message }) => NOT_TRIED.test(message));
      expect(warnings.map(({ severity }) => severity)).toEqual(Array(4).fill("warning"));
      expect(new Set(warnings.map(({ message }) => message)).size).toBe(4);
    }
  });

  it("looks for drift, and notes what it could not see without failing", async () => {
    const { exitCode, stdout } = await rollcall("drift", world.spec, "-e", world.envFile, "--format", "json");
    expect(exitCode).toBe(0);
    const { applications } = JSON.parse(stdout) as { applications: { idp: string; notes: string[] }[] };
    for (const { idp, notes } of applications) {
      expect(notes.filter((note) => NOT_TRIED.test(note))).toHaveLength(idp === "entra" ? 1 : 0);
    }
  });

  it("verifies what it can, and leaves Test Connection as unseen", async () => {
    const { stdout, ...ended } = await rollcall("verify", world.spec, "-e", world.envFile, "--json");
    expect(ended).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/"verdict": ?"unseen"/);
    expect(stdout).toMatch(NOT_TRIED);
  });

  it("is refused what it must not do, by name", async () => {
    await expect(
      (async () => {
        world.stage.editSpec("paused.yaml", (document) =>
          document.setIn(["applications", "datahub", "entra", "provisioning", "status"], "paused"),
        );
        await world.stage.run("up");
      })(),
    ).rejects.toThrow(/Synchronization\.ReadWrite\.All/);
  });
});
