import { describe, expect, it } from "vitest";
import { setupSteps } from "../../src/program/okta-setup.ts";

const steps = (kind: string) =>
  setupSteps({
    setupUrl: `https://acme-admin.okta.com/admin/app/${kind}/instance/0oa1/#tab-provisioning`,
    scimUrl: "https://collate.acme.com/api/v1/scim",
    secret: "collateScimToken",
    pushesGroups: true,
    file: "config/prod.yaml",
    application: "collate",
  }).join("\n");

describe("the step that only a person can do in Okta", () => {
  it("switches SCIM on first in an application that the wizard or rollcall made", () => {
    expect(steps("acme_collate_1")).toContain("General > App Settings > Edit > Provisioning: SCIM > Save");
    expect(steps("acme_collate_1")).toContain("without the word Bearer");
  });

  it("has another form in the test applications of Okta's catalogue, one of which wants the word Bearer", () => {
    expect(steps("scim2headerauth")).not.toContain("General > App Settings");
    expect(steps("scim2headerauth")).toContain("API Token: the word Bearer, a space, and the token");
    expect(steps("scim2testapp")).toContain(
      'API Token: the token that the stack keeps as "collateScimToken", without the word Bearer',
    );
  });

  it("never switches password sync on, and always the deactivation of people who leave", () => {
    for (const kind of ["acme_collate_1", "scim2headerauth", "scim2testapp"]) {
      expect(steps(kind)).toContain("  Sync Password: off\n");
      expect(steps(kind)).toContain("  Deactivate Users: on");
    }
  });
});
