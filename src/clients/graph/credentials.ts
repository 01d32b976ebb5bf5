import { readCredentialFile } from "../credential-file.ts";
import { CredentialsError } from "../credentials-error.ts";
import type { Environment } from "../environment.ts";
import { repeatingFetch } from "../http.ts";

/** How a program proves to Entra who it is. */
export type EntraCredential =
  | { kind: "client secret"; tenantId: string; clientId: string; clientSecret: string }
  /** `assertion` is asked for at each token, since the files and tokens it comes from are short-lived. */
  | { kind: "federated"; tenantId: string; clientId: string; assertion: () => Promise<string> }
  | { kind: "Azure CLI"; tenantId?: string };

/** What a program was told about Entra; whatever is absent comes from the environment. */
export interface EntraSettings {
  tenantId?: string;
  clientId?: string;
  clientSecret?: string;
  metadataHost?: string;
}

/**
 * Chooses as the azuread provider does, by the same variables: client secret, then OIDC (a token, a file, GitHub's
 * request URL), then the Azure CLI.
 */
export function chooseCredential(settings: EntraSettings, env: Environment): EntraCredential {
  const tenantId = settings.tenantId || env.ARM_TENANT_ID;
  const clientId = settings.clientId || env.ARM_CLIENT_ID || contents("ARM_CLIENT_ID_FILE_PATH", env);
  const clientSecret =
    settings.clientSecret || env.ARM_CLIENT_SECRET || contents("ARM_CLIENT_SECRET_FILE_PATH", env);
  if (clientSecret) return { kind: "client secret", ...application(tenantId, clientId), clientSecret };
  const assertion = isTrue(env.ARM_USE_OIDC) || env.ARM_OIDC_TOKEN ? findAssertion(env) : undefined;
  if (assertion) return { kind: "federated", ...application(tenantId, clientId), assertion };
  if (isTrue(env.ARM_USE_OIDC)) {
    throw new CredentialsError(
      "ARM_USE_OIDC is set, but there is no token: set ARM_OIDC_TOKEN or ARM_OIDC_TOKEN_FILE_PATH, or run in GitHub Actions with `permissions: id-token: write`.",
    );
  }
  const other = UNSUPPORTED.find(({ variable, isFlag }) => (isFlag ? isTrue(env[variable]) : env[variable]));
  if (other) {
    throw new CredentialsError(
      `${other.variable} is set, and rollcall cannot sign in to Entra with ${other.what}: set ARM_USE_OIDC or ARM_CLIENT_SECRET. It does not take the Azure CLI's identity instead, which may be another.`,
    );
  }
  if (isFalse(env.ARM_USE_CLI)) {
    throw new CredentialsError(
      "There are no credentials for Entra: set ARM_CLIENT_SECRET, or ARM_USE_OIDC, or let ARM_USE_CLI be true.",
    );
  }
  return { kind: "Azure CLI", ...(tenantId ? { tenantId } : {}) };
}

/** Ways in which the azuread provider signs in and rollcall does not. */
const UNSUPPORTED = [
  { variable: "ARM_CLIENT_CERTIFICATE", what: "a client certificate", isFlag: false },
  { variable: "ARM_CLIENT_CERTIFICATE_PATH", what: "a client certificate", isFlag: false },
  { variable: "ARM_USE_MSI", what: "a managed identity", isFlag: true },
  { variable: "ARM_USE_AKS_WORKLOAD_IDENTITY", what: "a workload identity of AKS", isFlag: true },
];

function application(tenantId: string | undefined, clientId: string | undefined) {
  if (!tenantId || !clientId) {
    const missing = [tenantId ? "" : "ARM_TENANT_ID", clientId ? "" : "ARM_CLIENT_ID"].filter(Boolean);
    throw new CredentialsError(
      `Entra's credentials are not complete: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not set.`,
    );
  }
  return { tenantId, clientId };
}

function findAssertion(env: Environment): (() => Promise<string>) | undefined {
  const { ARM_OIDC_TOKEN: token, ARM_OIDC_TOKEN_FILE_PATH: file } = env;
  if (token) return async () => token;
  if (file) return async () => readCredentialFile("ARM_OIDC_TOKEN_FILE_PATH", file);
  const url = env.ARM_OIDC_REQUEST_URL || env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const bearer = env.ARM_OIDC_REQUEST_TOKEN || env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  return url && bearer ? () => requestGitHubToken(url, bearer) : undefined;
}

async function requestGitHubToken(url: string, bearer: string): Promise<string> {
  const target = new URL(url);
  target.searchParams.set("audience", "api://AzureADTokenExchange");
  const response = await repeatingFetch(target, { headers: { authorization: `Bearer ${bearer}` } });
  const body = (response.ok ? await response.json() : {}) as { value?: string };
  if (!body.value) {
    throw new CredentialsError(
      `GitHub gave no OIDC token (${response.status} from ${target.host}): does the job have \`permissions: id-token: write\`?`,
    );
  }
  return body.value;
}

function contents(variable: string, env: Environment): string | undefined {
  const file = env[variable];
  return file ? readCredentialFile(variable, file) : undefined;
}

/** As Go's ParseBool, by which the azuread provider reads them. */
function isTrue(value = ""): boolean {
  return ["1", "t", "T", "TRUE", "true", "True"].includes(value);
}

function isFalse(value = ""): boolean {
  return ["0", "f", "F", "FALSE", "false", "False"].includes(value);
}
