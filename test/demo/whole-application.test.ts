import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mismatchesOf, provisionedStage } from "./stage.ts";

interface Entry {
  id: string;
  appId: string;
  appRoles: { id: string; value: string | null }[];
}

async function entra(stage: Awaited<ReturnType<typeof provisionedStage>>, query: string): Promise<Entry[]> {
  const answer = await stage.sandbox.entra.asAdministrator("GET", encodeURI(`/v1.0/${query}`));
  return (answer as { value: Entry[] }).value;
}

const NOBODY_LEFT = `version: 1
environment: sandbox
applications:
  other:
    product: datahub
    endpoint: https://other.sandbox.example
    token: { secret: datahubScimToken }
    entra:
      displayName: Other
      assignments: [{ user: ada@sandbox.example, role: Admin }]
`;

it("an application that leaves the spec takes along whoever else is assigned to it", async () => {
  const stage = await provisionedStage("test/demo/datahub-entra-one-removal.yaml");
  const [application] = await entra(stage, "applications?$filter=displayName eq 'DataHub SCIM'");
  const [principal] = await entra(stage, `servicePrincipals?$filter=appId eq '${application?.appId}'`);
  const [carol] = await entra(stage, "users?$filter=userPrincipalName eq 'carol@sandbox.example'");
  const reader = principal?.appRoles.find(({ value }) => value === "Reader");
  await stage.sandbox.entra.asAdministrator(
    "POST",
    `/v1.0/servicePrincipals/${principal?.id}/appRoleAssignedTo`,
    {
      principalId: carol?.id,
      resourceId: principal?.id,
      appRoleId: reader?.id,
    },
  );
  const file = join(stage.scratch, "other.yaml");
  writeFileSync(file, NOBODY_LEFT);
  stage.useSpec(file);
  await expect(stage.run("preview")).rejects.toThrow(
    /take 4 principals out of datahub, and maxRemovals allows 1:[\s\S]*user carol@sandbox.example/,
  );
});

it("taking a whole application out of the spec counts everybody in it against maxRemovals", async () => {
  const stage = await provisionedStage("test/demo/datahub-entra-one-removal.yaml");
  const file = join(stage.scratch, "other.yaml");
  writeFileSync(file, NOBODY_LEFT);
  stage.useSpec(file);
  const refused = /take 3 principals out of datahub, and maxRemovals allows 1:[\s\S]*group governance-team/;
  await expect(stage.run("preview")).rejects.toThrow(refused);
  await expect(stage.run("up")).rejects.toThrow(refused);

  stage.useSpec("test/demo/datahub-entra-one-removal.yaml");
  expect((await stage.run("preview")).counts).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
  expect(await mismatchesOf(stage)).toEqual([]);
});

it("an application under another key is not deleted, nor anybody taken out on the way", async () => {
  const spec = "test/demo/datahub-entra-one-removal.yaml";
  const stage = await provisionedStage(spec);
  const file = join(stage.scratch, "renamed.yaml");
  writeFileSync(file, readFileSync(spec, "utf8").replace("\n  datahub:", "\n  catalogue:"));
  stage.useSpec(file);
  const refused =
    /datahub leaves the spec, and catalogue comes with the same name[\s\S]*Give it the key datahub again/;
  await expect(stage.run("preview")).rejects.toThrow(refused);
  await expect(stage.run("up")).rejects.toThrow(refused);

  stage.useSpec(spec);
  expect((await stage.run("preview")).counts).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
});
