import { trustCertificateFile } from "../certificates.ts";
import type { Environment } from "../environment.ts";
import { type HttpRequest, httpClient } from "../http.ts";
import { describeOktaError } from "./errors.ts";
import { chooseOktaCredential, type OktaSettings, orgAddress } from "./settings.ts";
import { oktaAuthorization } from "./token.ts";

/** The Okta management API, signed in. Paths start behind `/api/v1`. */
export interface OktaClient {
  /** `https://acme.okta.com` */
  readonly org: string;
  get<T>(path: string, options?: OktaRequestOptions): Promise<T>;
  /** All items of a collection, page by page. */
  list<T>(path: string, options?: OktaRequestOptions): Promise<T[]>;
  send<T>(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
    options?: OktaRequestOptions,
  ): Promise<T>;
}

export type OktaRequestOptions = Pick<HttpRequest, "awaitCreation" | "repeatable">;

export interface OktaConnection {
  settings?: OktaSettings;
  env: Environment;
  signal?: AbortSignal;
}

/** Finds the org and the credentials as the okta provider does, and signs in at the first request. */
export function connectOkta({ settings = {}, env, signal }: OktaConnection): OktaClient {
  const address = orgAddress(settings, env);
  if (env.SSL_CERT_FILE) trustCertificateFile(env.SSL_CERT_FILE);
  const http = httpClient({
    service: "Okta",
    baseUrl: `${address.api}/api/v1`,
    authorization: oktaAuthorization(address, chooseOktaCredential(settings, env)),
    describe: describeOktaError,
    ...(signal ? { signal } : {}),
  });
  return {
    org: address.org,
    get: async <T>(path: string, options: OktaRequestOptions = {}) =>
      (await http.request<T>({ method: "GET", path, ...options })).body,
    list: async <T>(path: string, options: OktaRequestOptions = {}) => {
      const items: T[] = [];
      for (let next: string | undefined = path; next !== undefined; ) {
        const answer: { body: T[]; headers: Headers } = await http.request<T[]>({
          method: "GET",
          path: next,
          ...options,
        });
        items.push(...answer.body);
        next = nextPage(answer.headers.get("link"));
      }
      return items;
    },
    send: async <T>(method: HttpRequest["method"], path: string, body?: unknown, options = {}) =>
      (await http.request<T>({ method, path, body, ...options })).body,
  };
}

/** The path behind `/api/v1` of `Link: <…>; rel="next"`: behind OKTA_HTTP_PROXY the link names the org itself. */
function nextPage(link: string | null): string | undefined {
  const target = link?.match(/<([^>]+)>\s*;\s*rel="next"/)?.[1];
  if (!target) return undefined;
  const { pathname, search } = new URL(target);
  return `${pathname.replace(/^\/api\/v1/, "")}${search}`;
}
