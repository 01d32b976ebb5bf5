import type { Synchronization } from "../../../clients/graph/synchronization.ts";
import type { MappingSource, SynchronizationSchema } from "../../../clients/graph/synchronization-schema.ts";
import { HttpError } from "../../../clients/http-error.ts";
import type { JobMappings } from "../../contract.ts";
import type { Context } from "../../engine/resource.ts";
import { mergeSchema, unknownSources } from "./merge.ts";

export interface Schemas {
  live: SynchronizationSchema;
  template: SynchronizationSchema;
}

/**
 * The job's schema and its template's. Where Entra does not give the template's (some applications answer with an
 * unknown error), the job's own stands for it: declared mappings are kept, others cannot be judged.
 */
export async function readSchemas(
  sync: Synchronization,
  jobId: string,
  templateId: string,
  context: Context,
): Promise<Schemas> {
  const live = await sync.schema(jobId);
  try {
    return { live, template: await sync.templateSchema(templateId) };
  } catch (error) {
    if (!(error instanceof HttpError) || error.status === 401 || error.status === 403 || error.status === 0)
      throw error;
    context.warn(
      `Entra does not show the default mappings of the template "${templateId}" (${error.message}), so that only declared mappings are compared and kept.`,
    );
    return { live, template: live };
  }
}

/** Writes the schema if something in it is not as declared. */
export async function ensureMappings(
  sync: Synchronization,
  jobId: string,
  schemas: Schemas,
  mappings: JobMappings,
  application: string,
): Promise<void> {
  const sources = new Map<string, MappingSource>();
  for (const expression of unknownSources(schemas.live, schemas.template, mappings)) {
    sources.set(expression, await parse(sync, jobId, expression, application));
  }
  const merged = mergeSchema(schemas.live, schemas.template, mappings, sources);
  if (merged) await sync.putSchema(jobId, merged);
}

async function parse(
  sync: Synchronization,
  jobId: string,
  expression: string,
  application: string,
): Promise<MappingSource> {
  const parsed = await sync.parseExpression(jobId, expression);
  if (parsed.parsingSucceeded && parsed.parsedExpression) return parsed.parsedExpression;
  throw new Error(
    `${application}: Entra cannot read the expression ${expression}: ${parsed.error?.message ?? "it gives no reason"}. The mappings were not changed.`,
  );
}
