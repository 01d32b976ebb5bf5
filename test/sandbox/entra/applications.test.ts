import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EntraTenant } from "../../../src/sandbox/entra/tenant.ts";
import {
  ADA,
  type Application,
  addRoles,
  assign,
  CLIENT_ID,
  CUSTOM_TEMPLATE,
  EDITOR,
  GOVERNANCE,
  type Graph,
  makeApplication,
  makeJob,
  putSecrets,
  READER,
  role,
  start,
} from "./harness.ts";

let tenant: EntraTenant;
let graph: Graph;
let application: Application;
beforeEach(async () => {
  ({ tenant, graph } = await start());
  application = await makeApplication(tenant, graph);
});
afterEach(() => tenant.stop());

const servicePrincipal = () => `/servicePrincipals/${application.servicePrincipalId}`;
const roleNames = async (path: string): Promise<string[]> =>
  (await graph("GET", path)).body.appRoles.map(({ displayName }: { displayName: string }) => displayName);

describe("an application from the template", () => {
  it("has the template's two roles, on the application and on its service principal", async () => {
    expect((await graph("GET", `/applications/${application.id}`)).body).toMatchObject({
      displayName: "DataHub",
      applicationTemplateId: CUSTOM_TEMPLATE,
      appRoles: [
        { id: "18d14569-c3bd-439b-9a66-3a2aee01d14f", displayName: "User", value: null, isEnabled: true },
        { id: "b9632174-c057-4f7e-951b-be3adc52bfe6", displayName: "msiam_access", value: null },
      ],
    });
    const found = await graph("GET", `/servicePrincipals?$filter=appId eq '${application.appId}'`);
    expect(found.body.value).toHaveLength(1);
    expect(found.body.value[0]).toMatchObject({
      id: application.servicePrincipalId,
      applicationTemplateId: CUSTOM_TEMPLATE,
      appRoleAssignmentRequired: true,
    });
    expect(await roleNames(servicePrincipal())).toEqual(["User", "msiam_access"]);
  });

  it("is found by alternate key, by template and name, and in the gallery by its template's name", async () => {
    const byKey = await graph("GET", `/servicePrincipals(appId='${application.appId}')?$select=id`);
    expect(byKey.body.id).toBe(application.servicePrincipalId);
    const filter = `applicationTemplateId eq '${CUSTOM_TEMPLATE}' and displayName eq 'datahub'`;
    expect((await graph("GET", `/applications?$filter=${filter}`)).body.value[0].id).toBe(application.id);
    expect(
      (await graph("GET", "/applicationTemplates?$filter=displayName eq 'custom'")).body.value[0].id,
    ).toBe(CUSTOM_TEMPLATE);
    expect((await graph("GET", `/applicationTemplates/${CUSTOM_TEMPLATE}`)).body.displayName).toBe("Custom");
  });

  it("belongs to who made it, as does its service principal", async () => {
    const deployment = await graph("GET", `/servicePrincipals?$filter=appId eq '${CLIENT_ID}'`);
    const { id } = deployment.body.value[0];
    for (const path of [`/applications/${application.id}`, servicePrincipal()]) {
      expect((await graph("GET", `${path}/owners`)).body.value).toMatchObject([
        { id, "@odata.type": "#microsoft.graph.servicePrincipal" },
      ]);
      expect((await graph("DELETE", `${path}/owners/${id}/$ref`)).status).toBe(204);
      expect((await graph("GET", `${path}/owners`)).body.value).toEqual([]);
      expect(
        (await graph("POST", `${path}/owners/$ref`, { "@odata.id": `x/directoryObjects/${ADA}` })).status,
      ).toBe(204);
    }
  });

  it("hands its roles on to the service principal a little later", async () => {
    const { body } = await graph("GET", `/applications/${application.id}`);
    const appRoles = [...body.appRoles, role(READER, "Reader")];
    await graph("PATCH", `/applications/${application.id}`, {
      "@odata.type": "#microsoft.graph.application",
      appRoles,
    });
    expect(await roleNames(servicePrincipal())).not.toContain("Reader");
    expect(await roleNames(`/applications/${application.id}`)).toContain("Reader");
    expect(await roleNames(servicePrincipal())).toContain("Reader");
  });

  it("renames its service principal with itself", async () => {
    await graph("PATCH", `/applications/${application.id}`, { displayName: "Catalogue" });
    tenant.settle();
    expect((await graph("GET", servicePrincipal())).body.displayName).toBe("Catalogue");
  });

  it("lets a role be changed or removed once it is disabled, which takes its assignments with it", async () => {
    await addRoles(tenant, graph, application, role(READER, "Reader"), role(EDITOR, "Editor"));
    await assign(graph, application, ADA, READER);
    await assign(graph, application, ADA, EDITOR);
    const roles = (await graph("GET", `/applications/${application.id}`)).body.appRoles;
    const patch = async (appRoles: unknown) =>
      graph("PATCH", `/applications/${application.id}`, { appRoles });
    const disabled = roles.map((one: { id: string }) =>
      one.id === READER ? { ...one, isEnabled: false } : one,
    );
    expect((await patch(disabled)).status).toBe(204);
    expect((await patch(disabled.filter((one: { id: string }) => one.id !== READER))).status).toBe(204);
    tenant.settle();
    const left = await graph("GET", `${servicePrincipal()}/appRoleAssignedTo`);
    expect(left.body.value.map(({ appRoleId }: { appRoleId: string }) => appRoleId)).toEqual([EDITOR]);
  });

  it("takes everything with it when it is deleted", async () => {
    await addRoles(tenant, graph, application, role(READER, "Reader"));
    await assign(graph, application, GOVERNANCE, READER);
    await putSecrets(graph, application, { BaseAddress: "https://datahub.example" });
    await makeJob(graph, application);
    expect((await graph("DELETE", `/applications/${application.id}`)).status).toBe(204);
    for (const path of [
      `/applications/${application.id}`,
      servicePrincipal(),
      `${servicePrincipal()}/synchronization/secrets`,
    ]) {
      expect((await graph("GET", path)).status).toBe(404);
    }
    expect((await graph("GET", `/groups/${GOVERNANCE}/appRoleAssignments`)).body.value).toEqual([]);
    expect(await tenant.runCycles()).toEqual({});
  });
});

