import { randomBytes } from "node:crypto";
import { type AccessTokenClaims, verifyAccessToken } from "./access-token.ts";
import { unauthenticated } from "./graph-error.ts";
import { effectivePermissions, PERMISSIONS, type Permission } from "./permissions.ts";
import type { TenantState } from "./tenant-state.ts";

/** Who makes a call. */
export interface Caller {
  clientId: string;
  servicePrincipalId: string;
  /** With those that others imply. */
  permissions: ReadonlySet<Permission>;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller;
  }
}

/** Someone in the tenant's portal, who may do everything. */
export const ADMINISTRATOR: Caller = {
  clientId: "00000000-0000-0000-0000-000000000000",
  servicePrincipalId: "00000000-0000-0000-0000-000000000000",
  permissions: effectivePermissions(Object.keys(PERMISSIONS)),
};

/** @throws GraphError 401 when the header carries no valid token of this tenant. */
export function authenticate(tenant: TenantState, authorization: string | undefined): Caller {
  const claims = verifyAccessToken(authorization, tokenKey(tenant), tenant.baseUrl, tenant.clock.now());
  if (!tenant.documents.servicePrincipals.has(claims.oid)) {
    throw unauthenticated("The identity of the calling application could not be established.");
  }
  return callerOf(claims);
}

/** The key that signs the tenant's access tokens; they stay valid over a restart. */
export function tokenKey({ documents }: TenantState): string {
  const saved = documents.settings.get("tokenKey");
  if (saved !== undefined) return saved;
  const key = randomBytes(32).toString("base64url");
  documents.settings.put("tokenKey", key);
  return key;
}

function callerOf(claims: AccessTokenClaims): Caller {
  return {
    clientId: claims.appid,
    servicePrincipalId: claims.oid,
    permissions: effectivePermissions(claims.roles),
  };
}
