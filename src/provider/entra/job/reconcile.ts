import type { Synchronization, SynchronizationJob } from "../../../clients/graph/synchronization.ts";
import { HttpError, hasStatus } from "../../../clients/http-error.ts";
import type { ProvisioningJobInputs, ProvisioningJobOutputs } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { assertNewCredentialsWork, assertSavedCredentialsWork } from "./credentials.ts";
import { assertTakeOver, cycledBefore, findJob, hasRun, isActive } from "./existing.ts";
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
  const found = await findJob(sync, next.templateId);
  if (!before && found) await assertTakeOver(sync, found, settings, next, context);

  const moved = settings.baseAddress !== next.baseAddress;
  const rotated = !before || before.secretToken !== next.secretToken;
  const secrets = moved || rotated || !sameSettings(settings, next) ? secretsFor(next, stored) : undefined;
  if (secrets) await assertNewCredentialsWork(sync, found?.id, next);
  const pauses = found && isActive(found) && (moved || !before || next.status === "paused");
  if (pauses) await sync.pause(found.id);
  if (secrets) await sync.putSecrets(secrets);
  const job =
    (pauses ? await findJob(sync, next.templateId) : found) ?? (await createJob(sync, next.templateId));
  if (secrets) await assertSavedCredentialsWork(sync, job.id, next);

  const schemas = await readSchemas(sync, job.id, next.templateId, context);
  await ensureMappings(sync, job.id, schemas, next.mappings, next.application);

  const cycled = found && hasRun(found) ? (before?.cycled ?? cycledBefore(found, settings)) : undefined;
  const clearQuarantine = found?.status.code === "Quarantine" && (moved || rotated);
  const cycles = await ensureState(sync, job, next, cycled, clearQuarantine);
  return outputsOf(next, await sync.job(job.id), cycles);
}

/**
 * Starts or pauses.
 * @param cycled what the job's store belongs to until now; undefined when it has never run
 * @returns what it belongs to from now on
 */
async function ensureState(
  sync: Synchronization,
  job: SynchronizationJob,
  next: Inputs,
  cycled: Outputs["cycled"] | undefined,
  clearQuarantine: boolean,
): Promise<Outputs["cycled"]> {
  const wanted = { endpoint: next.baseAddress, scope: next.scope };
  const owed = cycled && restartOwed(cycled, wanted);
  if (next.status === "paused") {
    if (isActive(job)) await sync.pause(job.id);
    // A restart would start it: it stays owed until the spec says that the job runs.
    return owed ? cycled : wanted;
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
