import { describe, expect, it } from "vitest";
import { toDesiredState } from "../../src/desired/desired-state.ts";
import { PRODUCT_KEYS } from "../../src/products/registry.ts";
import { accessGraph } from "../../src/review/access-graph.ts";
import { compareDesired } from "../../src/review/compare-desired.ts";
import { checked } from "./checked.ts";

const application = (product: string, more: object) => ({
  product,
  endpoint: `https://${product}.example/scim/v2`,
  token: { secret: "token", expires: "2031-01-31" },
  ...more,
});
const entra = (more: object = {}, product = "custom", around: object = {}) =>
  desired(application(product, { entra: { displayName: "New", ...more }, ...around }));
const okta = (more: object) =>
  desired(application("datahub", { okta: { label: "Another name", assignments: [], ...more } }));
const desired = (one: object) => toDesiredState(checked({ new: one }));

const said = (after: ReturnType<typeof desired>) =>
  compareDesired(undefined, after).changes.map(({ effect, sentence }) => `${effect}: ${sentence}`);

describe("a new application", () => {
  it.each(PRODUCT_KEYS)("of %s that asks for nothing special is one sentence", (product) => {
    expect(said(entra({}, product))).toEqual([
      expect.stringMatching(/^gain: .* is provisioned from Microsoft Entra ID at .*, paused at first$/),
    ]);
    expect(said(desired(application(product, { okta: { assignments: [] } })))).toHaveLength(1);
  });

  it("says that everybody gets in, and that it runs at once", () => {
    const after = entra({ scope: "all", provisioning: { status: "running" } });
    expect(said(after)).toEqual([
      "change: provisioning of new is started",
      "gain: new is provisioned from Microsoft Entra ID at https://custom.example/scim/v2",
      "gain: everybody in the tenant gains access to new: its scope is all",
    ]);
    expect(accessGraph(undefined, after, new Set(["new"]))).toMatch(
      /everybody in the tenant"\]\] ==>\|"new"\|/,
    );
    expect(accessGraph(undefined, entra(), new Set(["new"]))).toBeUndefined();
  });

  it("says what it does with who is not declared", () => {
    expect(said(entra({}, "custom", { exclusive: false, maxRemovals: 500 }))).toEqual(
      expect.arrayContaining([
        "warning: whoever is in new and not declared may stay from now on",
        "warning: one update may take 500 out of new instead of 10",
      ]),
    );
  });

  it("says who becomes an owner of the organization", () => {
    const scimGroupMappings = [{ scimGroup: "owners", type: "organizationOwner" }];
    expect(said(entra({}, "data-mesh-manager", { scimGroupMappings }))).toContain(
      "gain: members of owners are Organization Owners, in Data Mesh Manager",
    );
  });

  it("says its roles and mappings, and nothing of people who cannot be there yet", () => {
    const mappings = { user: { userName: { attribute: "mail", match: 1 } } };
    expect(said(entra({ roles: [{ value: "Reader" }], mappings }))).toEqual([
      "warning: new: userName is mapped from [mail], matched on (1), applied always, without a default value",
      expect.stringContaining("is provisioned from"),
      "other: new gets the role Reader",
    ]);
    expect(said(okta({ userName: "email" }))[0]).toBe(
      `warning: DataHub: userName comes from \${source.email} instead of \${source.login}`,
    );
  });

  it("says which groups are pushed, and which of them go with their line", () => {
    const pushGroups = [{ name: "analysts" }, { startsWith: "dept-", deleteTargetGroup: true }];
    expect(said(okta({ pushGroups, scim: "enabled" }))).toEqual([
      "change: SCIM of DataHub counts as switched on: from now on people are assigned and groups pushed",
      expect.stringContaining("is provisioned from Okta"),
      "gain: group analysts is pushed to DataHub",
      "gain: every group that starts with dept- is pushed to DataHub, and deleted there when its push is removed",
    ]);
  });

  it("says as much where it takes the place of one from another provider", () => {
    const { changes } = compareDesired(okta({}), entra({ scope: "all" }, "datahub"));
    expect(changes.map(({ effect }) => effect)).toEqual(["removal", "gain", "gain"]);
  });
});
