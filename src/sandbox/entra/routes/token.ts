import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { signAccessToken } from "../access-token.ts";
import type { AppIdentity } from "../app-identity.ts";
import { tokenKey } from "../caller.ts";
import { checkClientAssertion } from "../client-assertion.ts";
import { GRAPH_APP_ID } from "../seed.ts";
import { type SignInError, signInError, signInErrorBody } from "../sign-in-error.ts";
import type { TenantState } from "../tenant-state.ts";

const LIFETIME_SECONDS = 3599;
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The sign-in service: client credentials with a secret or with a federated token, and what discovery needs. */
export function tokenRoutes(server: FastifyInstance, tenant: TenantState): void {
  server.get<{ Params: { tenantId: string } }>(
    "/:tenantId/v2.0/.well-known/openid-configuration",
    async ({ params }) => ({
      issuer: `${tenant.baseUrl}/${params.tenantId}/v2.0`,
      token_endpoint: `${tenant.baseUrl}/${params.tenantId}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
      response_types_supported: ["token"],
    }),
  );

  server.post<{ Params: { tenantId: string }; Body: Record<string, string> | undefined }>(
    "/:tenantId/oauth2/v2.0/token",
    async (request, reply) => {
      const result = signIn(tenant, request.params.tenantId, request.body ?? {});
      reply.type("application/json; charset=utf-8").header("cache-control", "no-store");
      if ("access_token" in result) return result;
      return reply.code(result.status).send(signInErrorBody(result, tenant.clock.now(), request.id));
    },
  );
}

interface TokenResponse {
  token_type: "Bearer";
  expires_in: number;
  ext_expires_in: number;
  access_token: string;
}

function signIn(
  tenant: TenantState,
  tenantId: string,
  form: Record<string, string>,
): TokenResponse | SignInError {
  if (tenantId.toLowerCase() !== tenant.tenantId) {
    return signInError(
      "AADSTS90002",
      400,
      "invalid_request",
      `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    );
  }
  if (form.grant_type !== "client_credentials") {
    return signInError(
      "AADSTS70003",
      400,
      "unsupported_grant_type",
      `The app requested an unsupported grant type '${form.grant_type ?? ""}'.`,
    );
  }
  const identity = tenant.identities.get(form.client_id?.toLowerCase() ?? "");
  if (!identity) {
    return signInError(
      "AADSTS700016",
      400,
      "unauthorized_client",
      `Application with identifier '${form.client_id ?? ""}' was not found in the directory '${tenantId}'.`,
    );
  }
  return checkCredential(identity, form) ?? checkScope(tenant, form.scope ?? "") ?? issue(tenant, identity);
}

function checkCredential(identity: AppIdentity, form: Record<string, string>): SignInError | undefined {
  if (form.client_assertion !== undefined && form.client_assertion_type === ASSERTION_TYPE) {
    return checkClientAssertion(form.client_assertion, identity.federatedCredentials ?? [], new Date());
  }
  if (form.client_secret === undefined) {
    return signInError(
      "AADSTS7000218",
      401,
      "invalid_client",
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (identity.clientSecret !== undefined && same(identity.clientSecret, form.client_secret))
    return undefined;
  return signInError(
    "AADSTS7000215",
    401,
    "invalid_client",
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${identity.clientId}'.`,
  );
}

function checkScope(tenant: TenantState, scope: string): SignInError | undefined {
  if (scope === `${tenant.baseUrl}/.default`) return undefined;
  if (!scope.endsWith("/.default")) {
    return signInError(
      "AADSTS1002012",
      400,
      "invalid_scope",
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  return signInError(
    "AADSTS500011",
    400,
    "invalid_resource",
    `The resource principal named ${scope.slice(0, -"/.default".length)} was not found in the tenant.`,
  );
}

function issue(tenant: TenantState, identity: AppIdentity): TokenResponse {
  const { servicePrincipals } = tenant.documents;
  const principal = servicePrincipals.values().find(({ appId }) => appId === identity.clientId);
  const oid = principal?.id ?? "";
  const issuedAt = Math.floor(tenant.clock.now().getTime() / 1000);
  const claims = {
    aud: tenant.baseUrl,
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_SECONDS,
    oid,
    sub: oid,
    tid: tenant.tenantId,
    appid: identity.clientId,
    app_displayname: identity.displayName,
    idtyp: "app" as const,
    roles: grantedPermissions(tenant, oid),
    ver: "1.0" as const,
  };
  return {
    token_type: "Bearer",
    expires_in: LIFETIME_SECONDS,
    ext_expires_in: LIFETIME_SECONDS,
    access_token: signAccessToken(claims, tokenKey(tenant)),
  };
}

/** Names of the Graph permissions that are assigned to a service principal now. */
function grantedPermissions({ documents }: TenantState, principalId: string): string[] {
  const graph = documents.servicePrincipals.values().find(({ appId }) => appId === GRAPH_APP_ID);
  const names = new Map(graph?.appRoles.map(({ id, value }) => [id, value ?? ""]));
  return documents.assignments
    .values()
    .filter((assignment) => assignment.principalId === principalId && assignment.resourceId === graph?.id)
    .map(({ appRoleId }) => names.get(appRoleId) ?? "")
    .sort();
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
