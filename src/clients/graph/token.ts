import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as oauth from "oauth4webapi";
import { type AccessToken, cachedToken } from "../cached-token.ts";
import { CredentialsError } from "../credentials-error.ts";
import { repeatingFetch } from "../http.ts";
import type { Cloud } from "./cloud.ts";
import type { EntraCredential } from "./credentials.ts";

/** A token is not used in its last five minutes. */
const MARGIN_MS = 5 * 60_000;

/** Gives a bearer token for Graph. */
export function tokenSource(cloud: Cloud, credential: EntraCredential): () => Promise<string> {
  return cachedToken(() => requestToken(cloud, credential), MARGIN_MS);
}

function requestToken(cloud: Cloud, credential: EntraCredential): Promise<AccessToken> {
  return credential.kind === "Azure CLI" ? askAzureCli(cloud, credential.tenantId) : grant(cloud, credential);
}

async function grant(
  cloud: Cloud,
  credential: Exclude<EntraCredential, { kind: "Azure CLI" }>,
): Promise<AccessToken> {
  const issuer = `${cloud.login}/${credential.tenantId}`;
  const server: oauth.AuthorizationServer = { issuer, token_endpoint: `${issuer}/oauth2/v2.0/token` };
  const client: oauth.Client = { client_id: credential.clientId };
  const authentication =
    credential.kind === "client secret"
      ? oauth.ClientSecretPost(credential.clientSecret)
      : bearerAssertion(await credential.assertion());
  try {
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope: `${cloud.graph}/.default` },
      {
        [oauth.customFetch]: repeatingFetch,
        [oauth.allowInsecureRequests]: cloud.login.startsWith("http://"),
      },
    );
    const answer = await oauth.processClientCredentialsResponse(server, client, response);
    return { value: answer.access_token, expires: Date.now() + Number(answer.expires_in ?? 0) * 1000 };
  } catch (error) {
    throw new CredentialsError(
      `Entra gave no token to application ${credential.clientId} in tenant ${credential.tenantId} (${credential.kind}, from ${cloud.login}): ${explain(error)}`,
      { cause: error },
    );
  }
}

/** RFC 7523, section 2.2: a token that somebody else signed for us. */
function bearerAssertion(assertion: string): oauth.ClientAuth {
  return (_server, client, body) => {
    body.set("client_id", client.client_id);
    body.set("client_assertion", assertion);
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  };
}

function explain(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) return error.error_description ?? error.error;
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message}${cause}`;
}

async function askAzureCli(cloud: Cloud, tenantId: string | undefined): Promise<AccessToken> {
  const args = ["account", "get-access-token", "--output", "json", "--resource", cloud.graph];
  if (tenantId) args.push("--tenant", tenantId);
  try {
    const { stdout } = await promisify(execFile)("az", args);
    const answer = JSON.parse(stdout) as { accessToken: string; expires_on?: number; expiresOn?: string };
    const expires = answer.expires_on ? answer.expires_on * 1000 : Date.parse(answer.expiresOn ?? "");
    return { value: answer.accessToken, expires };
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new CredentialsError(
      missing
        ? "There are no credentials for Entra, and the Azure CLI (az) is not installed: set ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or ARM_USE_OIDC."
        : "The Azure CLI gave no token for Microsoft Graph: run `az login`, or set ARM_CLIENT_ID and ARM_CLIENT_SECRET.",
      // The command's output may hold a token, so only its error stream is kept.
      { cause: error instanceof Error && "stderr" in error ? String(error.stderr) : undefined },
    );
  }
}
