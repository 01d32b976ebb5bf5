import { readCredentialFile } from "../credential-file.ts";
import { CredentialsError } from "../credentials-error.ts";
import type { Environment } from "../environment.ts";

/** What a program was told about Okta; whatever is absent comes from the environment. */
export interface OktaSettings {
  orgName?: string;
  baseUrl?: string;
  apiToken?: string;
  httpProxy?: string;
}

/** How a program proves to Okta who it is. */
export type OktaCredential =
  | { kind: "API token"; token: string }
  | { kind: "access token"; token: string }
  | { kind: "private key"; clientId: string; privateKey: string; keyId?: string; scopes: string[] };

export interface OktaOrgAddress {
  /** Where requests go, without a trailing slash. */
  api: string;
  /** `https://acme.okta.com`: what tokens and links to the console are about. */
  org: string;
}

/** As the okta provider: OKTA_HTTP_PROXY is no proxy, but stands in for the org's address. */
export function orgAddress(settings: OktaSettings, env: Environment): OktaOrgAddress {
  const orgName = settings.orgName || env.OKTA_ORG_NAME;
  const baseUrl = settings.baseUrl || env.OKTA_BASE_URL || "okta.com";
  if (!orgName)
    throw new CredentialsError(
      "Okta's address is not known: OKTA_ORG_NAME is not set (acme, of acme.okta.com).",
    );
  const org = `https://${orgName}.${baseUrl}`;
  const proxy = settings.httpProxy || env.OKTA_HTTP_PROXY;
  return { org, api: (proxy || org).replace(/\/$/, "") };
}

/** What rollcall asks for: applications, groups and users, and the logs that `status` reads. */
const SCOPES =
  "okta.apps.manage okta.apps.read okta.groups.manage okta.groups.read okta.users.read okta.logs.read";

/** Chooses by the variables that the okta provider reads: API token, access token, then a private key. */
export function chooseOktaCredential(settings: OktaSettings, env: Environment): OktaCredential {
  const apiToken = settings.apiToken || env.OKTA_API_TOKEN;
  if (apiToken) return { kind: "API token", token: apiToken };
  if (env.OKTA_ACCESS_TOKEN) return { kind: "access token", token: env.OKTA_ACCESS_TOKEN };
  const { OKTA_API_CLIENT_ID: clientId, OKTA_API_PRIVATE_KEY: key, OKTA_API_PRIVATE_KEY_ID: keyId } = env;
  if (!clientId || !key) {
    throw new CredentialsError(
      "There are no credentials for Okta: set OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY (and OKTA_API_SCOPES), or OKTA_API_TOKEN.",
    );
  }
  const privateKey = readPrivateKey(key);
  const scopes = (env.OKTA_API_SCOPES || SCOPES).split(/[\s,]+/).filter(Boolean);
  return { kind: "private key", clientId, privateKey, ...(keyId ? { keyId } : {}), scopes };
}

/** The okta provider takes a PEM or the path of one. No error says the value, which may be a key in another form. */
function readPrivateKey(value: string): string {
  const isPath = !/-----BEGIN|[{\n]/.test(value);
  const key = isPath ? readCredentialFile("OKTA_API_PRIVATE_KEY", value) : value;
  if (key.includes("-----BEGIN")) return key;
  const form = key.trimStart().startsWith("{") ? "is a JWK" : "is no PEM (-----BEGIN PRIVATE KEY-----)";
  throw new CredentialsError(
    `The key in OKTA_API_PRIVATE_KEY ${form}: give it as PEM, or the path of a PEM file. Okta's console offers both forms when it makes a key.`,
  );
}
