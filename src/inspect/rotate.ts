import { synchronization } from "../clients/graph/synchronization.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import { planEntra } from "../program/entra-plan.ts";
import { SYNCHRONIZATION_TEMPLATE } from "../program/entra-template.ts";
import { assertNewCredentialsWork, assertSavedCredentialsWork } from "../provider/entra/job/credentials.ts";
import { secretsFor, storedSettings } from "../provider/entra/job/secrets.ts";
import { locateEntra } from "./locate-entra.ts";
import type { Tenants } from "./tenants.ts";

/**
 * Gives Entra a new token for an application's product, in one write. Entra tries the new one first, so that the old one stays
 * until the new one works, and what it has stored afterwards; everything else that is stored stays as it is.
 *
 * @throws when Entra's endpoint is not the spec's, or the product does not take the new token; nothing was changed then
 */
export async function rotateToken(
  desired: DesiredEntraApplication,
  token: string,
  tenants: Tenants,
  knownId?: string,
): Promise<void> {
  const { plans } = await planEntra([{ ...desired, assignments: [] }], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const graph = await tenants.graph();
  const located = await locateEntra(graph, plan, knownId);
  if ("problem" in located)
    throw new Error(`${desired.name}: ${located.problem.message} Nothing was changed.`);
  const sync = synchronization(graph, located.servicePrincipalId);
  const job = (await sync.jobs()).find(({ templateId }) => templateId === SYNCHRONIZATION_TEMPLATE);
  if (!job) throw new Error(`${desired.name} has no provisioning job yet: \`up\` makes it, with its token.`);
  const stored = await sync.secrets();
  const settings = storedSettings(stored);
  if (settings.baseAddress !== desired.tenantUrl) {
    throw new Error(
      `${desired.name}: Entra provisions to ${settings.baseAddress || "nowhere"}, and the spec says ${desired.tenantUrl}. Nothing was changed: a new endpoint restarts the job, which is \`up\`'s work.`,
    );
  }
  const wanted = {
    ...settings,
    secretToken: token,
    templateId: SYNCHRONIZATION_TEMPLATE,
    application: desired.name,
  };
  await assertNewCredentialsWork(sync, job.id, wanted);
  await sync.putSecrets(secretsFor(wanted, stored));
  await assertSavedCredentialsWork(sync, job.id, wanted);
}
