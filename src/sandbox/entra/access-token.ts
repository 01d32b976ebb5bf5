import { createHmac, timingSafeEqual } from "node:crypto";
import { unauthenticated } from "./graph-error.ts";

/** What a token of the tenant says about its bearer; the claims are those that azuread reads. */
export interface AccessTokenClaims {
  aud: string;
  iss: string;
  /** Seconds since the epoch, of the tenant's clock. */
  iat: number;
  exp: number;
  /** Object id of the bearer's service principal. */
  oid: string;
  sub: string;
  tid: string;
  appid: string;
  app_displayname: string;
  idtyp: "app";
  roles: string[];
  ver: "1.0";
}

/** A JWT, signed with a key that only the tenant has. */
export function signAccessToken(claims: AccessTokenClaims, key: string): string {
  const signed = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
  return `${signed}.${signature(signed, key)}`;
}

/** @throws GraphError 401 when the token is absent, not from this tenant, or expired at `now`. */
export function verifyAccessToken(
  header: string | undefined,
  key: string,
  audience: string,
  now: Date,
): AccessTokenClaims {
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (token === undefined) throw unauthenticated("Access token is empty.");
  const [head = "", payload = "", sign = ""] = token.split(".");
  const expected = signature(`${head}.${payload}`, key);
  if (sign.length !== expected.length || !timingSafeEqual(Buffer.from(sign), Buffer.from(expected))) {
    throw unauthenticated("Access token validation failure. Invalid signature.");
  }
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as AccessTokenClaims;
  if (claims.aud !== audience) throw unauthenticated("Access token validation failure. Invalid audience.");
  if (claims.exp * 1000 <= now.getTime()) {
    throw unauthenticated("Lifetime validation failed, the token is expired.");
  }
  return claims;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(text: string, key: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}
