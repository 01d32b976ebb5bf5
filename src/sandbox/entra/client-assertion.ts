import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { type SignInError, signInError } from "./sign-in-error.ts";

/** Trust in tokens of another issuer, as on an app registration under "Federated credentials". */
export interface FederatedCredential {
  issuer: string;
  subject: string;
  /** `api://AzureADTokenExchange` when absent. */
  audience?: string;
  /** The issuer's public keys; the sandbox fetches none. RSA (RS256) or P-256 (ES256). */
  keys: (JsonWebKey & { kid?: string })[];
}

const AUDIENCE = "api://AzureADTokenExchange";

/**
 * Checks the token that a client presents instead of a secret.
 * @param now of the issuer's clock, that is the machine's
 * @returns the error that Entra answers, or undefined when a credential matches
 */
export function checkClientAssertion(
  assertion: string,
  credentials: readonly FederatedCredential[],
  now: Date,
): SignInError | undefined {
  const parts = assertion.split(".");
  const header = decode(parts[0]);
  const claims = decode(parts[1]);
  if (parts.length !== 3 || !header || !claims) {
    return signInError("AADSTS50027", 400, "invalid_request", "JWT token is invalid or malformed.");
  }
  const sameIssuer = credentials.filter(({ issuer }) => issuer === claims.iss);
  if (sameIssuer.length === 0) {
    return noMatch("AADSTS700211", `issuer '${claims.iss}'`);
  }
  const audiences = [claims.aud].flat();
  const sameAudience = sameIssuer.filter(({ audience }) => audiences.includes(audience ?? AUDIENCE));
  if (sameAudience.length === 0) {
    return noMatch("AADSTS700212", `audience '${audiences.join(", ")}'`);
  }
  const credential = sameAudience.find(({ subject }) => subject === claims.sub);
  if (!credential) {
    return noMatch("AADSTS700213", `subject '${claims.sub}'`);
  }
  if (!credential.keys.some((key) => isSignedBy(key, header, parts))) {
    return signInError("AADSTS50013", 401, "invalid_client", "Assertion failed signature validation.");
  }
  if (typeof claims.exp !== "number" || claims.exp * 1000 <= now.getTime()) {
    return signInError(
      "AADSTS700024",
      401,
      "invalid_client",
      "Client assertion is not within its valid time range.",
    );
  }
  return undefined;
}

function noMatch(code: string, what: string): SignInError {
  return signInError(
    code,
    401,
    "invalid_client",
    `No matching federated identity record found for presented assertion ${what}.`,
  );
}

function isSignedBy(
  key: JsonWebKey & { kid?: string },
  header: Record<string, unknown>,
  parts: string[],
): boolean {
  if (key.kid !== undefined && header.kid !== undefined && key.kid !== header.kid) return false;
  const algorithm = key.kty === "RSA" ? "RS256" : key.kty === "EC" ? "ES256" : undefined;
  if (algorithm === undefined || header.alg !== algorithm) return false;
  const [head = "", payload = "", signature = ""] = parts;
  return verify(
    "sha256",
    Buffer.from(`${head}.${payload}`),
    { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
