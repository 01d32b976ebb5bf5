import type { GraphClient } from "./client.ts";
import type { MappingSource, SynchronizationSchema } from "./synchronization-schema.ts";

/** Key and value of one stored credential or setting; a sensitive value reads back as {@link MASKED}. */
export interface SynchronizationSecret {
  key: string;
  value: string;
}

export const MASKED = "*";

export interface SynchronizationJob {
  id: string;
  templateId: string;
  schedule: { state: "Active" | "Disabled" | "Paused"; interval: string };
  status: {
    code: "NotConfigured" | "NotRun" | "Active" | "Paused" | "Quarantine";
    quarantine: SynchronizationQuarantine | null;
    lastExecution: SynchronizationExecution | null;
    synchronizedEntryCountByType?: { key: string; value: number }[];
  };
}

export interface SynchronizationExecution {
  /** Succeeded, Failed, EntryLevelErrors. */
  state: string;
  timeBegan: string;
  timeEnded: string;
  error?: { code?: string; message?: string } | null;
}

export interface SynchronizationQuarantine {
  reason: string;
  currentBegan: string;
  nextAttempt: string;
  error: { code: string; message: string } | null;
}

export interface ParsedExpression {
  parsingSucceeded: boolean;
  parsedExpression: MappingSource | null;
  error: { code?: string; message?: string } | null;
}

/** The synchronization API of one service principal. Every call may be sent twice without harm. */
export interface Synchronization {
  secrets(): Promise<SynchronizationSecret[]>;
  /** Replaces the whole list: what is left out is gone. */
  putSecrets(secrets: SynchronizationSecret[]): Promise<void>;
  jobs(): Promise<SynchronizationJob[]>;
  job(id: string): Promise<SynchronizationJob>;
  /**
   * Its id follows from template, tenant and application, so there cannot be two; what Graph answers to a second request is
   * not documented, and the caller looks again after any refusal.
   */
  createJob(templateId: string): Promise<SynchronizationJob>;
  deleteJob(id: string): Promise<void>;
  start(id: string): Promise<void>;
  pause(id: string): Promise<void>;
  /**
   * Begins again with an initial cycle. `Full` forgets the ids of the target system too; `Watermark, Escrows,
   * QuarantineState` only what has been seen of Entra.
   */
  restart(id: string, resetScope: "Full" | "Watermark, Escrows, QuarantineState"): Promise<void>;
  /** Fails with 400 when the endpoint does not accept them. Without credentials the saved ones are tried. */
  validateCredentials(
    templateId: string,
    jobId: string | undefined,
    credentials?: SynchronizationSecret[],
  ): Promise<void>;
  schema(jobId: string): Promise<SynchronizationSchema>;
  templateSchema(templateId: string): Promise<SynchronizationSchema>;
  /** Replaces the whole schema: everything that was read has to be sent back. */
  putSchema(jobId: string, schema: SynchronizationSchema): Promise<void>;
  /** Back to the template's. */
  resetSchema(jobId: string): Promise<void>;
  parseExpression(jobId: string, expression: string): Promise<ParsedExpression>;
  /** Answers 200 whether or not the person was provisioned: read the steps. `value` is a JSON text of them. */
  provisionOnDemand(jobId: string, request: OnDemandRequest): Promise<{ key: string; value: string }>;
}

export interface OnDemandRequest {
  ruleId: string;
  objectId: string;
  objectTypeName: "User" | "Group";
  /** At most five, of a group. */
  memberIds?: string[];
}

export function synchronization(
  graph: GraphClient,
  servicePrincipalId: string,
  options: { awaitCreation?: number } = {},
): Synchronization {
  const base = `/servicePrincipals/${servicePrincipalId}/synchronization`;
  const job = (id: string) => `${base}/jobs/${id}`;
  const again = { ...options, repeatable: true };
  return {
    secrets: async () =>
      (await graph.get<{ value?: SynchronizationSecret[] }>(`${base}/secrets`, options)).value ?? [],
    putSecrets: (secrets) => graph.send("PUT", `${base}/secrets`, { value: secrets }, again),
    jobs: () => graph.list(`${base}/jobs`, options),
    job: (id) => graph.get(job(id), options),
    createJob: (templateId) => graph.send("POST", `${base}/jobs`, { templateId }, again),
    deleteJob: (id) => graph.send("DELETE", job(id)),
    start: (id) => graph.send("POST", `${job(id)}/start`, undefined, again),
    pause: (id) => graph.send("POST", `${job(id)}/pause`, undefined, again),
    restart: (id, resetScope) =>
      graph.send("POST", `${job(id)}/restart`, { criteria: { resetScope } }, again),
    validateCredentials: (templateId, jobId, credentials) =>
      graph.send(
        "POST",
        `${jobId ? job(jobId) : `${base}/jobs`}/validateCredentials`,
        {
          templateId,
          useSavedCredentials: credentials === undefined,
          ...(credentials ? { credentials } : {}),
        },
        again,
      ),
    schema: (id) => graph.get(`${job(id)}/schema`, options),
    templateSchema: (templateId) => graph.get(`${base}/templates/${templateId}/schema`, options),
    putSchema: (id, schema) => graph.send("PUT", `${job(id)}/schema`, schema, again),
    resetSchema: (id) => graph.send("DELETE", `${job(id)}/schema`),
    parseExpression: (id, expression) =>
      graph.send(
        "POST",
        `${job(id)}/schema/parseExpression`,
        { expression, targetAttributeDefinition: null, testInputObject: null },
        again,
      ),
    provisionOnDemand: (id, request) =>
      graph.send("POST", `${job(id)}/provisionOnDemand`, { parameters: [onDemandParameter(request)] }),
  };
}

function onDemandParameter(request: OnDemandRequest) {
  const { ruleId, objectId, objectTypeName, memberIds } = request;
  const members = memberIds?.map((id) => ({ objectId: id, objectTypeName: "User" }));
  return { ruleId, subjects: [{ objectId, objectTypeName, ...(members ? { links: { members } } : {}) }] };
}
