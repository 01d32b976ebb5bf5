import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDirectory } from "../../src/directory/load.ts";
import { type EngineOptions, type EngineResult, runEngine } from "../../src/sandbox/engine/index.ts";
import { DEPLOYMENT_PERMISSIONS } from "../../src/sandbox/entra/app-identity.ts";
import { type EntraTenant, startEntraTenant } from "../../src/sandbox/entra/tenant.ts";
import { outboundRoutes } from "../../src/sandbox/outbound.ts";

export const PROJECT = join(import.meta.dirname, "../..");
export const TOKEN = "a-scim-token-that-must-not-leak";
const CLIENT_SECRET = "sandbox-client-secret";

export interface Sandbox {
  tenant: EntraTenant;
  folder: string;
  stateFile: string;
  env: NodeJS.ProcessEnv;
  /** Runs the offline engine on the stack of this sandbox. */
  run(operation: EngineOptions["operation"], options?: Partial<EngineOptions>): Promise<EngineResult>;
  /** Writes a spec, and returns its path. */
  spec(text: string): string;
  /** The state file as it lies on disk. */
  state(): string;
  stop(): Promise<void>;
}

/** A kind tenant with the sandbox's directory, a SCIM server that accepts {@link TOKEN}, and an empty stack. */
export async function startSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-program-"));
  const scim = await startScimServer();
  const { port } = scim.address() as AddressInfo;
  const clientId = "6b0f9d5e-0000-4000-8000-00000000c1d0";
  const certificateFile = join(folder, "ca.pem");
  const { directories } = loadDirectory(join(PROJECT, "config/directory.sandbox.yaml"));
  if (!directories) throw new Error("The sandbox's directory is not as it should be.");
  const tenant = await startEntraTenant({
    directory: directories.entra,
    identities: [
      {
        clientId,
        displayName: "deployment",
        clientSecret: CLIENT_SECRET,
        permissions: DEPLOYMENT_PERMISSIONS,
      },
    ],
    kindness: { kind: true },
    outbound: outboundRoutes({ "https://datahub.sandbox.example": `http://127.0.0.1:${port}` }),
    certificateFile,
  });
  const stateFile = join(folder, "state.json");
  const env = {
    ...process.env,
    ARM_METADATA_HOSTNAME: tenant.metadataHost,
    ARM_TENANT_ID: tenant.tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: CLIENT_SECRET,
    SSL_CERT_FILE: certificateFile,
    ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN: TOKEN,
  };
  return {
    tenant,
    folder,
    stateFile,
    env,
    run: (operation, options = {}) =>
      runEngine({
        operation,
        projectDir: PROJECT,
        stackName: "sandbox",
        stateFile,
        env,
        passphrase: "correct horse",
        ...options,
      }),
    spec: (text) => {
      const file = join(folder, "spec.yaml");
      writeFileSync(file, text);
      return file;
    },
    state: () => readFileSync(stateFile, "utf8"),
    stop: async () => {
      await tenant.stop();
      scim.closeAllConnections();
      scim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As much of a SCIM server as "Test Connection" asks for. */
async function startScimServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${TOKEN}`;
    response.writeHead(known ? 200 : 401, { "content-type": "application/scim+json" });
    response.end(
      JSON.stringify({
        schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
