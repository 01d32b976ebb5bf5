import type { Synchronization, SynchronizationJob } from "../../../clients/graph/synchronization.ts";
import { HttpError, hasStatus } from "../../../clients/http-error.ts";
import type { ProvisioningJobInputs, ProvisioningJobOutputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { assertNewCredentialsWork, assertSavedCredentialsWork } from "./credentials.ts";
import { quarantineInWords } from "./quarantine.ts";
import { ensureMappings, readSchemas } from "./schema.ts";
import { sameSettings, secretsFor, storedSettings } from "./secrets.ts";

type Inputs = ProvisioningJobInputs;
type Outputs = ProvisioningJobOutputs;

/**
 * Makes the job as declared, in an order in which a run may be killed anywhere: new credentials are tried before
 * anything is touched, a job that gets another endpoint stands still meanwhile, and starting is the last thing.
 * @param before what the state holds; undefined for a job that rollcall does not know yet
 */
export async function reconcile(
  sync: Synchronization,
  next: Inputs,
  before: Outputs | undefined,
  context: Context,
): Promise<Outputs> {
  const stored = await sync.secrets();
  const settings = storedSettings(stored);
  let job = await findJob(sync, next.templateId);
  const wasQuarantined = job?.status.code === "Quarantine";
  if (!before && job) assertSameEndpoint(job, settings.baseAddress, next);

  const moved = settings.baseAddress !== next.baseAddress;
  const rotated = !before || before.secretToken !== next.secretToken;
  const secrets = moved || rotated || !sameSettings(settings, next) ? secretsFor(next, stored) : undefined;
  if (secrets) await assertNewCredentialsWork(sync, job?.id, next);
  if (job && isActive(job) && (moved || !before || next.status === "paused")) {
    await sync.pause(job.id);
    job = undefined;
  }
  if (secrets) await sync.putSecrets(secrets);
  job ??= (await findJob(sync, next.templateId)) ?? (await createJob(sync, next.templateId));
  if (secrets) await assertSavedCredentialsWork(sync, job.id, next);

  const schemas = await readSchemas(sync, job.id, next.templateId, context);
  await ensureMappings(sync, job.id, schemas, next.mappings, next.application);

  const cycled = await ensureState(sync, job, next, before, wasQuarantined && (moved || rotated));
  return outputsOf(next, await sync.job(job.id), cycled);
}

/** Starts or pauses. Returns what the job's store belongs to from now on. */
async function ensureState(
  sync: Synchronization,
  job: SynchronizationJob,
  next: Inputs,
  before: Outputs | undefined,
  clearQuarantine: boolean,
): Promise<Outputs["cycled"]> {
  const wanted = { endpoint: next.baseAddress, scope: next.scope };
  const neverRan = !job.status.lastExecution && !isActive(job);
  const owed = before && !neverRan ? restartOwed(before.cycled, wanted) : undefined;
  if (next.status === "paused") {
    if (isActive(job)) await sync.pause(job.id);
    // A restart would start it: it stays owed until the spec says that the job runs.
    return owed ? (before?.cycled ?? wanted) : wanted;
  }
  if (owed) await sync.restart(job.id, owed);
  const active = owed ? isActive(await sync.job(job.id)) : isActive(job);
  if (!active || clearQuarantine) await sync.start(job.id);
  return wanted;
}

/** Ids of another endpoint must not be used; another scope only has to be gone through again. */
export function restartOwed(cycled: Outputs["cycled"], wanted: Outputs["cycled"]) {
  if (cycled.endpoint !== wanted.endpoint) return "Full";
  return cycled.scope !== wanted.scope ? "Watermark, Escrows, QuarantineState" : undefined;
}

/** A job that has run for another endpoint is somebody's: taking it over must not silently turn it elsewhere. */
function assertSameEndpoint(job: SynchronizationJob, stored: string, next: Inputs): void {
  if (!job.status.lastExecution || stored === "" || stored === next.baseAddress) return;
  throw new Error(
    `${next.application}: a provisioning job is there already, and has run for ${stored}, not for ${next.baseAddress}. Nothing was changed. Give the spec that endpoint and run \`up\` first; a change of the endpoint after that restarts the job in full.`,
  );
}

export const isActive = (job: SynchronizationJob) => job.schedule.state === "Active";

async function findJob(sync: Synchronization, templateId: string): Promise<SynchronizationJob | undefined> {
  return (await sync.jobs()).find((job) => job.templateId === templateId);
}

async function createJob(sync: Synchronization, templateId: string): Promise<SynchronizationJob> {
  try {
    return await sync.createJob(templateId);
  } catch (error) {
    // It may have been made by a request whose answer was lost, or have been there and not yet in the list.
    if (!(error instanceof HttpError) || hasStatus(error, 401, 403)) throw error;
    const known = await findJob(sync, templateId);
    if (!known) throw error;
    return known;
  }
}

export function outputsOf(inputs: Inputs, job: SynchronizationJob, cycled: Outputs["cycled"]): Outputs {
  const quarantine = quarantineInWords(job);
  return {
    ...inputs,
    jobId: job.id,
    statusCode: job.status.code,
    ...(quarantine === undefined ? {} : { quarantine }),
    cycled,
  };
}
