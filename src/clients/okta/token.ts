import { createPrivateKey, webcrypto } from "node:crypto";
import * as oauth from "oauth4webapi";
import { type AccessToken, cachedToken } from "../cached-token.ts";
import { CredentialsError } from "../credentials-error.ts";
import { repeatingFetch } from "../http.ts";
import type { OktaCredential, OktaOrgAddress } from "./settings.ts";

/** An access token is not used in its last minute. */
const MARGIN_MS = 60_000;

type PrivateKey = Extract<OktaCredential, { kind: "private key" }>;

/** The value of the Authorization header; a private key is turned into an access token, kept in memory. */
export function oktaAuthorization(
  address: OktaOrgAddress,
  credential: OktaCredential,
): () => Promise<string> {
  if (credential.kind === "API token") return async () => `SSWS ${credential.token}`;
  if (credential.kind === "access token") return async () => `Bearer ${credential.token}`;
  const token = cachedToken(() => grant(address, credential), MARGIN_MS);
  return async () => `Bearer ${await token()}`;
}

async function grant(address: OktaOrgAddress, credential: PrivateKey): Promise<AccessToken> {
  const server: oauth.AuthorizationServer = {
    issuer: address.org,
    token_endpoint: `${address.api}/oauth2/v1/token`,
  };
  const client: oauth.Client = { client_id: credential.clientId };
  try {
    const key = await importKey(credential.privateKey);
    const authentication = oauth.PrivateKeyJwt(credential.keyId ? { key, kid: credential.keyId } : key, {
      [oauth.modifyAssertion]: (_header, payload) => {
        // Okta wants its token endpoint as the audience, under the org's own name.
        payload.aud = `${address.org}/oauth2/v1/token`;
      },
    });
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      { scope: credential.scopes.join(" ") },
      {
        [oauth.customFetch]: repeatingFetch,
        [oauth.allowInsecureRequests]: address.api.startsWith("http://"),
      },
    );
    const answer = await oauth.processClientCredentialsResponse(server, client, response);
    return { value: answer.access_token, expires: Date.now() + Number(answer.expires_in ?? 0) * 1000 };
  } catch (error) {
    throw new CredentialsError(
      `Okta gave no token to application ${credential.clientId} of ${address.org}: ${explain(error)}`,
      { cause: error },
    );
  }
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem);
  const pkcs8 = key.export({ format: "der", type: "pkcs8" });
  const algorithm =
    key.asymmetricKeyType === "rsa"
      ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
      : { name: "ECDSA", namedCurve: "P-256" };
  return webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
}

function explain(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) {
    if (error.error === "invalid_dpop_proof") {
      return "it demands DPoP, which rollcall does not speak; untick it in the application's settings.";
    }
    return error.error_description ?? error.error;
  }
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
