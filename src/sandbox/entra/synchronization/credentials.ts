import { defaultSchema, TEMPLATE_ID } from "../../../defaults/entra-schema.ts";
import { testConnection } from "../../../provisioning/entra/test-connection.ts";
import { drive, exchange } from "../../exchange.ts";
import type { SecretDocument } from "../documents.ts";
import { GraphError, malformed } from "../graph-error.ts";
import { type GraphCall, type GraphRouter, noContent } from "../graph-router.ts";
import { jobOf, servicePrincipalOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import type { TenantState } from "../tenant-state.ts";
import { schemaOf } from "./schema.ts";
import { readSecrets } from "./secrets.ts";
import { credentialsOf } from "./target.ts";

/** "Test Connection", with what is stored or with what the caller brings. */
export function credentialRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const jobs = "/servicePrincipals/:id/synchronization/jobs";

  router.onAsync("POST", `${jobs}/:jobId/validateCredentials`, ACCESS.writeSynchronization, async (call) => {
    const job = jobOf(tenant, call);
    await validate(tenant, secretsToTest(tenant, call, job.servicePrincipalId), schemaOf(tenant, job));
    return noContent;
  });

  router.onAsync("POST", `${jobs}/validateCredentials`, ACCESS.writeSynchronization, async (call) => {
    const principal = servicePrincipalOf(tenant, call, call.params.id ?? "");
    if (call.body.templateId !== TEMPLATE_ID) {
      throw new GraphError(
        400,
        "TemplateNotFound",
        `Template '${String(call.body.templateId ?? "")}' was not found.`,
      );
    }
    await validate(tenant, secretsToTest(tenant, call, principal.id), defaultSchema("", ""));
    return noContent;
  });
}

async function validate(
  tenant: TenantState,
  secrets: readonly SecretDocument[],
  schema: Parameters<typeof testConnection>[0]["schema"],
): Promise<void> {
  const { target } = credentialsOf(tenant, secrets);
  const steps = testConnection({ schema, probe: tenant.random.uuid() });
  const { ok, errors } = await drive(steps, (request) => exchange(request, target));
  const [error] = errors;
  if (!ok)
    throw new GraphError(
      400,
      error?.code ?? "InvalidCredentials",
      error?.message ?? "The connection test failed.",
    );
}

function secretsToTest(
  tenant: TenantState,
  { body }: GraphCall,
  servicePrincipalId: string,
): SecretDocument[] {
  if (body.useSavedCredentials === true) return tenant.documents.secrets.get(servicePrincipalId) ?? [];
  if (body.credentials === undefined || body.credentials === null) {
    throw malformed("The parameter 'credentials' is required unless 'useSavedCredentials' is true.");
  }
  return readSecrets(body.credentials);
}
