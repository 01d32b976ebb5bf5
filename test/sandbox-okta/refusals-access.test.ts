import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { OktaOrgOptions } from "../../src/sandbox/okta/index.ts";
import { expectError } from "./expect-error.ts";
import { autoLoginBody, testOrg } from "./org.ts";

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

const keys = rsa();

function assertion(claims: Record<string, unknown>, privateKey = keys.privateKey): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: "0oaclient",
    sub: "0oaclient",
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...claims,
  };
  const signed = `${encode({ alg: "RS256" })}.${encode(payload)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

async function serviceOrg(options: OktaOrgOptions = {}) {
  const publicKey = keys.publicKey.export({ format: "jwk" });
  const org = await testOrg({
    clients: [{ clientId: "0oaclient", publicKey, scopes: ["okta.apps.read", "okta.groups.manage"] }],
    ...options,
  });
  const token = (jwt: string, scope = "okta.apps.read") =>
    org.call(
      "POST",
      "/oauth2/v1/token",
      new URLSearchParams({
        grant_type: "client_credentials",
        scope,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: jwt,
      }).toString(),
      { "content-type": "application/x-www-form-urlencoded", authorization: "" },
    );
  return { org, token };
}

const AUDIENCE = "https://sandbox.okta.com/oauth2/v1/token";

describe("tokens and scopes", () => {
  test("a missing or unknown API token", async () => {
    const org = await testOrg();
    for (const authorization of ["", "SSWS wrong", "SSWS ", "Basic eDp5"]) {
      expectError(await org.call("GET", "/api/v1/apps", undefined, { authorization }), 401, "E0000011");
    }
  });

  test("an unknown access token", async () => {
    const org = await testOrg();
    const answer = await org.call("GET", "/api/v1/apps", undefined, { authorization: "Bearer made-up" });
    expectError(answer, 401, "E0000011");
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
  });

  test("an access token without the scope", async () => {
    const { org, token } = await serviceOrg();
    const { status, body } = await token(assertion({ aud: AUDIENCE }));
    expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 3600]);
    const authorization = `Bearer ${body.access_token}`;
    expect((await org.call("GET", "/api/v1/apps", undefined, { authorization })).status).toBe(200);
    const write = await org.call("POST", "/api/v1/apps", autoLoginBody("x"), { authorization });
    expectError(write, 403, "E0000006");
    expect(write.headers.get("www-authenticate")).toContain(
      'scope="okta.apps.manage", error="insufficient_scope"',
    );
    expectError(await org.call("GET", "/api/v1/groups", undefined, { authorization }), 403, "E0000006");
  });

  test("managing includes reading", async () => {
    const { org, token } = await serviceOrg();
    const { body } = await token(assertion({ aud: `${org.url}/oauth2/v1/token` }), "okta.groups.manage");
    const authorization = `Bearer ${body.access_token}`;
    expect((await org.call("GET", "/api/v1/groups", undefined, { authorization })).status).toBe(200);
  });

  test.each<[string, () => string]>([
    ["an assertion signed with another key", () => assertion({ aud: AUDIENCE }, rsa().privateKey)],
    ["an assertion for another audience", () => assertion({ aud: "https://evil.example/oauth2/v1/token" })],
    ["an expired assertion", () => assertion({ aud: AUDIENCE, exp: 1 })],
    ["an assertion of an unknown client", () => assertion({ aud: AUDIENCE, sub: "x", iss: "x" })],
    ["something that is no assertion", () => "a.b.c"],
    ["an unsigned assertion", () => `${assertion({ aud: AUDIENCE }).split(".").slice(0, 2).join(".")}.`],
  ])("%s", async (_, jwt) => {
    const { token } = await serviceOrg();
    const answer = await token(jwt());
    expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
  });

  test("an assertion used twice", async () => {
    const { token } = await serviceOrg();
    const jwt = assertion({ aud: AUDIENCE });
    expect((await token(jwt)).status).toBe(200);
    expect((await token(jwt)).body.error).toBe("invalid_client");
  });

  test("a scope that the client was not granted", async () => {
    const { token } = await serviceOrg();
    expect((await token(assertion({ aud: AUDIENCE }), "okta.users.manage")).body.error).toBe("invalid_scope");
  });

  test("too many requests in a window", async () => {
    const org = await testOrg({ rateLimits: { window: 60_000 } });
    let answer = await org.call("GET", "/api/v1/apps");
    for (let i = 0; i < 100 && answer.status === 200; i++) answer = await org.call("GET", "/api/v1/apps/x");
    while (answer.status === 404) answer = await org.call("GET", "/api/v1/apps/x");
    expectError(answer, 429, "E0000047");
    expect(answer.headers.get("x-rate-limit-limit")).toBe("100");
    expect(answer.headers.get("x-rate-limit-remaining")).toBe("0");
    const reset = Number(answer.headers.get("x-rate-limit-reset"));
    expect(reset - Date.parse(answer.headers.get("date") ?? "") / 1000).toBeLessThanOrEqual(61);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect((await org.call("GET", "/api/v1/groups")).status).toBe(200);
  });
});
