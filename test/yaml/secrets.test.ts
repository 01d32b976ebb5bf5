import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocumentWithoutSecrets } from "../../src/yaml/document.ts";
import { render } from "../../src/yaml/render.ts";
import { blotOut, findSecrets } from "../../src/yaml/secrets.ts";
import { makeSource } from "../../src/yaml/source.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJhY3RvciI6ImRhdGFodWIifQ.k9rV2xQp1mZt7uYb3nWc5dLs8fGh0jKa";
const SECRETS = [
  JWT,
  "5f4dcc3b5aa765d61d8327deb882cf99",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "00Vg2bX9kQmZ7TfYc3sLrE5hJn1WpDaUo8iKqR4x6M",
  "dapi3f9a1c7e5b2d8f604a6c8e0b2d4f6a8c",
  "q7Zt2Lk9/Xw4Vb1+Nm8Rc5Yd3Hs6Jf0PgTe1AuQo=",
];

/** Names that people give, some of them long. */
const NAMES = [
  "governance-team",
  "Data-Governance-Team-Europe-Middle-East-2024",
  "DataGovernanceTeamEuropeMiddleEast2024",
  "SG_Prod_DataPlatform_Readers_EMEA_0001",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
  "https://acme.acryl.io/gms/openapi/scim/v2",
  "8f7a1c2e-3b4d-4e5f-9a0b-1c2d3e4f5a6b",
  "00g1emaKYZTWRYYRRTSK",
  'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
  "extension_0123456789abcdef0123456789abcdef_costCenter",
  "lee_partner.example#EXT#@sandbox.example",
  "internationalization-and-localization-stewards",
];

describe("what looks like a secret", () => {
  it.each(SECRETS)("%s is found", (secret) => {
    const source = makeSource("a.yaml", `# see ${secret} there\n`);
    expect(blotOut(source, findSecrets(source)).text).not.toContain(secret.slice(4));
  });

  it.each(NAMES)("%s is a name", (name) => {
    expect(findSecrets(makeSource("a.yaml", `name: ${name}\n`))).toEqual([]);
  });

  it("finds random tokens of 40 characters and more", () => {
    const token = fc.string({
      unit: fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
      minLength: 40,
      maxLength: 80,
    });
    const missed = fc
      .sample(token, { numRuns: 500, seed: 7 })
      .filter((text) => findSecrets(makeSource("a", text)).length === 0);
    expect(missed.length).toBeLessThanOrEqual(25);
  });

  it("leaves every line where it was", () => {
    const text = `a: 1\nb: ${JWT} # x\nc: 2\n`;
    const source = makeSource("a.yaml", text);
    const blotted = blotOut(source, findSecrets(source));
    expect(blotted.text.length).toBe(text.length);
    expect(blotted.lineStarts).toEqual(source.lineStarts);
  });
});

describe("a document with secrets", () => {
  const secret = "hunter2-hunter2";
  it.each([
    ["a plain value", `token: ${secret}\n`],
    ["a quoted value", `token: "${secret}"\n`],
    ["another name for it", `scimApiKey: ${secret}\n`],
    ["a block scalar", `token: |\n  ${secret}\n`],
    ["a list", `tokens: [${secret}]\n`],
    ["inside an anchor", `a: &x { password: ${secret} }\n`],
    ["the second of two equal keys", `token: { secret: name }\ntoken: ${secret}\n`],
    ["a URL", `endpoint: https://admin:${secret}@acme.acryl.io\n`],
    ["a query", `endpoint: https://acme.acryl.io/?access_token=${secret}\n`],
    ["a file that is not YAML", `a: [\ntoken: ${secret}\n`],
  ])("does not repeat %s", (_, text) => {
    const { source, diagnostics } = parseDocumentWithoutSecrets(makeSource("a.yaml", text));
    expect(diagnostics.length).toBeGreaterThan(0);
    for (const format of ["text", "json", "github"] as const)
      expect(render(diagnostics, format)).not.toContain(secret);
    expect(source.text).not.toContain(secret);
  });

  it("takes the name of a stack secret for what it is", () => {
    const { diagnostics } = parseDocumentWithoutSecrets(
      makeSource("a.yaml", "token: { secret: datahubScimToken }\n"),
    );
    expect(diagnostics).toEqual([]);
  });
});
