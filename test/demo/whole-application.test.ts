import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mismatchesOf, provisionedStage } from "./stage.ts";

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
