import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptEntra } from "../../src/adopt/adopt-entra.ts";
import { adoptOkta } from "../../src/adopt/adopt-okta.ts";
import type { ImportedResource } from "../../src/adopt/adopted.ts";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import type { DesiredApplication } from "../../src/desired/model.ts";
import { openTenants } from "../../src/inspect/tenants.ts";
import { findProduct } from "../../src/products/registry.ts";
import { type OperateOptions, operate } from "../../src/sandbox/operate.ts";
import { loadSpec } from "../../src/spec/load.ts";
import { appliedWorld, rollcall, type World } from "../inspect/world.ts";

let world: World;
let folder: string;
beforeAll(async () => {
  world = await appliedWorld("has switched SCIM on");
  folder = mkdtempSync(join(tmpdir(), "rollcall-adopt-"));
}, 120_000);
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const COLLATE = {
  key: "collate-okta",
  secret: "collateOktaScimToken",
  product: "collate",
  endpoint: "https://collate-okta.sandbox.example/api/v1/scim",
};

/** What an application has to be, without where a spec says so; lists in an order that does not tell. */
function meaning(application: DesiredApplication | undefined): unknown {
  return JSON.parse(
    JSON.stringify(application, (key, value) => {
      if (key === "at") return undefined;
      return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value;
    }).replaceAll(/,?\\"at\\":\{[^}]*\},?/g, ""),
  );
}

async function adopt(key: string, ...args: string[]) {
  const out = join(folder, `${key}.yaml`);
  const imports = join(folder, `${key}.json`);
  const { exitCode, stderr } = await rollcall(
    ...[
      "adopt",
      "-e",
      world.envFile,
      "--key",
      key,
      "--environment",
      "sandbox",
      "--out",
      out,
      "--imports",
      imports,
    ],
    ...args,
  );
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  const { spec, diagnostics } = loadSpec(out);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  if (!spec) throw new Error("the adopted spec is wrong");
  const { resources } = JSON.parse(readFileSync(imports, "utf8")) as { resources: ImportedResource[] };
  return { out, resources, desired: toDesiredState(spec).applications.find(({ name }) => name === key) };
}

/** A stack that knows nothing: `up` makes what is the state's own and stops at what it finds; then everything is imported. */
async function roundTrip(out: string, resources: ImportedResource[]) {
  const stateFile = join(folder, `${resources[0]?.name}.state.json`);
  const { env, entra, okta } = world.stage.sandbox;
  const run = (
    operation: "up" | "import" | "preview",
    more: Pick<OperateOptions, "imports" | "expectNoChanges"> = {},
  ) => operate({ operation, spec: out, stateFile, env, ...more });
  const writes = () => entra.log.counts().writes + okta.log.counts().writes;
  const before = writes();
  await run("up");
  const { diagnostics } = await run("import", { imports: { resources } });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const preview = await run("preview", { expectNoChanges: true });
  return { preview, writes: writes() - before };
}

const changed = (result: Awaited<ReturnType<typeof operate>>) =>
  result.steps
    .filter(({ op, type }) => op !== "same" && !type.startsWith("pulumi:"))
    .map(({ op, name }) => `${op} ${name}`);

