import type { Synchronization, SynchronizationJob } from "../../../clients/graph/synchronization.ts";
import type { ProvisioningJobInputs, ProvisioningJobOutputs } from "../../contract.ts";
import { differences } from "../../engine/difference.ts";
import type { Context } from "../../engine/resource.ts";
import type { PropertyMap } from "../../engine/values.ts";
import { listed } from "../../removal-limit.ts";
import { observeMappings } from "./deviations.ts";
import { readSchemas } from "./schema.ts";
import { provisionedUsers, warnOfScope } from "./scope.ts";
import { type StoredSettings, storedSettings } from "./secrets.ts";

type Inputs = ProvisioningJobInputs;

export const isActive = (job: SynchronizationJob) => job.schedule.state === "Active";

/** Whether people may have arrived by this job: Graph may name an execution only when it has ended. */
export const hasRun = (job: SynchronizationJob) => Boolean(job.status.lastExecution) || isActive(job);

export async function findJob(
  sync: Synchronization,
  templateId: string,
): Promise<SynchronizationJob | undefined> {
  return (await sync.jobs()).find((job) => job.templateId === templateId);
}

/**
 * What the store of a job belongs to that has run and is in no state. One that stands still may have been stopped by a run
 * that was killed behind its new scope, so that nobody knows which scope its cycles had.
 */
export function cycledBefore(
  job: SynchronizationJob,
  stored: StoredSettings,
): ProvisioningJobOutputs["cycled"] {
  return { endpoint: stored.baseAddress, scope: isActive(job) ? stored.scope : "" };
}

/** As {@link assertTakeOver}, for a preview. */
export async function previewTakeOver(sync: Synchronization, next: Inputs, context: Context): Promise<void> {
  const job = await findJob(sync, next.templateId);
  if (job) await assertTakeOver(sync, job, storedSettings(await sync.secrets()), next, context);
}

/**
 * Names what changes when a create takes over a job that has run, and holds it to the limits of an update.
 * @throws when it has run for another endpoint, or when its scope narrows for more people than `maxRemovals`
 */
export async function assertTakeOver(
  sync: Synchronization,
  job: SynchronizationJob,
  stored: StoredSettings,
  next: Inputs,
  context: Context,
): Promise<void> {
  if (!hasRun(job)) return;
  assertSameEndpoint(stored.baseAddress, next);
  const { live, template } = await readSchemas(sync, job.id, next.templateId, context);
  const found = {
    status: isActive(job) ? "running" : "paused",
    scope: stored.scope,
    notifications: stored.notifications,
    mappings: observeMappings(live, template, next.mappings),
  };
  const { status, scope, notifications, mappings } = next;
  const changes = differences(asMap(found), asMap({ status, scope, notifications, mappings }));
  if (changes.length > 0) {
    context.warn(
      [
        `${next.application}: a provisioning job is there already, and has run. \`up\` takes it over, and changes of it:`,
        ...listed(changes.map(({ path }) => path)),
        "`npx rollcall adopt --entra` writes a spec for what is there, and a file that imports it without a change.",
      ].join("\n"),
    );
  }
  if (scope !== stored.scope) warnOfScope(next, provisionedUsers(job), context);
}

/** A job that has run for another endpoint is somebody's: taking it over must not silently turn it elsewhere. */
function assertSameEndpoint(stored: string, next: Inputs): void {
  if (stored === "" || stored === next.baseAddress) return;
  throw new Error(
    `${next.application}: a provisioning job is there already, and has run for ${stored}, not for ${next.baseAddress}. Nothing was changed. Give the spec that endpoint and run \`up\` first; a change of the endpoint after that restarts the job in full.`,
  );
}

const asMap = (value: object) => value as PropertyMap;
