import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { CredentialsError } from "../../src/clients/credentials-error.ts";
import { chooseCredential } from "../../src/clients/graph/credentials.ts";
import { tokenSource } from "../../src/clients/graph/token.ts";
import { chooseOktaCredential, orgAddress } from "../../src/clients/okta/settings.ts";
import { oktaAuthorization } from "../../src/clients/okta/token.ts";

let server: Server;
let url: string;
let forms: URLSearchParams[];
let lifetime: number;

beforeEach(async () => {
  forms = [];
  lifetime = 3599;
  server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") {
      expect(request.headers.authorization).toBe("Bearer request-token");
      expect(new URL(request.url ?? "", url).searchParams.get("audience")).toBe("api://AzureADTokenExchange");
      return response.end(JSON.stringify({ value: "from-github" }));
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    forms.push(form);
    if (form.get("client_secret") === "wrong") {
      response.statusCode = 401;
      return response.end(
        JSON.stringify({
          error: "invalid_client",
          error_description: "AADSTS7000215: Invalid client secret.",
        }),
      );
    }
    response.end(
      JSON.stringify({ token_type: "Bearer", expires_in: lifetime, access_token: `token-${forms.length}` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const base = { ARM_TENANT_ID: "tenant", ARM_CLIENT_ID: "client" };
const cloud = () => ({ graph: "https://graph.example", login: url });

describe("Entra's credentials", () => {
  it.each([
    ["a client secret", { ...base, ARM_CLIENT_SECRET: "s", ARM_USE_OIDC: "true" }, "client secret"],
    ["an OIDC token", { ...base, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "t" }, "federated"],
    ["the Azure CLI", {}, "Azure CLI"],
  ])("are %s, in azuread's order", (_what, env, kind) => {
    expect(chooseCredential({}, env).kind).toBe(kind);
  });

  it("name what is missing", () => {
    expect(() => chooseCredential({}, { ARM_CLIENT_SECRET: "s", ARM_TENANT_ID: "t" })).toThrow(
      "ARM_CLIENT_ID is not set",
    );
    expect(() => chooseCredential({}, { ...base, ARM_USE_OIDC: "true" })).toThrow(
      "permissions: id-token: write",
    );
    expect(() => chooseCredential({}, { ARM_USE_CLI: "false" })).toThrow(
      "There are no credentials for Entra",
    );
  });

  it.each(["1", "t", "T", "TRUE", "true", "True"])("take %s for true, as Go does", (yes) => {
    expect(chooseCredential({}, { ...base, ARM_USE_OIDC: yes, ARM_OIDC_TOKEN: "t" }).kind).toBe("federated");
    expect(() => chooseCredential({}, { ...base, ARM_USE_OIDC: yes })).toThrow("there is no token");
  });

  it.each(["0", "f", "F", "FALSE", "false", "False"])("take %s for false, as Go does", (no) => {
    expect(() => chooseCredential({}, { ...base, ARM_USE_CLI: no })).toThrow("There are no credentials");
  });

  it.each([
    ["ARM_CLIENT_CERTIFICATE", "MIIK"],
    ["ARM_CLIENT_CERTIFICATE_PATH", "/etc/app.pfx"],
    ["ARM_USE_MSI", "True"],
    ["ARM_USE_AKS_WORKLOAD_IDENTITY", "true"],
  ])("are not the Azure CLI's where %s asks for another identity", (variable, value) => {
    expect(() => chooseCredential({}, { ...base, [variable]: value })).toThrow(CredentialsError);
    expect(() => chooseCredential({}, { ...base, [variable]: value })).toThrow(`${variable} is set`);
    const withSecret = { ...base, [variable]: value, ARM_CLIENT_SECRET: "s" };
    expect(chooseCredential({}, withSecret).kind).toBe("client secret");
  });

  it("are the Azure CLI's where a managed identity is declined", () => {
    expect(chooseCredential({}, { ...base, ARM_USE_MSI: "false" }).kind).toBe("Azure CLI");
  });

  it("are exchanged for a token once, until it is about to run out", async () => {
    const token = tokenSource(cloud(), chooseCredential({}, { ...base, ARM_CLIENT_SECRET: "s" }));
    expect([await token(), await token()]).toEqual(["token-1", "token-1"]);
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      client_id: "client",
      client_secret: "s",
      grant_type: "client_credentials",
      scope: "https://graph.example/.default",
    });
    lifetime = 60;
    const brief = tokenSource(cloud(), chooseCredential({}, { ...base, ARM_CLIENT_SECRET: "s" }));
    expect([await brief(), await brief()]).toEqual(["token-2", "token-3"]);
  });

  it("are asked for together once, however many ask", async () => {
    const token = tokenSource(cloud(), chooseCredential({}, { ...base, ARM_CLIENT_SECRET: "s" }));
    expect(await Promise.all([token(), token(), token()])).toEqual(["token-1", "token-1", "token-1"]);
  });

  it("take a federated token from the environment, a file, or GitHub", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rollcall-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "token");
    writeFileSync(file, "from-file\n");
    const github = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    };
    for (const more of [{ ARM_OIDC_TOKEN: "from-environment" }, { ARM_OIDC_TOKEN_FILE_PATH: file }, github]) {
      await tokenSource(cloud(), chooseCredential({}, { ...base, ARM_USE_OIDC: "true", ...more }))();
    }
    expect(forms.map((form) => form.get("client_assertion"))).toEqual([
      "from-environment",
      "from-file",
      "from-github",
    ]);
    expect(forms[0]?.get("client_assertion_type")).toBe(
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    );
  });

  it("say why they were refused, and not what they are", async () => {
    const token = tokenSource(cloud(), chooseCredential({}, { ...base, ARM_CLIENT_SECRET: "wrong" }));
    await expect(token()).rejects.toThrow(
      /^Entra gave no token to application client in tenant tenant \(client secret, from http:\S+\): AADSTS7000215: Invalid client secret\.$/,
    );
  });
});

