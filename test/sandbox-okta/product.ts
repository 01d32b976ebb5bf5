import type { DialectName } from "../../src/receiver/dialects/dialect.ts";
import { startReceiver } from "../../src/receiver/receiver.ts";
import type { OktaOrgOptions } from "../../src/sandbox/okta/index.ts";
import { outboundRoutes } from "../../src/sandbox/outbound.ts";
import { closeAfterTest, SCIM_TOKEN, SCIM_URL, type TestOrg, testOrg } from "./org.ts";

/** A SCIM product: the receiver, and what a test asks it. */
export interface Product {
  baseUrl: string;
  users(): Promise<ScimResource[]>;
  groups(): Promise<ScimResource[]>;
  /** userNames of those who are active, sorted. */
  active(): Promise<string[]>;
  /** group -> its members' userNames, sorted. */
  memberships(): Promise<Record<string, string[]>>;
  /** `METHOD /path` of each of Okta's requests, oldest first, decoded, paths relative to the base URL. */
  requests(): string[];
  faults: Awaited<ReturnType<typeof startReceiver>>["faults"];
}

// biome-ignore lint/suspicious/noExplicitAny: what a test reads out of a resource
export type ScimResource = Record<string, any>;

export async function startProduct(dialect: DialectName = "lenient"): Promise<Product> {
  const receiver = await startReceiver({
    port: 0,
    data: ":memory:",
    tenants: [{ name: "product", path: "/scim/v2", dialect, tokens: [SCIM_TOKEN] }],
  });
  closeAfterTest(() => receiver.close());
  const baseUrl = `${receiver.url}/scim/v2`;
  const list = async (kind: string): Promise<ScimResource[]> => {
    const response = await fetch(`${baseUrl}/${kind}?startIndex=1&count=100`, {
      headers: { authorization: `Bearer ${SCIM_TOKEN}` },
    });
    const body = (await response.json()) as { Resources?: ScimResource[] };
    return body.Resources ?? [];
  };
  return {
    baseUrl,
    users: () => list("Users"),
    groups: () => list("Groups"),
    active: async () =>
      (await list("Users"))
        .filter((user) => user.active)
        .map((user) => user.userName)
        .sort(),
    memberships: async () => {
      const names = new Map((await list("Users")).map((user) => [user.id, user.userName]));
      return Object.fromEntries(
        (await list("Groups")).map((group) => [
          group.displayName,
          (group.members ?? []).map((member: ScimResource) => names.get(member.value) ?? member.value).sort(),
        ]),
      );
    },
    requests: () =>
      receiver
        .journal("product")
        .query({ limit: 1000 })
        .filter((entry) => entry.userAgent === "Okta SCIM Client 1.0.0")
        .map((entry) => `${entry.method} ${decodeURIComponent(entry.path)}`),
    faults: receiver.faults,
  };
}

/** An org that reaches a product at {@link SCIM_URL}. */
export async function orgWithProduct(
  options: OktaOrgOptions & { dialect?: DialectName } = {},
): Promise<{ org: TestOrg; product: Product }> {
  const { dialect, ...rest } = options;
  const product = await startProduct(dialect);
  const org = await testOrg({ outbound: outboundRoutes({ [SCIM_URL]: product.baseUrl }), ...rest });
  return { org, product };
}
