import { afterEach, beforeEach } from "vitest";
import type { SynchronizationSchema } from "../../../../src/clients/graph/synchronization-schema.ts";
import type { ProvisioningJobInputs } from "../../../../src/provider/contract.ts";
import { type EntraFixture, entraFixture, jobInputs } from "../../entra-fixture.ts";
import { type ScimEndpoint, scimEndpoint } from "../../scim-endpoint.ts";
import { TestEngine } from "../../test-engine.ts";

export const TOKEN = "first-token-of-datahub";
export const NEXT_TOKEN = "second-token-of-datahub";

/** A tenant, a product's endpoint that takes TOKEN, and an engine without state: new ones for each test of the importing file. */
export let fixture: EntraFixture;
export let endpoint: ScimEndpoint;
export let engine: TestEngine;

beforeEach(async () => {
  fixture = await entraFixture();
  endpoint = await scimEndpoint(TOKEN);
  engine = new TestEngine(fixture.env, "provisioningJob");
});
afterEach(async () => {
  await endpoint.stop();
  await fixture.tenant.stop();
});

/** Inputs of DataHub's job. */
export const inputs = (more: Partial<ProvisioningJobInputs> = {}) =>
  jobInputs(fixture.application, { baseAddress: endpoint.url, secretToken: TOKEN, ...more });

/** Of the synchronization API. */
export const path = () => `/v1.0/servicePrincipals/${fixture.application.servicePrincipalId}/synchronization`;

export interface Job {
  id: string;
  schedule: { state: string };
}

export async function job(): Promise<Job | undefined> {
  const { value } = (await fixture.tenant.asAdministrator("GET", `${path()}/jobs`)) as { value: Job[] };
  return value[0];
}

export async function secrets(): Promise<Record<string, string>> {
  const { value } = (await fixture.tenant.asAdministrator("GET", `${path()}/secrets`)) as {
    value: { key: string; value: string }[];
  };
  return Object.fromEntries(value.map((secret) => [secret.key, secret.value]));
}

/** As an administrator does in the portal, who knows the token. */
export async function putSecrets(changes: Record<string, string>): Promise<void> {
  const { SecretToken: _masked, ...clear } = await secrets();
  const value = Object.entries({ ...clear, SecretToken: TOKEN, ...changes }).map(([key, text]) => ({
    key,
    value: text,
  }));
  await fixture.tenant.asAdministrator("PUT", `${path()}/secrets`, { value });
}

export async function schema(): Promise<SynchronizationSchema> {
  const { id = "" } = (await job()) ?? {};
  return (await fixture.tenant.asAdministrator(
    "GET",
    `${path()}/jobs/${id}/schema`,
  )) as SynchronizationSchema;
}

export async function changeSchema(change: (schema: SynchronizationSchema) => void): Promise<void> {
  const { id = "" } = (await job()) ?? {};
  const current = await schema();
  change(current);
  await fixture.tenant.asAdministrator("PUT", `${path()}/jobs/${id}/schema`, current);
}

/** Writes without the names that differ from run to run. */
export const shortened = (writes: string[]) =>
  writes.map((write) => write.replace(/synchronization\//, "").replace(/jobs\/scim[^/]*/, "jobs/{id}"));
