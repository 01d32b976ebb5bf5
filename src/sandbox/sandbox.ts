import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ScimClient, scimClient } from "../clients/scim.ts";
import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import { type Receiver, startReceiver } from "../receiver/receiver.ts";
import { secretVariable } from "../spec/secret-names.ts";
import { endpointsOf, readEndpoints, receiverTenants, writeEndpoints } from "./endpoints.ts";
import { DEPLOYMENT_PERMISSIONS } from "./entra/app-identity.ts";
import { type EntraTenant, startEntraTenant } from "./entra/tenant.ts";
import { type OktaOrg, startOktaOrg } from "./okta/index.ts";
import { outboundRoutes } from "./outbound.ts";
import { ensurePulumiBackend, SANDBOX_PASSPHRASE } from "./pulumi-backend.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import type { Kindness } from "./unkind.ts";

export interface SandboxOptions {
  desired: DesiredState;
  /** Who is in the tenants when they are new. */
  directories: Directories;
  /** Adds those whom tenants kept from earlier lack. */
  directoryGrows?: boolean;
  /** Keeps everything between runs; a folder that is removed at the end when absent. */
  dataDir?: string;
  kindness?: Kindness;
  seed?: string;
  /** TCP port of the receiver; any free one by default. */
  receiverPort?: number;
}

/** Simulated tenants and a receiver on loopback, wired together. */
export interface Sandbox {
  entra: EntraTenant;
  okta: OktaOrg;
  receiver: Receiver;
  /** What the program, the providers and the command line need to find all of it. Holds secrets: throw-away ones. */
  env: Record<string, string>;
  /** Where the state of the offline engine belongs. */
  stateFile: string;
  /** People and groups of both tenants as they are. */
  directories(): Directories;
  /** The product's side of an application. */
  scim(application: DesiredApplication): ScimClient;
  /** The throw-away SCIM token of an application. */
  tokenOf(application: DesiredApplication): string;
  /** Where an application's SCIM endpoint really is. */
  scimUrl(application: DesiredApplication): string;
  close(): Promise<void>;
}

interface Secrets {
  clientId: string;
  clientSecret: string;
  oktaToken: string;
  /** By name of the stack secret. */
  tokens: Record<string, string>;
}

/** Starts tenants and receiver for a desired state. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  // Absolute, since plugins run in other folders.
  const folder = options.dataDir
    ? { path: resolve(options.dataDir), remove: () => undefined }
    : temporaryFolder("rollcall-");
  const dataDir = folder.path;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { applications } = options.desired;
  const secrets = keptSecrets(join(dataDir, "secrets.json"), applications);
  const endpointsFile = join(dataDir, "endpoints.json");
  const endpoints = endpointsOf(applications, readEndpoints(endpointsFile));
  writeEndpoints(endpointsFile, endpoints);
  const certificateFile = join(dataDir, "certificate-authority.pem");
  const seed = options.seed ?? "rollcall";
  const kindness: Kindness = options.kindness ?? { seed };

  const receiver = await startReceiver({
    port: options.receiverPort ?? 0,
    data: options.dataDir ? join(dataDir, "receiver") : ":memory:",
    tenants: receiverTenants(endpoints, secrets.tokens),
  });
  const routes = Object.fromEntries(
    endpoints.map(({ scimUrl, tenant }) => [scimUrl, `${receiver.url}${tenant.path}`]),
  );
  const outbound = outboundRoutes(routes);
  const entra = await startEntraTenant({
    seed,
    kindness,
    outbound,
    certificateFile,
    directory: options.directories.entra,
    directoryGrows: options.directoryGrows ?? false,
    identities: [
      {
        clientId: secrets.clientId,
        displayName: "rollcall deployment",
        clientSecret: secrets.clientSecret,
        permissions: DEPLOYMENT_PERMISSIONS,
      },
    ],
    ...(options.dataDir ? { file: join(dataDir, "entra.db") } : {}),
  });
  const okta = await startOktaOrg({
    seed,
    kindness,
    outbound,
    directory: options.directories.okta,
    directoryGrows: options.directoryGrows ?? false,
    apiTokens: [secrets.oktaToken],
    ...(options.dataDir ? { file: join(dataDir, "okta.db") } : {}),
  });

  const tokenOf = ({ token }: DesiredApplication) => secrets.tokens[token.secret] ?? "";
  const stateFile = join(dataDir, "state.json");
  const scimUrl = ({ scimUrl: url }: DesiredApplication) => outbound(url);
  return {
    entra,
    okta,
    receiver,
    env: {
      ARM_METADATA_HOSTNAME: entra.metadataHost,
      ARM_TENANT_ID: entra.tenantId,
      ARM_CLIENT_ID: secrets.clientId,
      ARM_CLIENT_SECRET: secrets.clientSecret,
      SSL_CERT_FILE: certificateFile,
      OKTA_HTTP_PROXY: okta.url,
      OKTA_ORG_NAME: okta.orgName,
      OKTA_BASE_URL: okta.baseDomain,
      OKTA_API_TOKEN: secrets.oktaToken,
      PULUMI_BACKEND_URL: ensurePulumiBackend(join(dataDir, "pulumi")),
      PULUMI_CONFIG_PASSPHRASE: SANDBOX_PASSPHRASE,
      ROLLCALL_SANDBOX_ENTRA: entra.baseUrl,
      ROLLCALL_SANDBOX_OKTA: okta.url,
      ROLLCALL_SANDBOX_STATE: stateFile,
      ...Object.fromEntries(
        Object.entries(secrets.tokens).map(([name, token]) => [secretVariable(name), token]),
      ),
    },
    stateFile,
    directories: () => ({ entra: entra.directory(), okta: okta.directory() }),
    scimUrl,
    tokenOf,
    scim: (application) => scimClient({ baseUrl: scimUrl(application), token: tokenOf(application) }),
    close: async () => {
      await Promise.all([entra.stop(), okta.stop()]);
      await receiver.close();
      folder.remove();
    },
  };
}

/** Random at the first start, the same afterwards; new tokens are made for names that are new. */
function keptSecrets(file: string, applications: DesiredApplication[]): Secrets {
  let kept: Partial<Secrets> = {};
  try {
    kept = JSON.parse(readFileSync(file, "utf8")) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const random = () => randomBytes(24).toString("base64url");
  const tokens = { ...kept.tokens };
  for (const { token } of applications) tokens[token.secret] ??= random();
  const secrets: Secrets = {
    clientId: kept.clientId ?? "7f2d8a4e-0c51-4b57-9d3e-5a1f6b2c8e90",
    clientSecret: kept.clientSecret ?? random(),
    oktaToken: kept.oktaToken ?? random(),
    tokens,
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
