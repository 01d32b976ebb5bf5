import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { DesiredApplication } from "../desired/model.ts";
import type { DialectName } from "../receiver/dialects/dialect.ts";
import type { TenantOptions } from "../receiver/receiver.ts";

/** A product's SCIM endpoint, which a tenant of the sandbox's receiver plays. */
export interface Endpoint {
  /** As the spec names it. */
  scimUrl: string;
  tenant: Omit<TenantOptions, "tokens">;
  /** Names of the stack secrets whose tokens it takes. */
  secrets: string[];
}

/**
 * One for each endpoint: two applications that feed one endpoint feed one tenant.
 * @param earlier endpoints of earlier specs. They stay, as products do: what leaves the spec is provisioned until the next `up`
 */
export function endpointsOf(applications: DesiredApplication[], earlier: Endpoint[] = []): Endpoint[] {
  const endpoints = new Map(earlier.map((endpoint) => [endpoint.tenant.path, endpoint]));
  const here = new Set<string>();
  for (const { name, product, scimUrl, token, scimGroupMappings } of applications) {
    const path = receiverPath(scimUrl, product);
    const known = endpoints.get(path);
    const taken = [...endpoints.values()].map(({ tenant }) => tenant.name);
    endpoints.set(path, {
      scimUrl,
      tenant:
        known && here.has(path)
          ? known.tenant
          : {
              name: known?.tenant.name ?? freeName(name, taken),
              path,
              dialect: dialectOf(product),
              settings: { scimGroupMappings },
            },
      secrets: [...new Set([...(known?.secrets ?? []), token.secret])],
    });
    here.add(path);
  }
  return [...endpoints.values()];
}

/** @param tokens by name of the stack secret */
export function receiverTenants(endpoints: Endpoint[], tokens: Record<string, string>): TenantOptions[] {
  if (endpoints.length > 0) {
    return endpoints.map(({ tenant, secrets }) => ({
      ...tenant,
      tokens: secrets.flatMap((name) => tokens[name] ?? []),
    }));
  }
  // A spec without applications can be applied as well, and a receiver needs a tenant.
  return [
    { name: "nobody", path: "/nobody", dialect: "lenient", tokens: [randomBytes(24).toString("base64url")] },
  ];
}

/** @returns nothing where no sandbox has been before */
export function readEndpoints(file: string): Endpoint[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Endpoint[]) : [];
}

export function writeEndpoints(file: string, endpoints: Endpoint[]): void {
  writeFileSync(file, JSON.stringify(endpoints, null, 2), { mode: 0o600 });
}

/** `/gms/openapi/scim/v2` of https://datahub.sandbox.example stands at /datahub.sandbox.example/gms/openapi/scim/v2. */
function receiverPath(scimUrl: string, product: string): string {
  const { host, pathname } = new URL(scimUrl);
  return `/${host.replace(":", ".")}${pathname === "/" ? `/${product}` : pathname}`.replace(/\/+$/, "");
}

/** The name is also that of the tenant's database, which a new endpoint of an application must not take over. */
function freeName(name: string, taken: string[]): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

function dialectOf(product: string): DialectName {
  const own: readonly DialectName[] = ["datahub", "data-mesh-manager", "collate"];
  return own.find((name) => name === product) ?? "lenient";
}
