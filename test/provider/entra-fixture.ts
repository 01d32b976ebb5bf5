import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { AppRoleAssignmentsInputs, ProvisioningJobInputs } from "../../src/provider/contract.ts";
import type { EntraTenant, EntraTenantOptions } from "../../src/sandbox/entra/tenant.ts";
import {
  type Application,
  addRoles,
  CLIENT_ID,
  CLIENT_SECRET,
  EDITOR,
  type Graph,
  makeApplication,
  READER,
  role,
  start,
} from "../sandbox/entra/harness.ts";
import { datahubMappings } from "./entra/job/schema-fixture.ts";
import { asSecret } from "./test-engine.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-fixture-"));
let tenants = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export interface EntraFixture {
  tenant: EntraTenant;
  /** Signed in as the deployment identity. */
  graph: Graph;
  application: Application;
  /** What the provider finds the tenant and its credentials by. */
  env: Record<string, string>;
  /** Requests that write, since the last call of this: method, and path behind the service principal. */
  writes(): string[];
}

/** A tenant with the application "DataHub" and its roles Reader and Editor. */
export async function entraFixture(options: Partial<EntraTenantOptions> = {}): Promise<EntraFixture> {
  tenants += 1;
  const certificateFile = join(folder, `ca-${tenants}.pem`);
  const { tenant, graph } = await start({ certificateFile, ...options });
  const application = await makeApplication(tenant, graph);
  await addRoles(tenant, graph, application, role(READER, "Reader"), role(EDITOR, "Editor"));
  tenant.log.clear();
  return {
    tenant,
    graph,
    application,
    env: {
      ARM_METADATA_HOSTNAME: tenant.metadataHost,
      ARM_TENANT_ID: tenant.tenantId,
      ARM_CLIENT_ID: CLIENT_ID,
      ARM_CLIENT_SECRET: CLIENT_SECRET,
      SSL_CERT_FILE: certificateFile,
    },
    writes: () => {
      const writes = tenant.log
        .writes()
        .map(({ method, path }) => `${method} ${path.replace(/^.*\/servicePrincipals\/[^/]+\//, "")}`);
      tenant.log.clear();
      return writes;
    },
  };
}

export function assignmentInputs(
  application: Application,
  assignments: Record<string, string>,
  more: Partial<AppRoleAssignmentsInputs> = {},
): AppRoleAssignmentsInputs {
  return {
    servicePrincipalId: application.servicePrincipalId,
    roles: { Reader: READER, Editor: EDITOR },
    assignments,
    exclusive: true,
    maxRemovals: 10,
    pinned: [],
    application: "datahub",
    ...more,
  };
}

/** Of a running job with DataHub's mappings, for those who are assigned. */
export function jobInputs(
  application: Application,
  {
    secretToken,
    ...given
  }: Pick<ProvisioningJobInputs, "baseAddress" | "secretToken"> & Partial<ProvisioningJobInputs>,
) {
  return {
    servicePrincipalId: application.servicePrincipalId,
    templateId: "scim",
    scope: "assigned",
    notifications: {},
    status: "running",
    mappings: datahubMappings,
    onDelete: "reset",
    maxRemovals: 10,
    application: "datahub",
    ...given,
    secretToken: asSecret(secretToken),
  };
}
