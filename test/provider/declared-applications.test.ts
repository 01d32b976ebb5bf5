import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeclaredApplication } from "../../src/provider/contract.ts";
import { type OktaFixture, oktaFixture } from "./okta-fixture.ts";
import { TestEngine } from "./test-engine.ts";

let fixture: OktaFixture;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await oktaFixture();
  engine = new TestEngine(fixture.env, "declaredApplications");
});
afterEach(() => fixture.stop());

const LABEL = "DataHub-SCIM-SWA";

const datahub = (more: Partial<DeclaredApplication> = {}): DeclaredApplication => ({
  idp: "okta",
  principals: ["group datahub-users"],
  maxRemovals: 10,
  displayName: LABEL,
  carrier: "swa",
  exclusive: true,
  ...more,
});
const existing = (more: Partial<DeclaredApplication> = {}) =>
  datahub({ carrier: "existing", appId: fixture.appId, exclusive: false, ...more });

const assign = (name: string) => fixture.api("PUT", `/apps/${fixture.appId}/groups/${fixture.ids[name]}`, {});
const said = () => engine.messages.splice(0).join("\n");

describe("an application of Okta that leaves the spec", () => {
  it("takes along whoever was assigned by hand, counted and named", async () => {
    await engine.up({ applications: { datahub: datahub({ maxRemovals: 1 }) } });
    await assign("datahub-users");
    await engine.preview({ applications: {} });
    expect(said()).toMatch(/datahub leaves the spec, and these lose it:[\s\S]*group datahub-users/);
    await assign("OM_stewards");
    await expect(engine.preview({ applications: {} })).rejects.toThrow(
      /take 2 principals out of datahub, and maxRemovals allows 1:[\s\S]*group OM_stewards/,
    );
  });

  it("counts whom the spec lets sign in, though nobody is assigned before SCIM is on", async () => {
    await engine.up({ applications: { datahub: datahub({ signOn: "DataHub (sign-on)" }) } });
    await engine.preview({ applications: {} });
    expect(said()).toMatch(/datahub leaves the spec, and these lose it:[\s\S]*group datahub-users/);
  });

  it("loses what the spec assigned alone where it was there before and is others' as well", async () => {
    await engine.up({ applications: { datahub: existing() } });
    await assign("datahub-users");
    await assign("OM_stewards");
    await engine.preview({ applications: {} });
    const message = said();
    expect(message).toContain("group datahub-users");
    expect(message).not.toContain("OM_stewards");
  });
});

describe("an application of Okta that becomes another under its key", () => {
  it.each([
    ["another carrier", () => datahub(), () => datahub({ carrier: "saml" })],
    ["another existing application", () => existing(), () => existing({ appId: "0oaanother0000000000" })],
  ])("counts everybody: %s", async (_, before, became) => {
    await engine.up({ applications: { datahub: before() } });
    await assign("datahub-users");
    expect(await engine.changes({ applications: { datahub: became() } })).not.toEqual([]);
    expect(said()).toMatch(/datahub becomes another application in Okta, and these lose it:/);
    await expect(
      engine.preview({ applications: { datahub: { ...became(), maxRemovals: 0 } } }),
    ).rejects.toThrow(/take 1 principal out of datahub/);
  });

  it("is no change where an older state does not tell", async () => {
    const { carrier: _, ...older } = datahub();
    await engine.up({ applications: { datahub: older } });
    const now = datahub({ signOn: "DataHub (sign-on)" });
    expect(await engine.changes({ applications: { datahub: now } })).toEqual([]);
  });
});

it("refuses another key for an existing application, whatever the keys make of its label", async () => {
  await engine.up({ applications: { datahub: existing({ displayName: "datahub" }) } });
  await expect(
    engine.preview({ applications: { catalogue: existing({ displayName: "catalogue" }) } }),
  ).rejects.toThrow(/catalogue comes with the same application of Okta[\s\S]*Give it the key datahub again/);
});

it("names and counts who loses the application for signing in", async () => {
  const signOn = "DataHub (sign-on)";
  await engine.up({ applications: { datahub: datahub({ signOn }) } });
  await engine.preview({ applications: { datahub: datahub() } });
  expect(said()).toMatch(
    /loses its application for signing in, "DataHub \(sign-on\)"[\s\S]*group datahub-users/,
  );
  await expect(engine.preview({ applications: { datahub: datahub({ maxRemovals: 0 }) } })).rejects.toThrow(
    /out of datahub/,
  );
});