describe("a credential where a path is expected", () => {
  const MISTAKEN = "MIIEvSecretKeyBody/not+a+path";
  const thrown = (choose: () => unknown): unknown => {
    try {
      return choose();
    } catch (error) {
      return error;
    }
  };

  it.each([
    ["a JWK", JSON.stringify({ kty: "RSA", d: MISTAKEN }), /is a JWK: give it as PEM/],
    ["a key's body", MISTAKEN, /cannot be read \(ENOENT\)/],
    ["a key's body of several lines", `${MISTAKEN}\n${MISTAKEN}\n`, /is no PEM/],
    ["a key with a NUL", `${MISTAKEN}\0`, /cannot be read \(ERR_INVALID_ARG_VALUE\)/],
  ])("is never said, for Okta: %s", (_, key, message) => {
    const error = thrown(() =>
      chooseOktaCredential({}, { OKTA_API_CLIENT_ID: "0oa", OKTA_API_PRIVATE_KEY: key }),
    );
    expect(error).toBeInstanceOf(CredentialsError);
    expect(String(error)).toMatch(message);
    expect(inspect(error)).not.toContain(MISTAKEN);
  });

  it.each(["ARM_CLIENT_ID_FILE_PATH", "ARM_CLIENT_SECRET_FILE_PATH"])("is never said, in %s", (variable) => {
    const error = thrown(() => chooseCredential({}, { ...base, ARM_CLIENT_ID: "", [variable]: MISTAKEN }));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(String(error)).toContain(variable);
    expect(inspect(error)).not.toContain(MISTAKEN);
  });
});

describe("Okta's credentials", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const env = {
    OKTA_ORG_NAME: "acme",
    OKTA_API_CLIENT_ID: "0oaClient",
    OKTA_API_PRIVATE_KEY: pem,
    OKTA_API_PRIVATE_KEY_ID: "kid",
  };

  it("send an API token as SSWS", async () => {
    const authorization = oktaAuthorization(
      orgAddress({}, env),
      chooseOktaCredential({}, { ...env, OKTA_API_TOKEN: "t" }),
    );
    expect(await authorization()).toBe("SSWS t");
  });

  it("sign an assertion for the org's token endpoint, also where a proxy stands in for it", async () => {
    const address = orgAddress({}, { ...env, OKTA_HTTP_PROXY: url });
    const authorization = oktaAuthorization(
      address,
      chooseOktaCredential({}, { ...env, OKTA_API_SCOPES: "okta.apps.read" }),
    );
    expect(await authorization()).toBe("Bearer token-1");
    const [header = "", payload = "", signature = ""] = (forms[0]?.get("client_assertion") ?? "").split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(read(header)).toMatchObject({ alg: "RS256", kid: "kid" });
    expect(read(payload)).toMatchObject({
      iss: "0oaClient",
      sub: "0oaClient",
      aud: "https://acme.okta.com/oauth2/v1/token",
    });
    expect(
      verify("sha256", Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, "base64url")),
    ).toBe(true);
    expect(forms[0]?.get("scope")).toBe("okta.apps.read");
  });

  it("name what is missing", () => {
    expect(() => orgAddress({}, {})).toThrow("OKTA_ORG_NAME is not set");
    expect(() => chooseOktaCredential({}, {})).toThrow("There are no credentials for Okta");
  });
});
