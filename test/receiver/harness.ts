import type { ReceiverOptions, TenantOptions } from "../../src/receiver/receiver.ts";
import { startReceiver } from "../../src/receiver/receiver.ts";
import { SCHEMA } from "../../src/scim/wire.ts";

export const TOKEN = "test-token-5f0c";

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of any shape
  body: any;
  text: string;
}

/** A receiver with one tenant in memory, and a client for it. */
export async function startTenant(
  dialect: TenantOptions["dialect"],
  tenant: Partial<TenantOptions> = {},
  options: Partial<ReceiverOptions> = {},
) {
  const receiver = await startReceiver({
    port: 0,
    data: ":memory:",
    tenants: [{ name: "main", path: "/scim/v2", dialect, tokens: [TOKEN], ...tenant }],
    ...options,
  });
  const [main] = receiver.tenants;
  if (!main) throw new Error("no tenant");
  return { receiver, baseUrl: main.baseUrl, ...client(main.baseUrl), close: () => receiver.close() };
}

export function client(baseUrl: string, token = TOKEN) {
  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/scim+json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = text === "" ? undefined : JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, headers: response.headers, body: parsed, text };
  }
  return {
    send,
    get: (path: string, headers?: Record<string, string>) => send("GET", path, undefined, headers),
    post: (path: string, body: unknown, headers?: Record<string, string>) =>
      send("POST", path, body, headers),
    put: (path: string, body: unknown, headers?: Record<string, string>) => send("PUT", path, body, headers),
    patch: (path: string, operations: unknown[], headers?: Record<string, string>) =>
      send("PATCH", path, { schemas: [SCHEMA.patchOp], Operations: operations }, headers),
    remove: (path: string, headers?: Record<string, string>) => send("DELETE", path, undefined, headers),
    find: (type: "Users" | "Groups", filter: string, more = "") =>
      send("GET", `/${type}?filter=${encodeURIComponent(filter)}${more}`),
  };
}

export type Tenant = Awaited<ReturnType<typeof startTenant>>;

export const user = (userName: string, more: object = {}) => ({ schemas: [SCHEMA.user], userName, ...more });
export const group = (displayName: string, more: object = {}) => ({
  schemas: [SCHEMA.group],
  displayName,
  ...more,
});
