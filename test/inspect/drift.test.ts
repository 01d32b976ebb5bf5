import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SynchronizationSchema } from "../../src/clients/graph/synchronization-schema.ts";
import { mistakeIn } from "../../src/inspect/compare-mappings.ts";
import { renderDrift } from "../../src/inspect/render-drift.ts";
import { writeEnvFile } from "../../src/sandbox/env-file.ts";
import { appliedWorld, rollcall, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
}, 120_000);
afterAll(() => world?.close());

async function drift(application?: string) {
  const { exitCode, stdout } = await rollcall(
    "drift",
    world.spec,
    "--env-file",
    world.envFile,
    "--format",
    "json",
    ...(application ? ["--application", application] : []),
  );
  const report = JSON.parse(stdout) as {
    verdict: string;
    applications: {
      name: string;
      drift?: { aspect: string; message: string }[];
      notes?: string[];
      failure?: string;
    }[];
  };
  return {
    exitCode,
    verdict: report.verdict,
    failures: report.applications.flatMap(({ failure }) => failure ?? []),
    found: report.applications.flatMap((one) =>
      (one.drift ?? []).map(({ aspect, message }) => `${one.name} ${aspect}: ${message}`),
    ),
  };
}

/** Calls Graph as somebody in the portal does. */
const portal = (method: string, path: string, body?: unknown) =>
  world.stage.sandbox.entra.asAdministrator(method, `/v1.0${path}`, body) as Promise<{ value: never[] }>;

/** Calls Okta as an administrator does. */
const adminConsole = (method: string, path: string, body?: unknown) =>
  world.stage.sandbox.okta.asAdministrator(method, `/api/v1${path}`, body) as Promise<never>;

function idOf(name: string): string {
  const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
  return made[name]?.servicePrincipalObjectId ?? made[name]?.applicationId ?? "";
}

async function jobOf(name: string): Promise<string> {
  const base = `/servicePrincipals/${idOf(name)}/synchronization/jobs`;
  const { value } = (await portal("GET", base)) as { value: { id: string }[] };
  return `${base}/${value[0]?.id}`;
}

function entraUser(userPrincipalName: string): string {
  const user = world.stage.sandbox
    .directories()
    .entra.users.find((one) => one.userPrincipalName === userPrincipalName);
  if (!user) throw new Error(`nobody is ${userPrincipalName}`);
  return user.id;
}

async function editMappings(
  name: string,
  edit: (users: SynchronizationSchema["synchronizationRules"][0]["objectMappings"][0]) => void,
) {
  const path = `${await jobOf(name)}/schema`;
  const schema = (await portal("GET", path)) as unknown as SynchronizationSchema;
  const users = schema.synchronizationRules[0]?.objectMappings.find(
    ({ sourceObjectName }) => sourceObjectName === "User",
  );
  if (!users) throw new Error("the schema maps no users");
  edit(users);
  await portal("PUT", path, schema);
}

