import type { SynchronizationSchema } from "../../../clients/graph/synchronization-schema.ts";
import { defaultSchema } from "../../../defaults/entra-schema.ts";
import { FUNCTIONS } from "../../../expressions/catalogue.ts";
import { type ConnectorMemory, emptyMemory, restarted } from "../../../provisioning/entra/memory.ts";
import type { JobDocument } from "../documents.ts";
import { GraphError } from "../graph-error.ts";
import { type GraphCall, type GraphRouter, noContent, ok } from "../graph-router.ts";
import { jobOf } from "../lookup.ts";
import { ACCESS } from "../permissions.ts";
import type { TenantState } from "../tenant-state.ts";
import { FILTER_OPERATORS } from "./filter-operators.ts";
import { schemaVersion } from "./jobs.ts";
import { checkSchema } from "./schema-check.ts";

/** A job's schema: read sorted, replaced as a whole, reset; never patched. */
export function schemaRoutes(router: GraphRouter): void {
  const { tenant } = router;
  const path = "/servicePrincipals/:id/synchronization/jobs/:jobId/schema";

  router.on("GET", path, ACCESS.readSynchronization, (call) => {
    const job = jobOf(tenant, call);
    return ok({ "@odata.context": contextOf(call), ...sorted(schemaOf(tenant, job)) });
  });

  router.on("PUT", path, ACCESS.writeSynchronization, (call) => {
    const job = jobOf(tenant, call);
    const members = Object.entries(checkSchema(call.body)).filter(([name]) => !name.startsWith("@odata."));
    const { synchronizationRules, directories, ...others } = Object.fromEntries(
      members,
    ) as unknown as SynchronizationSchema;
    replaceSchema(tenant, job, { ...others, synchronizationRules, directories });
    return noContent;
  });

  router.on("DELETE", path, ACCESS.writeSynchronization, (call) => {
    const job = jobOf(tenant, call);
    const target = schemaOf(tenant, job).directories.find(({ name }) => name === "customappsso");
    replaceSchema(tenant, job, defaultSchema(job.id, "", target?.id));
    return noContent;
  });

  router.on("PATCH", path, ACCESS.writeSynchronization, (call) => {
    const job = jobOf(tenant, call);
    throw noResource(job);
  });

  router.on("GET", `${path}/filterOperators`, ACCESS.readSynchronization, (call) => {
    jobOf(tenant, call);
    return ok({ "@odata.context": `${contextOf(call)}/filterOperators`, value: FILTER_OPERATORS });
  });

  router.on("GET", `${path}/functions`, ACCESS.readSynchronization, (call) => {
    jobOf(tenant, call);
    return ok({ "@odata.context": `${contextOf(call)}/functions`, value: functionSchemas() });
  });

  router.on("POST", `${path}/directories/:directoryId/discover`, ACCESS.writeSynchronization, (call) => {
    jobOf(tenant, call);
    throw new GraphError(
      400,
      "NotSupported",
      "The directory does not support discovery: its discoverabilities are None.",
    );
  });
}

export function schemaOf({ documents }: TenantState, job: JobDocument): SynchronizationSchema {
  const schema = documents.schemas.get(job.id);
  if (!schema) throw new GraphError(404, "SchemaNotFound", `The job '${job.id}' has no schema.`);
  return schema;
}

/** Any change of a schema makes the service evaluate everybody again in its next cycle. */
function replaceSchema(tenant: TenantState, job: JobDocument, schema: SynchronizationSchema): void {
  const { schemas, memories } = tenant.documents;
  schemas.put(job.id, { ...schema, id: job.id, version: schemaVersion(tenant) });
  memories.put(job.id, restarted((memories.get(job.id) ?? emptyMemory()) as ConnectorMemory, "Watermark"));
}

function sorted(schema: SynchronizationSchema): SynchronizationSchema {
  const by = <T>(items: readonly T[], key: (item: T) => string): T[] =>
    [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return {
    ...schema,
    synchronizationRules: schema.synchronizationRules.map((rule) => ({
      ...rule,
      objectMappings: by(rule.objectMappings, ({ name }) => name ?? "").map((mapping) => ({
        ...mapping,
        attributeMappings: by(mapping.attributeMappings, ({ targetAttributeName }) => targetAttributeName),
      })),
    })),
    directories: by(schema.directories, ({ name }) => name).map((directory) => ({
      ...directory,
      objects: directory.objects.map((object) => ({
        ...object,
        attributes: by(object.attributes, ({ name }) => name),
      })),
    })),
  };
}

function contextOf({ root, params }: GraphCall): string {
  return `${root}/$metadata#servicePrincipals('${params.id}')/synchronization/jobs('${params.jobId}')/schema/$entity`;
}

/** SDKs generate PATCH, but the service behind Graph has never had it. */
function noResource({ servicePrincipalId, id }: JobDocument): GraphError {
  const url = `https://syncfabric.windowsazure.com/api/servicePrincipals('${servicePrincipalId}')/synchronization/jobs('${id}')/schema?api-version=2.0`;
  const message = `No HTTP resource was found that matches the request URI '${url}'.`;
  return new GraphError(404, "UnknownError", JSON.stringify({ Message: message }));
}

function functionSchemas(): unknown[] {
  return [...FUNCTIONS.values()].map(({ name, parameters }) => ({
    name,
    parameters: parameters.map(({ key, required, repeatable }) => ({
      name: key,
      required,
      allowMultipleOccurrences: repeatable,
      type: "String",
    })),
  }));
}