describe("a plain application", () => {
  it("is created with owners and gets a service principal of its own", async () => {
    const made = await graph("POST", "/applications", {
      displayName: "Plain",
      "owners@odata.bind": [`${tenant.baseUrl}/v1.0/directoryObjects/${ADA}`],
    });
    expect(made.status).toBe(201);
    expect(made.body.applicationTemplateId).toBeNull();
    const owners = (await graph("GET", `/applications/${made.body.id}/owners`)).body.value;
    expect(owners.map(({ id }: { id: string }) => id)).toContain(ADA);
    const principal = await graph("POST", "/servicePrincipals", { appId: made.body.appId, description: "x" });
    expect(principal.body).toMatchObject({ displayName: "Plain", description: "x", accountEnabled: true });
    expect(
      (await graph("PATCH", `/servicePrincipals/${principal.body.id}`, { notes: "y", tags: ["z"] })).status,
    ).toBe(204);
    expect(
      (await graph("GET", `/beta/servicePrincipals/${principal.body.id}?$select=notes,tags`)).body,
    ).toMatchObject({
      notes: "y",
      tags: ["z"],
    });
    expect((await graph("DELETE", `/servicePrincipals/${principal.body.id}`)).status).toBe(204);
    expect((await graph("GET", `/applications/${made.body.id}`)).status).toBe(200);
  });
});

describe("assignments", () => {
  it("are made, listed from both ends, read and removed", async () => {
    await addRoles(tenant, graph, application, role(READER, "Reader"));
    const made = await assign(graph, application, GOVERNANCE, READER);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      principalId: GOVERNANCE,
      principalType: "Group",
      principalDisplayName: "governance-team",
      resourceDisplayName: "DataHub",
      appRoleId: READER,
    });
    const path = `${servicePrincipal()}/appRoleAssignedTo`;
    expect((await graph("GET", path)).body.value).toHaveLength(1);
    expect((await graph("GET", `/groups/${GOVERNANCE}/appRoleAssignments`)).body.value[0].id).toBe(
      made.body.id,
    );
    expect((await graph("GET", `${path}/${made.body.id}`)).body.appRoleId).toBe(READER);
    expect((await graph("DELETE", `${path}/${made.body.id}`)).status).toBe(204);
    expect((await graph("GET", path)).body.value).toEqual([]);
    expect((await graph("GET", `${path}/${made.body.id}`)).status).toBe(404);
  });

  it("hide with a user in the recycle bin and come back", async () => {
    await addRoles(tenant, graph, application, role(READER, "Reader"));
    await assign(graph, application, ADA, READER);
    const count = async () =>
      (await graph("GET", `${servicePrincipal()}/appRoleAssignedTo`)).body.value.length;
    tenant.change({ change: "softDelete", user: ADA });
    expect(await count()).toBe(0);
    tenant.change({ change: "restore", user: ADA });
    expect(await count()).toBe(1);
    tenant.change({ change: "delete", user: ADA });
    expect(await count()).toBe(0);
  });
});