describe("rollcall drift", () => {
  it("says nothing of tenants that are as declared, and writes nothing to them", async () => {
    const { entra, okta } = world.stage.sandbox;
    const writes = () => [entra.log.counts().writes, okta.log.counts().writes];
    const before = writes();
    expect(await drift()).toEqual({ exitCode: 0, verdict: "clean", failures: [], found: [] });
    expect(writes()).toEqual(before);
  });

  it("names who was let in or taken out by hand in Entra", async () => {
    const base = `/servicePrincipals/${idOf("datahub")}/appRoleAssignedTo`;
    const { value } = (await portal("GET", base)) as {
      value: { id: string; principalDisplayName: string; appRoleId: string }[];
    };
    const governance = value.find(({ principalDisplayName }) => principalDisplayName === "governance-team");
    await portal("DELETE", `${base}/${governance?.id}`);
    await portal("POST", base, {
      principalId: entraUser("carol@sandbox.example"),
      resourceId: idOf("datahub"),
      appRoleId: governance?.appRoleId,
    });
    const { exitCode, found } = await drift("datahub");
    expect(exitCode).toBe(7);
    expect(found).toEqual([
      "datahub assignment: Group governance-team (Reader) is not assigned, and should be.",
      "datahub assignment: User carol@sandbox.example (Reader) is assigned, and nobody declared it.",
    ]);
  });

  it("names mappings that were removed, changed or added by hand", async () => {
    await editMappings("data-mesh-manager", (users) => {
      users.attributeMappings = users.attributeMappings.filter(
        ({ targetAttributeName }) => targetAttributeName !== "externalId",
      );
      for (const mapping of users.attributeMappings) {
        if (mapping.targetAttributeName !== "displayName") continue;
        mapping.source = {
          expression: "[mailNickname]",
          name: "mailNickname",
          type: "Attribute",
          parameters: [],
        };
      }
      const [like] = users.attributeMappings;
      if (!like) throw new Error("there are no mappings");
      users.attributeMappings.push({
        ...like,
        targetAttributeName: "title",
        matchingPriority: 0,
        source: { expression: "[jobTitle]", name: "jobTitle", type: "Attribute", parameters: [] },
      });
    });
    const { exitCode, found } = await drift("data-mesh-manager");
    expect(exitCode).toBe(7);
    expect(found).toEqual([
      "data-mesh-manager mapping: The user mapping of displayName is [mailNickname], and should be [displayName].",
      "data-mesh-manager mapping: The user mapping of externalId was removed; it should be [objectId].",
      "data-mesh-manager mapping: The user mapping of title ([jobTitle]) is not declared.",
    ]);
  });

  it("names the list that Data Mesh Manager's guide prints as the mistake it is", () => {
    expect(mistakeIn('Switch([IsSoftDeleted], , "False", "True", "False")')).toContain("soft-deleted");
    expect(mistakeIn('Switch([IsSoftDeleted], , "False", "True", "True", "False")')).toBe("");
  });

  it("names a changed endpoint, scope and notices, a lost token and a paused job", async () => {
    await portal("PUT", `/servicePrincipals/${idOf("collate")}/synchronization/secrets`, {
      value: [
        { key: "BaseAddress", value: "https://datahub.sandbox.example/gms/openapi/scim/v2" },
        { key: "SecretToken", value: "expired" },
        { key: "SyncAll", value: "true" },
        {
          key: "SyncNotificationSettings",
          value: JSON.stringify({
            Enabled: true,
            Recipients: "eve@example.com",
            DeleteThresholdEnabled: true,
            DeleteThresholdValue: 5,
          }),
        },
      ],
    });
    await portal("POST", `${await jobOf("collate")}/pause`);
    const { exitCode, found } = await drift("collate");
    expect(exitCode).toBe(7);
    expect(found.map((line) => line.split(":")[0])).toEqual([
      "collate endpoint",
      "collate scope",
      "collate notifications",
      "collate notifications",
      "collate credentials",
      "collate job",
    ]);
    expect(found.join()).not.toContain("expired");
  });

  it("names a quarantine, and why", async () => {
    const { sandbox } = world.stage;
    await portal("PUT", `/servicePrincipals/${idOf("catalog")}/synchronization/secrets`, {
      value: [
        { key: "BaseAddress", value: "https://catalog.sandbox.example/scim/v2" },
        { key: "SecretToken", value: "expired" },
        { key: "SyncAll", value: "false" },
      ],
    });
    await sandbox.entra.runCycle((await jobOf("catalog")).split("/").at(-1) ?? "");
    const { exitCode, found } = await drift("catalog");
    expect(exitCode).toBe(7);
    expect(found).toContainEqual(
      expect.stringMatching(/^catalog quarantine: Entra has put the job in quarantine: .*next attempt/),
    );
    expect(found).toContainEqual(
      expect.stringMatching(/^catalog credentials: Entra cannot sign in to https:\/\/catalog/),
    );
  });

  it("names what was changed by hand in Okta", async () => {
    const { okta } = world.stage.sandbox;
    const id = idOf("collate-okta");
    const pushes = (await adminConsole("GET", `/apps/${id}/group-push/mappings`)) as {
      id: string;
      sourceGroupId: string;
    }[];
    const [first] = pushes;
    await adminConsole("PATCH", `/apps/${id}/group-push/mappings/${first?.id}`, { status: "INACTIVE" });
    const groups = (await adminConsole("GET", "/groups?limit=200")) as {
      id: string;
      profile: { name: string };
    }[];
    const group = (name: string) => groups.find(({ profile }) => profile.name === name)?.id;
    await adminConsole("DELETE", `/apps/${id}/groups/${group("collate-users")}`);
    await adminConsole("PUT", `/apps/${id}/groups/${group("governance-team")}`, {});
    await okta.admin.changeActions(id, { deactivateUsers: false });
    const { exitCode, found } = await drift("collate-okta");
    expect(exitCode).toBe(7);
    expect(found).toEqual([
      "collate-okta scim: A switch is not as it should be: Provisioning > To App > Deactivate Users: on (without it, people who leave keep their access).",
      "collate-okta assignment: Group collate-users is not assigned, and should be.",
      "collate-okta assignment: Group governance-team is assigned, and nobody declared it.",
      expect.stringMatching(/^collate-okta push: Group .* is pushed no longer: its push was set inactive\.$/),
    ]);
  });

  it("names SCIM that was switched off, a label and an icon that were changed", async () => {
    const { okta } = world.stage.sandbox;
    const id = idOf("datahub-okta");
    okta.admin.removeScim(id);
    const app = (await adminConsole("GET", `/apps/${id}`)) as Record<string, object>;
    await adminConsole("PUT", `/apps/${id}`, {
      ...app,
      visibility: { ...app.visibility, hide: { iOS: true, web: false } },
    });
    const { exitCode, found } = await drift("datahub-okta");
    expect(exitCode).toBe(7);
    expect(found).toEqual([
      "datahub-okta visibility: The application's icon is shown to users on the web, and should be hidden: nobody signs in through it.",
      "datahub-okta scim: SCIM provisioning is switched off in Okta: nobody is provisioned, and leavers keep their access.",
    ]);
  });

  it("finds an application that was renamed by hand, when it is told the stack's outputs", async () => {
    const id = idOf("datahub-okta");
    const app = (await adminConsole("GET", `/apps/${id}`)) as Record<string, unknown>;
    await adminConsole("PUT", `/apps/${id}`, { ...app, label: "Old DataHub" });
    const outputs = join(world.stage.scratch, "outputs.json");
    writeFileSync(outputs, JSON.stringify(world.applied.outputs));
    const without = await drift("datahub-okta");
    expect(without.found).toEqual([
      'datahub-okta application: There is no application labelled "DataHub-SCIM-SWA" in Okta.',
    ]);
    const { stdout, exitCode } = await rollcall(
      "drift",
      world.spec,
      "-e",
      world.envFile,
      "-a",
      "datahub-okta",
      "--outputs",
      outputs,
    );
    expect(exitCode).toBe(7);
    await adminConsole("PUT", `/apps/${id}`, app);
    expect(stdout).toContain('labelled "Old DataHub" in Okta, and "DataHub-SCIM-SWA" in the spec');
  });

  it("ends with 3 when nobody can be signed in, and still reports the other applications", async () => {
    const { exitCode, failures } = await withEnvironment({ ARM_CLIENT_SECRET: "wrong" }, () => drift());
    expect(exitCode).toBe(3);
    expect(failures).toHaveLength(4);
    expect(failures[0]).toContain("Entra gave no token");
    expect(failures.join()).not.toContain("wrong");
  });

  it("writes the same Markdown for the same failure, whenever it happens", async () => {
    const nightly = () =>
      withEnvironment({ ARM_CLIENT_SECRET: "wrong" }, () =>
        rollcall("drift", world.spec, "--env-file", world.envFile, "--format", "json"),
      );
    const reports = [JSON.parse((await nightly()).stdout), JSON.parse((await nightly()).stdout)];
    const [first, second] = reports.map((report) => renderDrift(report, "markdown", (_style, said) => said));
    expect(reports[0].applications[0].failure).toMatch(/Trace ID: /);
    expect(first).toContain("Entra gave no token to application");
    expect(first).toContain("AADSTS7000215");
    expect(first).not.toContain("Trace ID");
    expect(second).toBe(first);
  });

  it("writes Markdown in which no name of a tenant is markup", () => {
    const message = "User @carol_x [a](http://b) is assigned\n# and";
    const report = {
      environment: "prod",
      file: "config/prod.yaml",
      applications: [
        {
          name: "datahub",
          idp: "entra" as const,
          product: "datahub",
          drift: [{ aspect: "assignment" as const, message, help: "`up` takes it out." }],
          notes: [],
        },
      ],
    };
    const text = renderDrift(report, "markdown", (_style, said) => said);
    expect(text).toContain(
      "- **assignment**: User @<!-- -->carol\\_x \\[a\\](http:<!-- -->//b) is assigned \\# and  \n  \\`up\\` takes it out.",
    );
  });
});

/** The credentials' file with other values, for one run. */
async function withEnvironment<T>(values: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const good = world.envFile;
  world.envFile = `${good}.other`;
  writeEnvFile(world.envFile, { ...world.stage.sandbox.env, ...values });
  try {
    return await work();
  } finally {
    world.envFile = good;
  }
}
