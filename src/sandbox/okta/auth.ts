import { createPublicKey, type JsonWebKey, randomBytes, verify } from "node:crypto";
import type { Area } from "./areas.ts";
import { OktaError, refuse } from "./errors.ts";
import type { OrgState } from "./state.ts";

/** An API service application: signs in with a private key and may be granted the scopes that it was given. */
export interface ServiceClient {
  clientId: string;
  /** The public key, as a JWK or in PEM. */
  publicKey: JsonWebKey | string;
  /** `okta.apps.manage`, `okta.groups.read`, … */
  scopes: readonly string[];
}

interface AccessToken {
  scopes: ReadonlySet<string>;
  expires: number;
}

/** An answer of the token endpoint in OAuth's form. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LIFETIME_SECONDS = 3600;
const LONGEST_ASSERTION_SECONDS = 3600;

/** Who may call: API tokens (SSWS) as an administrator, access tokens (Bearer) within their scopes. Kept in memory only. */
export class Authentication {
  readonly #apiTokens: ReadonlySet<string>;
  readonly #clients: ReadonlyMap<string, ServiceClient>;
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #usedAssertions = new Set<string>();
  readonly #state: OrgState;
  readonly #baseDomain: string;

  constructor(
    state: OrgState,
    options: { baseDomain: string; apiTokens: readonly string[]; clients: readonly ServiceClient[] },
  ) {
    this.#state = state;
    this.#baseDomain = options.baseDomain;
    this.#apiTokens = new Set(options.apiTokens);
    this.#clients = new Map(options.clients.map((client) => [client.clientId, client]));
  }

  /** @throws OktaError 401 for a token that is not known, 403 for one without the scope that `method` on `area` needs. */
  check(authorization: string | undefined, method: string, path: string, area: Area): void {
    const [scheme = "", token = ""] = (authorization ?? "").split(" ", 2);
    if (scheme === "SSWS") {
      if (this.#apiTokens.has(token)) return;
      throw refuse.unauthenticated();
    }
    const known = scheme === "Bearer" ? this.#accessTokens.get(token) : undefined;
    if (!known || known.expires <= Date.now()) throw invalidBearer();
    for (const needed of neededScopes(method, path, area)) {
      const manage = needed.replace(/\.read$/, ".manage");
      if (!known.scopes.has(needed) && !known.scopes.has(manage)) throw insufficientScope(needed);
    }
  }

  /** The token endpoint: client_credentials with a signed assertion. @throws OAuthError */
  grant(form: URLSearchParams): Record<string, unknown> {
    if (form.get("grant_type") !== "client_credentials") {
      throw new OAuthError(400, "unsupported_grant_type", "Only client_credentials is supported here.");
    }
    if (form.get("client_assertion_type") !== ASSERTION_TYPE) {
      throw new OAuthError(
        401,
        "invalid_client",
        "The client has to sign a client_assertion (private_key_jwt).",
      );
    }
    const client = this.#clientOf(form.get("client_assertion") ?? "");
    const asked = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    if (asked.length === 0) throw new OAuthError(400, "invalid_scope", "The request names no scope.");
    const refused = asked.filter((scope) => !client.scopes.includes(scope));
    if (refused.length > 0) {
      throw new OAuthError(
        400,
        "invalid_scope",
        `The scope is not allowed for this client: ${refused.join(", ")}.`,
      );
    }
    const token = randomBytes(32).toString("base64url");
    this.#accessTokens.set(token, { scopes: new Set(asked), expires: Date.now() + LIFETIME_SECONDS * 1000 });
    return {
      token_type: "Bearer",
      expires_in: LIFETIME_SECONDS,
      access_token: token,
      scope: asked.join(" "),
    };
  }

  #clientOf(assertion: string): ServiceClient {
    const [header = "", payload = "", signature = ""] = assertion.split(".");
    const claims = decoded(payload);
    const { alg } = decoded(header);
    const client = this.#clients.get(String(claims.sub));
    if (!client) throw new OAuthError(401, "invalid_client", "Invalid value for 'client_id' parameter.");
    const signed = Buffer.from(`${header}.${payload}`);
    if (!signatureHolds(String(alg), client.publicKey, signed, Buffer.from(signature, "base64url"))) {
      throw new OAuthError(401, "invalid_client", "The client_assertion signature is invalid.");
    }
    this.#checkClaims(claims);
    return client;
  }

  #checkClaims(claims: Record<string, unknown>): void {
    const now = Date.now() / 1000;
    const audiences = [`https://${this.#state.orgName}.${this.#baseDomain}`, this.#state.url].map(
      (url) => `${url}/oauth2/v1/token`,
    );
    if (claims.iss !== claims.sub)
      throw new OAuthError(401, "invalid_client", "iss and sub must be the client id.");
    if (!audiences.includes(String(claims.aud))) {
      throw new OAuthError(401, "invalid_client", `The audience claim must be ${audiences[0]}.`);
    }
    if (typeof claims.exp !== "number" || claims.exp <= now || claims.exp > now + LONGEST_ASSERTION_SECONDS) {
      throw new OAuthError(
        401,
        "invalid_client",
        "The client_assertion is expired, or valid for more than an hour.",
      );
    }
    if (claims.jti === undefined) return;
    const used = `${String(claims.sub)} ${String(claims.jti)}`;
    if (this.#usedAssertions.has(used))
      throw new OAuthError(401, "invalid_client", "The client_assertion was used.");
    this.#usedAssertions.add(used);
  }
}

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like everything that is no JWT.
  }
  throw new OAuthError(401, "invalid_client", "The client_assertion is not a JWT.");
}

function signatureHolds(
  algorithm: string,
  key: JsonWebKey | string,
  signed: Buffer,
  signature: Buffer,
): boolean {
  const publicKey = typeof key === "string" ? createPublicKey(key) : createPublicKey({ key, format: "jwk" });
  if (algorithm === "RS256" && publicKey.asymmetricKeyType === "rsa") {
    return verify("sha256", signed, publicKey, signature);
  }
  if (algorithm === "ES256" && publicKey.asymmetricKeyType === "ec") {
    return verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  }
  return false;
}

function neededScopes(method: string, path: string, area: Area): string[] {
  if (!area.scope) return [];
  const verb = method === "GET" || method === "HEAD" ? "read" : "manage";
  const scopes = [`okta.${area.scope}.${verb}`];
  if (path.includes("/group-push/")) scopes.push(`okta.groups.${verb}`);
  return scopes;
}

function invalidBearer(): OktaError {
  return new OktaError(401, "E0000011", "Invalid token provided", [], {
    "www-authenticate":
      'Bearer error="invalid_token", error_description="The access token is invalid or expired."',
  });
}

function insufficientScope(scope: string): OktaError {
  const description = "The access token provided does not contain the required scopes.";
  return refuse.forbidden({
    "www-authenticate": `Bearer scope="${scope}", error="insufficient_scope", error_description="${description}"`,
  });
}
