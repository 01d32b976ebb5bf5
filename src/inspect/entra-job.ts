import { type SynchronizationJob, synchronization } from "../clients/graph/synchronization.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import { jobMappings, notifications } from "../program/entra-inputs.ts";
import { SYNCHRONIZATION_TEMPLATE } from "../program/entra-template.ts";
import { trySavedCredentials } from "../provider/entra/job/credentials.ts";
import { isActive } from "../provider/entra/job/existing.ts";
import { quarantineInWords } from "../provider/entra/job/quarantine.ts";
import { readSchemas } from "../provider/entra/job/schema.ts";
import { type StoredSettings, storedSettings } from "../provider/entra/job/secrets.ts";
import { compareMappings } from "./compare-mappings.ts";
import { type Finding, REPAIRED_BY_UP } from "./finding.ts";
import type { Tenants } from "./tenants.ts";

/** Compares one provisioning job with the spec: settings, credentials, state, quarantine, mappings. */
export async function inspectJob(
  desired: DesiredEntraApplication,
  servicePrincipalId: string,
  tenants: Tenants,
): Promise<{ drift: Finding[]; notes: string[] }> {
  const sync = synchronization(await tenants.graph(), servicePrincipalId);
  const job = (await sync.jobs()).find(({ templateId }) => templateId === SYNCHRONIZATION_TEMPLATE);
  if (!job) {
    const message = "There is no provisioning job: nothing is provisioned.";
    return { drift: [{ aspect: "job", message, help: "`up` makes one." }], notes: [] };
  }
  const settings = storedSettings(await sync.secrets());
  const { refused, unseen } = await trySavedCredentials(sync, SYNCHRONIZATION_TEMPLATE, job.id);
  const schemas = await readSchemas(sync, job.id, job.templateId, tenants.context);
  const drift = [
    ...compareSettings(desired, settings),
    ...(refused === undefined ? [] : [credentials(settings.baseAddress, refused)]),
    ...compareState(desired, job),
    ...compareMappings(schemas, jobMappings(desired.mappings)),
  ];
  return { drift, notes: [...(unseen === undefined ? [] : [unseen]), ...tenants.takeWarnings()] };
}

function compareSettings(desired: DesiredEntraApplication, stored: StoredSettings): Finding[] {
  const drift: Finding[] = [];
  if (stored.baseAddress !== desired.tenantUrl) {
    drift.push({
      aspect: "endpoint",
      message: `Entra provisions to ${stored.baseAddress || "nowhere"}, and the spec says ${desired.tenantUrl}.`,
      help: "`up` sets it back, and restarts the job in full.",
    });
  }
  if (stored.scope !== desired.scope) {
    const found =
      stored.scope === "all" ? "everybody in the tenant is provisioned" : "only the assigned are provisioned";
    drift.push({
      aspect: "scope",
      message: `The scope is "${stored.scope}" (${found}), and the spec says "${desired.scope}".`,
      help: REPAIRED_BY_UP,
    });
  }
  const wanted = notifications(desired.provisioning);
  const { recipient, deleteThreshold } = stored.notifications;
  if (recipient !== wanted.recipient) {
    drift.push({
      aspect: "notifications",
      message: `Failure notices go to ${recipient ?? "nobody"}, and the spec says ${wanted.recipient ?? "nobody"}.`,
      help: REPAIRED_BY_UP,
    });
  }
  if (deleteThreshold !== wanted.deleteThreshold) {
    drift.push({
      aspect: "notifications",
      message: `The accidental deletion threshold is ${deleteThreshold ?? "off"}, and the spec says ${wanted.deleteThreshold ?? "off"}.`,
      help: REPAIRED_BY_UP,
    });
  }
  return drift;
}

function credentials(baseAddress: string, reason: string): Finding {
  return {
    aspect: "credentials",
    message: `Entra cannot sign in to ${baseAddress || "the product"} with the token it has: ${reason}`,
    help: "Is the product up? If its token has expired or was replaced, put the new one into the stack and run `rollcall rotate`.",
  };
}

function compareState(desired: DesiredEntraApplication, job: SynchronizationJob): Finding[] {
  const drift: Finding[] = [];
  const state = isActive(job) ? "running" : "paused";
  if (state !== desired.provisioning.status) {
    drift.push({
      aspect: "job",
      message: `The job is ${state}, and the spec says ${desired.provisioning.status}.`,
      help: state === "paused" ? "`up` starts it." : "`up` pauses it.",
    });
  }
  const quarantine = quarantineInWords(job);
  if (quarantine !== undefined) {
    drift.push({
      aspect: "quarantine",
      message: `Entra has put the job in quarantine: ${quarantine}.`,
      help: "Mend the cause, then restart it in the portal (Provisioning > Restart provisioning) or wait for Entra's next attempt; `rollcall status` shows what failed.",
    });
  }
  return drift;
}
