import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { CLIENT_ID, signIn } from "../harness.ts";
import { ISSUER, issuerKeys, type Refusal, SUBJECT, tenant, UNKNOWN } from "./fixture.ts";

const otherKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });

const tokenRequest =
  (tenantId: string, form: Record<string, string>): Refusal =>
  async () => {
    const response = await fetch(`${tenant.baseUrl}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

const federated =
  (changes: Record<string, unknown>, key: KeyObject = issuerKeys.privateKey): Refusal =>
  () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      iss: ISSUER,
      sub: SUBJECT,
      aud: "api://AzureADTokenExchange",
      exp: Date.now() / 1000 + 60,
      ...changes,
    };
    const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
    const signature = createSign("sha256").update(signed).sign(key).toString("base64url");
    return presenting(`${signed}.${signature}`)();
  };

const presenting =
  (client_assertion: string): Refusal =>
  () =>
    tokenRequest(tenant.tenantId, {
      client_id: CLIENT_ID,
      grant_type: "client_credentials",
      scope: `${tenant.baseUrl}/.default`,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion,
    })();

/** Refusals of the sign-in service. */
export const SIGN_IN: Record<string, Refusal> = {
  "wrong client secret": () => signIn(tenant, { client_secret: "wrong" }),
  "no credential at all": () =>
    tokenRequest(tenant.tenantId, {
      client_id: CLIENT_ID,
      grant_type: "client_credentials",
      scope: `${tenant.baseUrl}/.default`,
    })(),
  "unknown application": () => signIn(tenant, { client_id: UNKNOWN }),
  "unknown tenant": tokenRequest(UNKNOWN, { client_id: CLIENT_ID, grant_type: "client_credentials" }),
  "another grant type": () => signIn(tenant, { grant_type: "password" }),
  "scope without /.default": () => signIn(tenant, { scope: `${tenant.baseUrl}/User.Read` }),
  "scope of another resource": () => signIn(tenant, { scope: "https://vault.example/.default" }),
  "federated token of another issuer": federated({ iss: "https://elsewhere.example" }),
  "federated token for another audience": federated({ aud: "https://elsewhere.example" }),
  "federated token of another subject": federated({ sub: "repo:acme/rollcall:pull_request" }),
  "federated token signed by somebody else": federated({}, otherKeys.privateKey),
  "federated token that has expired": federated({ exp: Date.now() / 1000 - 60 }),
  "federated token that is no JWT": presenting("nonsense"),
};
