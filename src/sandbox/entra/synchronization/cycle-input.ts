import type { EntraCycleInput } from "../../../provisioning/entra/input.ts";
import { type ConnectorMemory, emptyMemory } from "../../../provisioning/entra/memory.ts";
import type { AssignmentDocument, JobDocument } from "../documents.ts";
import type { TenantState } from "../tenant-state.ts";
import { schemaOf } from "./schema.ts";
import type { Credentials } from "./target.ts";

/** What the provisioning service reads of the tenant before it acts for a job. */
export function cycleInput(tenant: TenantState, job: JobDocument, credentials: Credentials): EntraCycleInput {
  const { documents, clock } = tenant;
  const principal = documents.servicePrincipals.get(job.servicePrincipalId);
  return {
    directory: { users: documents.users.values(), groups: documents.groups.values() },
    assignments: documents.assignments
      .values()
      .filter(({ resourceId }) => resourceId === job.servicePrincipalId)
      .filter(isOfPeople),
    appRoles: principal?.appRoles ?? [],
    schema: schemaOf(tenant, job),
    syncAll: credentials.syncAll,
    memory: memoryOf(tenant, job),
    patchFlavor: credentials.patchFlavor,
    ...(credentials.deleteThreshold === undefined ? {} : { deleteThreshold: credentials.deleteThreshold }),
    allowDeletes: job.allowDeletes,
    now: clock.now().toISOString(),
  };
}

export function memoryOf({ documents }: TenantState, job: JobDocument): ConnectorMemory {
  return (documents.memories.get(job.id) as ConnectorMemory | undefined) ?? emptyMemory();
}

function isOfPeople(
  assignment: AssignmentDocument,
): assignment is AssignmentDocument & { principalType: "User" | "Group" } {
  return assignment.principalType !== "ServicePrincipal";
}
