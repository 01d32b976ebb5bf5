import { defaultSchema, TEMPLATE_ID } from "../../../defaults/entra-schema.ts";
import type { ConnectorMemory } from "../../../provisioning/entra/memory.ts";
import { emptyMemory, restarted } from "../../../provisioning/entra/memory.ts";
import { CUSTOM_TEMPLATE } from "../application-template.ts";
import type { JobDocument, ServicePrincipalDocument } from "../documents.ts";
import type { GraphObject } from "../filter.ts";
import { GraphError, malformed } from "../graph-error.ts";
import { created, type GraphRouter, noContent, ok, requiredString } from "../graph-router.ts";
import { deleteJob } from "../lifecycle.ts";
import { isVisible, jobOf, servicePrincipalOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import { renderJob } from "../render.ts";
import type { TenantState } from "../tenant-state.ts";

const NEVER = "0001-01-01T00:00:00Z";
const RESET_SCOPES = [
  "None",
  "ConnectorDataStore",
  "Escrows",
  "Watermark",
  "QuarantineState",
  "Full",
  "ForceDeletes",
];

/** Synchronization jobs: created once per template, started, paused, restarted, deleted. */
export function jobRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const { jobs, memories } = tenant.documents;
  const list = "/servicePrincipals/:id/synchronization/jobs";

  router.on("GET", list, ACCESS.readSynchronization, (call) => {
    const { id } = servicePrincipalOf(tenant, call, call.params.id ?? "");
    const present = jobs
      .values()
      .filter((job) => job.servicePrincipalId === id && isVisible(tenant, call, job.id));
    return ok({
      "@odata.context": `${call.root}/$metadata#servicePrincipals('${id}')/synchronization/jobs`,
      value: present.map(renderJob),
    });
  });

  router.on("POST", list, ACCESS.writeSynchronization, (call) => {
    const principal = servicePrincipalOf(tenant, call, call.params.id ?? "");
    const templateId = requiredString(call.body, "templateId");
    checkTemplate(principal, templateId);
    const context = {
      "@odata.context": `${call.root}/$metadata#servicePrincipals('${principal.id}')/synchronization/jobs/$entity`,
    };
    const present = jobs.get(jobId(tenant, principal, templateId));
    if (present && tenant.duplicateJob === "existing") return created({ ...context, ...renderJob(present) });
    if (present) {
      throw new GraphError(
        409,
        "Conflict",
        `A job with the id '${present.id}' already exists for this service principal.`,
      );
    }
    return created({ ...context, ...renderJob(createJob(tenant, principal, templateId)) });
  });

  router.on("GET", `${list}/:jobId`, ACCESS.readSynchronization, (call) =>
    ok({
      "@odata.context": `${call.root}/$metadata#servicePrincipals('${call.params.id}')/synchronization/jobs/$entity`,
      ...renderJob(jobOf(tenant, call)),
    }),
  );

  router.on("DELETE", `${list}/:jobId`, ACCESS.writeSynchronization, (call) => {
    deleteJob(tenant, jobOf(tenant, call).id);
    return noContent;
  });

  router.on("POST", `${list}/:jobId/start`, ACCESS.writeSynchronization, (call) => {
    jobs.put(call.params.jobId ?? "", started(jobOf(tenant, call)));
    return noContent;
  });

  router.on("POST", `${list}/:jobId/pause`, ACCESS.writeSynchronization, (call) => {
    const job = jobOf(tenant, call);
    jobs.put(job.id, {
      ...job,
      schedule: { ...job.schedule, state: "Disabled" },
      status: { ...job.status, code: "Paused" },
    });
    return noContent;
  });

  router.on("POST", `${list}/:jobId/restart`, ACCESS.writeSynchronization, (call) => {
    const job = jobOf(tenant, call);
    const scope = resetScope(call.body);
    const memory = (memories.get(job.id) ?? emptyMemory()) as ConnectorMemory;
    memories.put(job.id, restarted(memory, scope));
    const clearsQuarantine = scope === "" || /\b(QuarantineState|Full)\b/.test(scope);
    const next = clearsQuarantine
      ? started(job)
      : { ...job, schedule: { ...job.schedule, state: "Active" as const } };
    jobs.put(job.id, { ...next, allowDeletes: scope.includes("ForceDeletes") });
    return noContent;
  });
}

/** `{templateId}.{tenant without dashes}.{application id}`: the same whoever makes it, and whenever. */
function jobId(tenant: TenantState, principal: ServicePrincipalDocument, templateId: string): string {
  return `${templateId}.${tenant.tenantId.replaceAll("-", "")}.${principal.appId}`;
}

function createJob(
  tenant: TenantState,
  principal: ServicePrincipalDocument,
  templateId: string,
): JobDocument {
  const { documents, random, consistency } = tenant;
  const id = jobId(tenant, principal, templateId);
  const job: JobDocument = {
    id,
    servicePrincipalId: principal.id,
    allowDeletes: false,
    templateId,
    schedule: { expiration: null, interval: "PT40M", state: "Disabled" },
    status: {
      code: "Paused",
      countSuccessiveCompleteFailures: 0,
      escrowsPruned: false,
      lastExecution: null,
      lastSuccessfulExecution: null,
      lastSuccessfulExecutionWithExports: null,
      quarantine: null,
      steadyStateFirstAchievedTime: NEVER,
      steadyStateLastAchievedTime: NEVER,
      troubleshootingUrl: null,
      progress: [],
      synchronizedEntryCountByType: [],
    },
    synchronizationJobSettings: [
      { name: "AzureIngestionAttributeOptimization", value: "False" },
      { name: "LookaheadQueryEnabled", value: "False" },
    ],
  };
  documents.jobs.put(id, job);
  documents.schemas.put(id, defaultSchema(id, schemaVersion(tenant), random.uuid()));
  documents.memories.put(id, emptyMemory());
  consistency.created(id);
  return job;
}

/** A new one for each change of a schema, in the service's own form. */
export function schemaVersion({ clock, random }: TenantState): string {
  return `Date:${clock.now().toISOString().replace("Z", "0000Z")}, ActivityId:${random.uuid()}`;
}

function started(job: JobDocument): JobDocument {
  const { status } = job;
  return {
    ...job,
    schedule: { ...job.schedule, state: "Active" },
    status: {
      ...status,
      code: status.lastExecution === null ? "NotRun" : "Active",
      quarantine: null,
      countSuccessiveCompleteFailures: 0,
    },
  };
}

function checkTemplate(principal: ServicePrincipalDocument, templateId: string): void {
  if (principal.applicationTemplateId !== CUSTOM_TEMPLATE.id) {
    throw new GraphError(
      400,
      "UnknownError",
      "The application is not enabled for provisioning: it was not created from an application template.",
    );
  }
  if (templateId === TEMPLATE_ID) return;
  throw new GraphError(
    400,
    "TemplateNotFound",
    `Template '${templateId}' is not available for this application.`,
  );
}

function resetScope(body: GraphObject): string {
  const criteria = body.criteria as { resetScope?: unknown } | undefined;
  if (typeof criteria !== "object" || criteria === null)
    throw malformed("The parameter 'criteria' is required.");
  const scope = criteria.resetScope ?? "";
  if (typeof scope !== "string") throw malformed("The property 'resetScope' is no string.");
  for (const name of scope.split(",").map((part) => part.trim())) {
    if (name !== "" && !RESET_SCOPES.includes(name))
      throw malformed(`Requested value '${name}' was not found.`);
  }
  return scope;
}
