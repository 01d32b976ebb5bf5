import { describe, expect, it } from "vitest";
import type { SynchronizationSchema } from "../../src/clients/graph/synchronization-schema.ts";
import type { Stage } from "../../src/demo/stage.ts";
import { mismatchesOf, openStage, provisionedStage } from "./stage.ts";

const ROLE = 'roles[primary eq "True"].value';

/** Edits the schema of the one job as somebody in the portal does. */
async function editSchema(stage: Stage, edit: (schema: SynchronizationSchema) => void): Promise<void> {
  const { entra } = stage.sandbox;
  const { value: found } = (await entra.asAdministrator(
    "GET",
    "/v1.0/servicePrincipals?$filter=displayName eq 'DataHub SCIM'",
  )) as { value: { id: string }[] };
  const synchronization = `/v1.0/servicePrincipals/${found[0]?.id}/synchronization/jobs`;
  const { value: jobs } = (await entra.asAdministrator("GET", synchronization)) as {
    value: { id: string }[];
  };
  const path = `${synchronization}/${jobs[0]?.id}/schema`;
  const schema = (await entra.asAdministrator("GET", path)) as SynchronizationSchema;
  edit(schema);
  await entra.asAdministrator("PUT", path, schema);
}

const userMappings = (schema: SynchronizationSchema) => {
  const mapping = schema.synchronizationRules[0]?.objectMappings.find((m) => m.sourceObjectName === "User");
  if (!mapping) throw new Error("the schema maps no users");
  return mapping;
};

describe("verification sees what is wrong", () => {
  it("when the role mapping was taken out by hand", async () => {
    const stage = await openStage();
    await stage.run("up");
    await editSchema(stage, (schema) => {
      const users = userMappings(schema);
      users.attributeMappings = users.attributeMappings.filter((m) => m.targetAttributeName !== ROLE);
    });
    await stage.provision();
    const mismatches = await mismatchesOf(stage);
    expect(mismatches).toContain("sid@sandbox.example does not have the role Reader");
    expect(mismatches).toContain("ada@sandbox.example does not have the role Admin");
  });

  it("when the cycle sends a role that nobody gave", async () => {
    const stage = await openStage();
    await stage.run("up");
    await editSchema(stage, (schema) => {
      const role = userMappings(schema).attributeMappings.find((m) => m.targetAttributeName === ROLE);
      if (!role) throw new Error("there is no role mapping to break");
      role.source = { expression: '"Admin"', name: "Admin", type: "Constant", parameters: [] };
    });
    await stage.provision();
    const mismatches = await mismatchesOf(stage);
    expect(mismatches).toContain("sid@sandbox.example has the role Admin, which the spec does not give");
    expect(mismatches).toContain("sid@sandbox.example does not have the role Reader");
  });

  it("when somebody gave a stranger access in the tenant", async () => {
    const stage = await provisionedStage();
    const { entra } = stage.sandbox;
    const carol = stage.sandbox
      .directories()
      .entra.users.find((u) => u.userPrincipalName.startsWith("carol"));
    const { value } = (await entra.asAdministrator(
      "GET",
      "/v1.0/servicePrincipals?$filter=displayName eq 'DataHub SCIM'",
    )) as { value: { id: string; appRoles: { id: string; value: string | null }[] }[] };
    await entra.asAdministrator("POST", `/v1.0/servicePrincipals/${value[0]?.id}/appRoleAssignedTo`, {
      principalId: carol?.id,
      resourceId: value[0]?.id,
      appRoleId: value[0]?.appRoles.find((role) => role.value === "Admin")?.id,
    });
    await stage.provision();
    expect(await mismatchesOf(stage)).toContain(
      "carol@sandbox.example is active and nothing in the spec lets them in",
    );
    await stage.run("up");
    await stage.provision();
    expect(await mismatchesOf(stage)).toEqual([]);
  });
});