describe("rollcall adopt", () => {
  it("makes the spec again from Entra, and its imports change nothing", async () => {
    const { out, resources, desired } = await adopt(
      "datahub",
      ...["--entra", "DataHub SCIM", "--secret", "datahubScimToken"],
    );
    expect(meaning(desired)).toEqual(meaning(world.stage.application("datahub")));
    const { preview, writes } = await roundTrip(out, resources);
    expect(changed(preview)).toEqual([]);
    expect(preview.exitCode).toBe(0);
    expect(writes).toBe(0);
  }, 120_000);

  it("makes roles, mappings and target attributes of a custom product again", async () => {
    const { out, resources, desired } = await adopt(
      "catalog",
      ...["--entra", "Catalog", "--secret", "catalogToken"],
    );
    const wanted = world.stage.application("catalog");
    if (desired?.idp !== "entra" || wanted?.idp !== "entra") throw new Error("both are of Entra");
    expect(desired.roles.map(({ id, value }) => `${value} ${id}`).sort()).toEqual(
      wanted.roles.map(({ id, value }) => `${value} ${id}`).sort(),
    );
    expect(desired.mappings.user).toEqual(wanted.mappings.user);
    expect(desired.assignments.map(({ name, role }) => `${name} ${role}`).sort()).toEqual(
      wanted.assignments.map(({ name, role }) => `${name} ${role}`).sort(),
    );
    const { preview, writes } = await roundTrip(out, resources);
    expect(changed(preview)).toEqual([]);
    expect(writes).toBe(0);
  }, 120_000);

  it("says which profile mappings of Okta are otherwise, and what the first preview shows of them", async () => {
    const { okta } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const call = async (method: string, path: string, body?: object) => {
      const { OKTA_API_TOKEN } = world.stage.sandbox.env;
      const answer = await fetch(`${okta.url}/api/v1${path}`, {
        method,
        headers: { authorization: `SSWS ${OKTA_API_TOKEN}`, "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(answer.ok).toBe(true);
      return (await answer.json()) as { id: string }[];
    };
    const target = made["collate-okta"]?.applicationId;
    const [mapping] = await call("GET", `/mappings?targetId=${target}`);
    await call("POST", `/mappings/${mapping?.id}`, {
      properties: { givenName: { expression: "user.nickName", pushStatus: "PUSH" } },
    });
    const { out, resources } = await adopt(
      "collate-okta",
      ...["--okta", "Collate", "--product", "collate", "--secret", "collateOktaScimToken"],
      ...["--endpoint", "https://collate-okta.sandbox.example/api/v1/scim"],
    );
    const text = readFileSync(out, "utf8");
    expect(text).toContain(
      "# - The profile attribute givenName is mapped from user.nickName; it should be user.firstName. The first `up` sets it right.",
    );
    expect(text).toContain("shows all attributes of the profile mapping as added");
    const { preview, writes } = await roundTrip(out, resources);
    expect(changed(preview)).toEqual(["update collate-okta-profile"]);
    expect(writes).toBe(0);
  }, 120_000);

  it("names a secret after its application, and says that the stack has to know the spec", async () => {
    const out = join(folder, "named.yaml");
    const { stdout } = await rollcall("adopt", "-e", world.envFile, "--entra", "DataHub SCIM", "--out", out);
    expect(stdout).toContain("pulumi config set --secret datahubScimToken\n");
    expect(stdout).toContain(`pulumi config set rollcall:spec ${out} `);
  });

  it("makes the spec again from Okta, once it is told where that leads to", async () => {
    const { out, resources, desired } = await adopt(
      "datahub-okta",
      ...["--okta", "DataHub-SCIM-SWA", "--product", "datahub"],
      ...["--endpoint", "https://datahub-okta.sandbox.example", "--secret", "datahubOktaScimToken"],
    );
    expect(meaning(desired)).toEqual(meaning(world.stage.application("datahub-okta")));
    const { preview, writes } = await roundTrip(out, resources);
    expect(changed(preview)).toEqual([]);
    expect(preview.exitCode).toBe(0);
    expect(writes).toBe(0);
  }, 120_000);

  it("says what the guide's reader has set differently", async () => {
    const { entra } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const { servicePrincipalObjectId: id, jobId } = made["data-mesh-manager"] ?? {};
    const path = `/v1.0/servicePrincipals/${id}/synchronization/jobs/${jobId}/schema`;
    const schema = (await entra.asAdministrator("GET", path)) as {
      synchronizationRules: {
        objectMappings: {
          sourceObjectName: string;
          attributeMappings: { targetAttributeName: string; source: object }[];
        }[];
      }[];
    };
    const users = schema.synchronizationRules[0]?.objectMappings.find(
      (one) => one.sourceObjectName === "User",
    );
    for (const mapping of users?.attributeMappings ?? []) {
      if (mapping.targetAttributeName !== "displayName") continue;
      mapping.source = {
        expression: "[mailNickname]",
        name: "mailNickname",
        type: "Attribute",
        parameters: [],
      };
    }
    await entra.asAdministrator("PUT", path, schema);
    const { stdout, exitCode } = await rollcall("adopt", "-e", world.envFile, "--entra", "Data Mesh Manager");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("product: data-mesh-manager");
    expect(stdout).toContain(
      "# - The user mapping of displayName is [mailNickname], and should be [displayName].",
    );
  });

  it("takes over an application that somebody set up by the guide, app roles with ids of their own included", async () => {
    const { entra, env } = world.stage.sandbox;
    const portal = (method: string, path: string, body?: unknown) =>
      entra.asAdministrator(method, `/v1.0${path}`, body) as Promise<never>;
    type Made = {
      application: { id: string };
      servicePrincipal: { id: string; appRoles: { id: string; value: string | null }[] };
    };
    const template = "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate";
    const made: Made = await portal("POST", template, { displayName: "DataHub by hand" });
    entra.settle();
    const principal = `/servicePrincipals/${made.servicePrincipal.id}`;
    const { appRoles }: { appRoles: object[] } = await portal("GET", `/applications/${made.application.id}`);
    const ids = { Admin: randomUUID(), Editor: randomUUID(), Reader: randomUUID() };
    const descriptions = new Map(
      findProduct("datahub")?.entra.roles.map((role) => [role.value, role.description]),
    );
    await portal("PATCH", `/applications/${made.application.id}`, {
      appRoles: [
        ...appRoles,
        ...Object.entries(ids).map(([value, id]) => ({
          id,
          value,
          displayName: value,
          description: descriptions.get(value),
          allowedMemberTypes: ["User"],
          isEnabled: true,
        })),
      ],
    });
    entra.settle();
    const job: { id: string } = await portal("POST", `${principal}/synchronization/jobs`, {
      templateId: "scim",
    });
    await portal("PUT", `${principal}/synchronization/secrets`, {
      value: [
        { key: "BaseAddress", value: "https://datahub.sandbox.example/gms/openapi/scim/v2" },
        { key: "SecretToken", value: env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN },
        { key: "SyncAll", value: "false" },
      ],
    });
    const group = world.stage.sandbox
      .directories()
      .entra.groups.find((one) => one.displayName === "data-platform");
    await portal("POST", `${principal}/appRoleAssignedTo`, {
      principalId: group?.id,
      resourceId: made.servicePrincipal.id,
      appRoleId: ids.Reader,
    });
    const { out, resources } = await adopt(
      "by-hand",
      ...["--entra", "DataHub by hand", "--secret", "datahubScimToken"],
    );
    expect(job.id).not.toBe("");
    const text = readFileSync(out, "utf8");
    expect(text).toContain(`Reader: ${ids.Reader}`);
    expect(text).toContain('# - The user mapping of roles[primary eq "True"].value was removed');
    const { preview, writes } = await roundTrip(out, resources);
    expect(writes).toBe(0);
    expect(changed(preview)).toEqual(["update by-hand-provisioning"]);
  }, 120_000);

  it("leaves out a push that is switched off, keeps one that failed, and says so", async () => {
    const { okta } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const path = `/api/v1/apps/${made["collate-okta"]?.applicationId}/group-push/mappings`;
    const pushes = (await okta.asAdministrator("GET", path)) as { id: string; sourceGroupId: string }[];
    const [inactive, broken] = pushes;
    const nameOf = (push: { sourceGroupId: string } | undefined) =>
      okta.directory().groups.find(({ id }) => id === push?.sourceGroupId)?.profile.name;
    await okta.asAdministrator("PATCH", `${path}/${inactive?.id}`, { status: "INACTIVE" });
    okta.admin.failPush(broken?.id ?? "", "409 Conflict");
    const { application, notes } = await adoptOkta("Collate", COLLATE, openTenants(world.stage.sandbox.env));
    const { pushGroups } = application.okta as { pushGroups: { name: string }[] };
    expect(pushGroups.map(({ name }) => name)).not.toContain(nameOf(inactive));
    expect(pushGroups.map(({ name }) => name)).toContain(nameOf(broken));
    expect(notes.join("\n")).toContain(`The push of ${nameOf(inactive)} is inactive in Okta, and left out`);
    expect(notes.join("\n")).toContain(`The push of ${nameOf(broken)} has failed in Okta`);
  });

  it("names whom Okta's search does not find, and who would lose access by it", async () => {
    const tenants = openTenants(world.stage.sandbox.env);
    const okta = tenants.okta();
    const late = {
      ...okta,
      list: async <T>(path: string) => (/search=/.test(path) ? [] : okta.list<T>(path)),
    };
    const { application, notes } = await adoptOkta("Collate", COLLATE, { ...tenants, okta: () => late });
    const { assignments } = application.okta as { assignments: object[] };
    expect(assignments).toEqual([]);
    expect(notes[0]).toMatch(/assigned, and not found by Okta's search.*an exclusive `up` would take/);
    expect(notes.join("\n")).toMatch(/pushed, and not found/);
  });

  it("warns of a filter that no spec can say, also for a custom product", async () => {
    const { entra } = world.stage.sandbox;
    const made = world.applied.outputs.applications as Record<string, Record<string, string>>;
    const { servicePrincipalObjectId: id, jobId } = made.catalog ?? {};
    const path = `/v1.0/servicePrincipals/${id}/synchronization/jobs/${jobId}/schema`;
    const schema = (await entra.asAdministrator("GET", path)) as {
      synchronizationRules: { objectMappings: { sourceObjectName: string; enabled: boolean }[] }[];
    };
    for (const mapping of schema.synchronizationRules[0]?.objectMappings ?? [])
      if (mapping.sourceObjectName === "Group") mapping.enabled = false;
    await entra.asAdministrator("PUT", path, schema);
    const { stdout } = await rollcall("adopt", "-e", world.envFile, "--entra", "Catalog");
    expect(stdout).toContain("# - TAKE CARE: group.enabled of the mapping was changed to false.");
  });

  it("takes the customary path alone for no product", async () => {
    const tenants = openTenants(world.stage.sandbox.env);
    const graph = await tenants.graph();
    const adoptAs = async (address: string) => {
      const answered = async <T>(path: string) => {
        const found = await graph.get<Record<string, unknown>>(path);
        if (path.endsWith("/secrets"))
          return { value: [{ key: "BaseAddress", value: `${address}/scim/v2` }] } as T;
        return (found.appRoles ? { ...found, appRoles: [] } : found) as T;
      };
      const options = { key: "a", secret: "aScimToken" };
      const stranger = { ...tenants, graph: async () => ({ ...graph, get: answered }) };
      return (await adoptEntra("Catalog", options, stranger)).application;
    };
    expect(await adoptAs("https://catalog.acme.com")).toMatchObject({
      product: "custom",
      endpoint: "https://catalog.acme.com/scim/v2",
    });
    expect(await adoptAs("https://acme.alationcloud.com")).toMatchObject({
      product: "alation",
      endpoint: "https://acme.alationcloud.com",
    });
  });

  it("refuses a name that nobody has, and a file that is there", async () => {
    const missing = await rollcall("adopt", "-e", world.envFile, "--entra", "Nobody");
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('There is no application named "Nobody" in Entra');
    const there = await rollcall("adopt", "-e", world.envFile, "--entra", "Catalog", "--out", world.spec);
    expect(there.exitCode).toBe(1);
    expect(there.stderr).toContain("is there already");
    const imports = join(folder, "stray.json");
    const both = ["--out", world.spec, "--imports", imports];
    expect((await rollcall("adopt", "-e", world.envFile, "--entra", "Catalog", ...both)).exitCode).toBe(1);
    expect(existsSync(imports)).toBe(false);
  });
});
