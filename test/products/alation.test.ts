import { describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { specFolder } from "../spec/spec-files.ts";

const folder = specFolder();

const spec = (application: string) => `version: 1
environment: dev
applications:
  alation:
    product: alation
    endpoint: https://acme.alationcloud.com
    token: { secret: alationScimToken }
${application}`;

describe("Alation", () => {
  it("from Entra: the SCIM path, the template's mappings and its own User role", () => {
    const { spec: checked, diagnostics } = folder.load(
      spec("    entra: { displayName: Alation SCIM, assignments: [ { group: catalog-users } ] }\n"),
    );
    expect(diagnostics).toEqual([]);
    expect(checked && toDesiredState(checked).applications[0]).toMatchObject({
      tenantUrl: "https://acme.alationcloud.com/scim/v2",
      roles: [],
      mappings: { base: "template", user: {} },
    });
  });

  it("has no role to give", () => {
    const { diagnostics } = folder.load(
      spec("    entra: { displayName: Alation, assignments: [ { group: catalog-users, role: Steward } ] }\n"),
    );
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["error unknown-role"]);
  });

  it("from Okta: carried by the SAML application that people sign in through", () => {
    const { diagnostics } = folder.load(
      spec("    okta: { existing: { label: Alation }, assignments: [ { group: catalog-users } ] }\n"),
    );
    expect(diagnostics).toEqual([]);
  });
});
