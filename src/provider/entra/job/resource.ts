import { type Synchronization, synchronization } from "../../../clients/graph/synchronization.ts";
import { NOT_YET } from "../../../clients/http.ts";
import { hasStatus } from "../../../clients/http-error.ts";
import {
  type JobMappings,
  type ProvisioningJobInputs,
  type ProvisioningJobOutputs,
  REMOVED_BY_HAND,
} from "../../contract.ts";
import type { Difference } from "../../engine/difference.ts";
import type { Context, PlannedChange, Resource } from "../../engine/resource.ts";
import { isUnknown } from "../../engine/values.ts";
import { observeToken, UNKNOWN_TOKEN } from "./credentials.ts";
import { listedMappings, observeMappings } from "./deviations.ts";
import { isActive, previewTakeOver } from "./existing.ts";
import { canonical } from "./mapping.ts";
import { outputsOf, reconcile, restartOwed } from "./reconcile.ts";
import { readSchemas } from "./schema.ts";
import { provisionedUsers, warnOfScope } from "./scope.ts";
import { storedSettings } from "./secrets.ts";

type Inputs = ProvisioningJobInputs;
type Outputs = ProvisioningJobOutputs;

/** Credentials, scope, mappings and state of one service principal's provisioning. Its id is `<service principal>/<job>`. */
export const provisioningJob: Resource<Inputs, Outputs> = {
  replaceOn: ["servicePrincipalId", "templateId"],
  policies: ["onDelete", "maxRemovals", "application"],

  comparable: (inputs, next) => ({
    ...inputs,
    // Whether an imported token is the spec's cannot be known; that it works was seen when it was read.
    ...(inputs.secretToken === UNKNOWN_TOKEN ? { secretToken: next.secretToken } : {}),
    ...(inputs.mappings && next.mappings
      ? { mappings: sameSpelling(asListed(inputs.mappings, next.mappings), next.mappings) }
      : {}),
  }),

  plan,

  async create(inputs, context) {
    if (context.preview) {
      await previewCreate(inputs, context);
      return { id: "", outputs: inputs };
    }
    const outputs = await reconcile(
      await connect(inputs, context, NOT_YET.justCreated),
      inputs,
      undefined,
      context,
    );
    return { id: `${inputs.servicePrincipalId}/${outputs.jobId}`, outputs };
  },

  async read({ id, inputs, outputs }, context) {
    const { servicePrincipalId, jobId } = splitId(id);
    const sync = await connect({ servicePrincipalId }, context, NOT_YET.createdEarlier);
    try {
      return await observe(sync, jobId, { servicePrincipalId, inputs, outputs }, context);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  },

  async update({ inputs, outputs }, next, context) {
    const before = {
      ...outputs,
      secretToken: inputs.secretToken === UNKNOWN_TOKEN ? next.secretToken : inputs.secretToken,
    };
    return reconcile(await connect(next, context, NOT_YET.createdEarlier), next, before, context);
  },

  async delete({ id, inputs }, context) {
    const { servicePrincipalId, jobId } = splitId(id);
    const sync = await connect({ servicePrincipalId }, context, 0);
    await unlessGone(() => sync.pause(jobId));
    if (inputs.onDelete === "reset") await unlessGone(() => sync.resetSchema(jobId));
    await unlessGone(() => sync.deleteJob(jobId));
    await unlessGone(async () => {
      const blank = (await sync.secrets()).map(({ key }) => ({ key, value: "" }));
      if (blank.length > 0) await sync.putSecrets(blank);
    });
    context.info(
      `${inputs.application} is no longer provisioned. People and groups stay in the product as they are.`,
    );
  },
};

async function connect(
  { servicePrincipalId }: Pick<Inputs, "servicePrincipalId">,
  context: Context,
  awaitCreation: number,
): Promise<Synchronization> {
  return synchronization(await context.graph(), servicePrincipalId, { awaitCreation });
}

function splitId(id: string): { servicePrincipalId: string; jobId: string } {
  const [servicePrincipalId = "", jobId = ""] = id.split("/");
  if (!jobId) {
    throw new Error(
      `"${id}" is not the id of a provisioning job: it is <service principal's object id>/<job's id>.`,
    );
  }
  return { servicePrincipalId, jobId };
}

async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

const NOTHING_DECLARED: JobMappings = { base: "template", user: {}, group: {}, targetAttributes: [] };

async function observe(
  sync: Synchronization,
  jobId: string,
  known: { servicePrincipalId: string; inputs: Inputs | undefined; outputs: Outputs | undefined },
  context: Context,
) {
  const job = await sync.job(jobId);
  const settings = storedSettings(await sync.secrets());
  const schemas = await readSchemas(sync, jobId, job.templateId, context);
  const application = known.inputs?.application ?? jobId;
  const secretToken = await observeToken(
    sync,
    jobId,
    {
      ...settings,
      templateId: job.templateId,
      application,
      secretToken: known.inputs?.secretToken ?? UNKNOWN_TOKEN,
    },
    context,
  );
  const declared = known.inputs?.mappings;
  const imported = declared ? declared.imported !== undefined : true;
  const inputs = {
    ...known.inputs,
    servicePrincipalId: known.servicePrincipalId,
    templateId: job.templateId,
    ...settings,
    secretToken,
    status: isActive(job) ? "running" : "paused",
    mappings: {
      ...observeMappings(schemas.live, schemas.template, declared ?? NOTHING_DECLARED),
      ...(imported && { imported: listedMappings(schemas.live, schemas.template) }),
    },
  } as Inputs;
  const observed = { endpoint: settings.baseAddress, scope: settings.scope };
  const outputs = outputsOf(inputs, job, stillCycled(known.outputs?.cycled, observed));
  if (outputs.quarantine) context.warn(quarantineWarning(application, outputs.quarantine));
  return { inputs, outputs };
}

/** What differs from the record may have been cycled with, until a restart. */
function stillCycled(
  recorded: Outputs["cycled"] | undefined,
  observed: Outputs["cycled"],
): Outputs["cycled"] {
  if (!recorded) return observed;
  return {
    endpoint: recorded.endpoint === observed.endpoint ? recorded.endpoint : "",
    scope: recorded.scope === observed.scope ? recorded.scope : "",
  };
}

async function plan(
  { inputs, outputs, next, differences, id }: PlannedChange<Inputs, Outputs>,
  context: Context,
): Promise<Difference[]> {
  if (outputs.quarantine) context.warn(quarantineWarning(next.application, outputs.quarantine));
  const changed = (property: keyof Inputs) =>
    differences.some(
      ({ path }) => path === property || path.startsWith(`${property}.`) || path.startsWith(`${property}[`),
    );
  if (changed("baseAddress") && !isUnknown(next.baseAddress)) {
    context.warn(
      `${next.application}: the endpoint changes from ${inputs.baseAddress || "nothing"} to ${next.baseAddress}. The job restarts in full: ids of the old system are forgotten, and everybody is matched anew.`,
    );
  } else if (changed("mappings")) {
    context.warn(await reevaluation(id, next.application, context));
  }
  if (changed("scope")) warnOfScope(next, await losingByScope(id, outputs, next, context), context);
  const wanted = { endpoint: next.baseAddress, scope: next.scope };
  const owed = next.status === "running" && outputs.cycled ? restartOwed(outputs.cycled, wanted) : undefined;
  const property = owed === "Full" ? "baseAddress" : "scope";
  return owed && !changed(property) ? [{ path: property, kind: "update" }] : [];
}

/** The application may be there before its job is in the state: after an import, or a run that was killed. */
async function previewCreate(inputs: Inputs, context: Context): Promise<void> {
  if (isUnknown(inputs.servicePrincipalId) || isUnknown(inputs.baseAddress)) return;
  const sync = await connect(inputs, context, 0);
  await unlessGone(() => previewTakeOver(sync, inputs, context));
}

/**
 * How many a scope that the spec itself narrows may take out. One that somebody set to everybody in the tenant is drift:
 * refusing to repair it would let more people in with every cycle.
 */
async function losingByScope(id: string, outputs: Outputs, next: Inputs, context: Context): Promise<number> {
  return next.scope === "assigned" && outputs.cycled?.scope === "all" ? countUsers(id, context) : 0;
}

async function countUsers(id: string, context: Context): Promise<number> {
  const { servicePrincipalId, jobId } = splitId(id);
  const sync = await connect({ servicePrincipalId }, context, 0);
  return provisionedUsers(await sync.job(jobId));
}

async function reevaluation(id: string, application: string, context: Context): Promise<string> {
  const users = await countUsers(id, context);
  return `${application}: the mappings change, so Entra evaluates ${users > 0 ? `all ${users} users` : "all users"} again in the next cycle.`;
}

function quarantineWarning(application: string, quarantine: string): string {
  return `${application}: Entra has put the provisioning job in quarantine: ${quarantine}.`;
}

/** The mappings of an imported job in the form in which the spec has its own. */
function asListed({ imported, ...old }: JobMappings, { base }: JobMappings): JobMappings {
  return imported && base === "exact" ? { ...old, base, user: imported } : old;
}

/** The old mappings with an expression spelled as the next one has it, where both mean the same. */
function sameSpelling(old: JobMappings, next: JobMappings): JobMappings {
  const respelled = (object: "user" | "group") =>
    Object.fromEntries(
      Object.entries(old[object]).map(([target, mapping]) => {
        const other = next[object][target];
        if (mapping === REMOVED_BY_HAND || !other || other === REMOVED_BY_HAND) return [target, mapping];
        const same = canonical(mapping.expression) === canonical(other.expression);
        return [target, same ? { ...mapping, expression: other.expression } : mapping];
      }),
    );
  return { ...old, user: respelled("user"), group: respelled("group") };
}
