import type { OnDemandSubject } from "../../../provisioning/entra/input.ts";
import { provisionOnDemand } from "../../../provisioning/entra/on-demand.ts";
import type { LogEntry, OnDemandResult } from "../../../provisioning/entra/report.ts";
import { drive, exchange } from "../../exchange.ts";
import type { JobDocument } from "../documents.ts";
import type { GraphObject } from "../filter.ts";
import { GraphError } from "../graph-error.ts";
import { type GraphCall, type GraphRouter, ok } from "../graph-router.ts";
import { jobOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import type { TenantState } from "../tenant-state.ts";
import { cycleInput } from "./cycle-input.ts";
import { inTurn } from "./job-queue.ts";
import { logProvisioning } from "./provisioning-log.ts";
import { schemaOf } from "./schema.ts";
import { credentialsOf } from "./target.ts";

const MOST_MEMBERS = 5;

/** Provisions single users or groups at once; answers 200 also for what was skipped or failed. */
export function onDemandRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const path = "/servicePrincipals/:id/synchronization/jobs/:jobId/provisionOnDemand";

  router.onAsync("POST", path, ACCESS.provisionOnDemand, async (call) => {
    const job = jobOf(tenant, call);
    const subjects = readSubjects(tenant, call);
    const results = await inTurn(tenant, job.id, () => provision(tenant, job, subjects));
    return ok(answer(call, results));
  });
}

async function provision(
  tenant: TenantState,
  job: JobDocument,
  subjects: OnDemandSubject[],
): Promise<OnDemandResult[]> {
  const { documents, random } = tenant;
  const credentials = credentialsOf(tenant, documents.secrets.get(job.servicePrincipalId) ?? []);
  const input = { ...cycleInput(tenant, job, credentials), probe: random.uuid() };
  const report = await drive(provisionOnDemand(input, subjects), (request) =>
    exchange(request, credentials.target),
  );
  tenant.store.transaction(() => {
    documents.memories.put(job.id, report.memory);
    const entries = report.results.map((result) => logEntry(tenant, result, subjects));
    logProvisioning(tenant, job, random.uuid(), entries);
  });
  return report.results;
}

function readSubjects(tenant: TenantState, call: GraphCall): OnDemandSubject[] {
  const { parameters } = call.body;
  if (!Array.isArray(parameters) || parameters.length === 0)
    throw invalid("The parameter 'parameters' is required.");
  const rules = schemaOf(tenant, jobOf(tenant, call)).synchronizationRules.map(({ id }) => id);
  return parameters.flatMap((parameter: GraphObject) => {
    if (!rules.includes(String(parameter.ruleId)))
      throw invalid(`The rule '${String(parameter.ruleId)}' was not found.`);
    if (!Array.isArray(parameter.subjects) || parameter.subjects.length === 0) {
      throw invalid("The parameter 'subjects' is required.");
    }
    return parameter.subjects.map(readSubject);
  });
}

function readSubject(subject: Partial<OnDemandSubject>): OnDemandSubject {
  const type = subject.objectTypeName?.toLowerCase();
  if (typeof subject.objectId !== "string" || (type !== "user" && type !== "group")) {
    throw invalid("A subject needs an objectId and an objectTypeName, User or Group.");
  }
  const members = subject.links?.members ?? [];
  if (members.length > MOST_MEMBERS)
    throw invalid(`At most ${MOST_MEMBERS} members can be provisioned at a time.`);
  return {
    objectId: subject.objectId,
    objectTypeName: type === "user" ? "User" : "Group",
    ...(members.length > 0 ? { links: { members } } : {}),
  };
}

function invalid(message: string): GraphError {
  return new GraphError(400, "RequestParameterInvalid", message);
}

/** `key` and `value` are JSON in strings; both speak of the first subject's result and of everybody's steps. */
function answer({ root }: GraphCall, results: OnDemandResult[]): Record<string, unknown> {
  const [first] = results;
  return {
    "@odata.context": `${root}/$metadata#microsoft.graph.stringKeyStringValuePair`,
    key: JSON.stringify({ result: first?.result ?? "Skipped", details: first?.details ?? null }),
    value: JSON.stringify(
      results.map(({ objectId, action, provisioningSteps, modifiedProperties, targetId }) => ({
        action,
        sourceIdentity: { id: objectId },
        targetIdentity: { id: targetId },
        modifiedProperties,
        provisioningSteps,
      })),
    ),
  };
}

function logEntry({ documents }: TenantState, result: OnDemandResult, subjects: OnDemandSubject[]): LogEntry {
  const type = subjects.find(({ objectId }) => objectId === result.objectId)?.objectTypeName ?? "User";
  const source = documents.users.get(result.objectId) ?? documents.groups.get(result.objectId);
  const identity = { displayName: source?.displayName ?? "", identityType: type };
  const status = { Success: "success", Failure: "failure", Skipped: "skipped" } as const;
  return {
    sourceIdentity: { id: result.objectId, ...identity },
    targetIdentity: { id: result.targetId ?? "", ...identity },
    action: result.action,
    status: status[result.result],
    errorCode: result.details?.errorCode ?? null,
    reason: result.details?.errorMessage ?? null,
    steps: result.provisioningSteps,
    modifiedProperties: result.modifiedProperties,
  };
}
