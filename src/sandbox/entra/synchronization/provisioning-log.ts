import type { LogEntry } from "../../../provisioning/entra/report.ts";
import type { JobDocument } from "../documents.ts";
import type { TenantState } from "../tenant-state.ts";

/** Adds what a cycle or a provisioning on demand did to the tenant's provisioning log. */
export function logProvisioning(
  { documents, random, clock, tenantId }: TenantState,
  job: JobDocument,
  cycleId: string,
  entries: readonly LogEntry[],
): void {
  const principal = documents.servicePrincipals.get(job.servicePrincipalId);
  for (const entry of entries) {
    const id = random.uuid();
    documents.logs.put(id, {
      id,
      activityDateTime: clock.now().toISOString(),
      tenantId,
      jobId: job.id,
      cycleId,
      changeId: random.uuid(),
      provisioningAction: entry.action,
      durationInMilliseconds: 1,
      provisioningStatusInfo: {
        status: entry.status,
        errorInformation: entry.errorCode === null ? null : errorInformation(entry.errorCode, entry.reason),
      },
      provisioningSteps: entry.steps.map((step) => ({
        ...step,
        provisioningStepType: step.type,
        details: {},
      })),
      modifiedProperties: entry.modifiedProperties,
      servicePrincipal: { id: job.servicePrincipalId, displayName: principal?.displayName ?? "" },
      sourceSystem: {
        id: "66e4a8cc-1b7b-435e-95f8-f06cea133828",
        displayName: "Microsoft Entra ID",
        details: {},
      },
      targetSystem: { id: job.servicePrincipalId, displayName: "customappsso", details: {} },
      sourceIdentity: { ...entry.sourceIdentity, details: {} },
      targetIdentity: { ...entry.targetIdentity, details: {} },
      initiatedBy: { id: "", displayName: "Azure AD Provisioning Service", initiatorType: "system" },
    });
  }
}

function errorInformation(errorCode: string, reason: string | null): Record<string, unknown> {
  return {
    errorCode,
    reason,
    additionalDetails: null,
    errorCategory: "nonServiceFailure",
    recommendedAction: null,
  };
}
