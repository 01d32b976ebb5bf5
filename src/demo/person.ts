import type { DesiredOktaApplication } from "../desired/model.ts";
import type { EngineResult } from "../sandbox/engine/index.ts";
import type { Stage } from "./stage.ts";

/** The applications whose people are assigned only once somebody has switched SCIM on. */
export function waitingForScim(stage: Stage): DesiredOktaApplication[] {
  return stage.desired.applications.filter(
    (application): application is DesiredOktaApplication =>
      application.idp === "okta" && application.scim === "pending",
  );
}

/**
 * Plays the person in Okta's Admin Console: switches SCIM on for every application that waits for it, then has the spec say so.
 * @param applied the `up` that made the applications
 * @returns the names of those applications
 */
export async function enableScim(stage: Stage, applied: EngineResult): Promise<string[]> {
  const waiting = waitingForScim(stage);
  const made = applied.outputs.applications as Record<string, { applicationId?: string }>;
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
  }
  const names = waiting.map(({ name }) => name);
  stage.editSpec("scim-enabled.yaml", (document) => {
    for (const name of names) document.setIn(["applications", name, "okta", "scim"], "enabled");
  });
  return names;
}

/**
 * Plays the person who has looked at what `up` made: has the spec start provisioning wherever it is paused.
 * @returns the names of those applications
 */
export function startProvisioning(stage: Stage): string[] {
  const names = stage.desired.applications
    .filter((application) => application.idp === "entra" && application.provisioning.status === "paused")
    .map(({ name }) => name);
  if (names.length === 0) return [];
  stage.editSpec("running.yaml", (document) => {
    for (const name of names) {
      document.setIn(["applications", name, "entra", "provisioning", "status"], "running");
    }
  });
  return names;
}
