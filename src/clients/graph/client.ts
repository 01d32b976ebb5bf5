import { trustCertificateFile } from "../certificates.ts";
import type { Environment } from "../environment.ts";
import { type HttpClient, type HttpRequest, httpClient } from "../http.ts";
import { type Cloud, discoverCloud, namedCloud } from "./cloud.ts";
import { chooseCredential, type EntraSettings } from "./credentials.ts";
import { describeGraphError } from "./errors.ts";
import { tokenSource } from "./token.ts";

/** Microsoft Graph v1.0, signed in. Paths start behind `/v1.0`. */
export interface GraphClient {
  get<T>(path: string, options?: GraphRequestOptions): Promise<T>;
  /** All items of a collection, page by page. */
  list<T>(path: string, options?: GraphRequestOptions): Promise<T[]>;
  send<T>(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    options?: GraphRequestOptions,
  ): Promise<T>;
}

export type GraphRequestOptions = Pick<HttpRequest, "awaitCreation" | "repeatable">;

export interface GraphConnection {
  settings?: EntraSettings;
  env: Environment;
  signal?: AbortSignal;
}

/** Finds the cloud and the credentials as the azuread provider does, and signs in at the first request. */
export async function connectGraph(connection: GraphConnection): Promise<GraphClient> {
  const { cloud, token } = await findSignIn(connection);
  return graphClient(cloud, token, connection.signal);
}

/** What a token for Graph says about its bearer. Microsoft promises no form; app-only ones have `roles`, people's have `scp`. */
export interface TokenClaims {
  /** Application permissions, consented to. */
  roles?: string[];
  /** Delegated permissions, with spaces between. */
  scp?: string;
  app_displayname?: string;
  /** Ids of the templates of directory roles. */
  wids?: string[];
}

/** The claims of the token that Graph would be called with; undefined when it cannot be read. The token itself stays here. */
export async function graphTokenClaims(connection: GraphConnection): Promise<TokenClaims | undefined> {
  const { token } = await findSignIn(connection);
  const payload = (await token()).split(".")[1] ?? "";
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as TokenClaims;
  } catch {
    return undefined;
  }
}

async function findSignIn({ settings = {}, env }: GraphConnection) {
  const credential = chooseCredential(settings, env);
  if (env.SSL_CERT_FILE) trustCertificateFile(env.SSL_CERT_FILE);
  const host = settings.metadataHost || env.ARM_METADATA_HOSTNAME;
  const cloud = host ? await discoverCloud(host) : namedCloud(env.ARM_ENVIRONMENT || "public");
  return { cloud, token: tokenSource(cloud, credential) };
}

/** For callers that have a token source of their own. */
export function graphClient(cloud: Cloud, token: () => Promise<string>, signal?: AbortSignal): GraphClient {
  return overHttp(
    httpClient({
      service: "Microsoft Graph",
      baseUrl: `${cloud.graph}/v1.0`,
      authorization: async () => `Bearer ${await token()}`,
      describe: describeGraphError,
      ...(signal ? { signal } : {}),
    }),
  );
}

interface Page<T> {
  value: T[];
  "@odata.nextLink"?: string;
}

function overHttp(http: HttpClient): GraphClient {
  return {
    get: async <T>(path: string, options: GraphRequestOptions = {}) =>
      (await http.request<T>({ method: "GET", path, ...options })).body,
    list: async <T>(path: string, options: GraphRequestOptions = {}) => {
      const items: T[] = [];
      for (let next: string | undefined = path; next; ) {
        const page: Page<T> = (await http.request<Page<T>>({ method: "GET", path: next, ...options })).body;
        items.push(...page.value);
        next = page["@odata.nextLink"];
      }
      return items;
    },
    send: async <T>(method: HttpRequest["method"], path: string, body?: unknown, options = {}) =>
      (await http.request<T>({ method, path, body, ...options })).body,
  };
}
