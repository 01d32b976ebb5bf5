import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { DesiredOktaApplication } from "../desired/model.ts";
import type { EngineResult } from "../sandbox/engine/index.ts";
import type { Stage } from "./stage.ts";

/**
 * Plays the person in Okta's Admin Console: switches SCIM on for every application that waits for it, then has the spec say so.
 * @param applied the `up` that made the applications
 * @returns the names of those applications
 */
export async function enableScim(stage: Stage, applied: EngineResult): Promise<string[]> {
  const waiting = stage.desired.applications.filter(
    (application): application is DesiredOktaApplication =>
      application.idp === "okta" && application.scim === "pending",
  );
  if (waiting.length === 0) return [];
  const made = applied.outputs.applications as Record<string, { applicationId?: string }>;
  const document = parseDocument(readFileSync(stage.spec, "utf8"));
  for (const application of waiting) {
    const id = made[application.name]?.applicationId;
    if (!id) throw new Error(`up made no Okta application for ${application.name}`);
    await stage.sandbox.okta.admin.enableScim(id, {
      baseUrl: application.scimUrl,
      authentication: { mode: "bearer", token: stage.sandbox.tokenOf(application) },
      actions: {
        createUsers: true,
        updateUsers: true,
        deactivateUsers: true,
        pushGroups: application.pushGroups.length > 0,
      },
    });
    document.setIn(["applications", application.name, "okta", "scim"], "enabled");
  }
  const file = join(stage.scratch, "scim-enabled.yaml");
  writeFileSync(file, document.toString());
  stage.useSpec(file);
  return waiting.map(({ name }) => name);
}
