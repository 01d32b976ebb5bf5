import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScimSettingsInputs } from "../../../src/provider/contract.ts";
import { type OktaFixture, oktaFixture } from "../okta-fixture.ts";
import { TestEngine } from "../test-engine.ts";

let fixture: OktaFixture;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await oktaFixture();
  engine = new TestEngine(fixture.env, "scimSettings");
});
afterEach(() => fixture.stop());

function inputs(
  scim: ScimSettingsInputs["scim"],
  more: Partial<ScimSettingsInputs> = {},
): ScimSettingsInputs {
  return {
    appId: fixture.appId,
    application: "datahub-okta",
    scim,
    switches: {
      active: true,
      provisioning: true,
      createUsers: true,
      updateUserAttributes: true,
      deactivateUsers: true,
      syncPassword: false,
      pushGroups: true,
    },
    ...more,
  };
}

const ALL = { createUsers: true, updateUsers: true, deactivateUsers: true, pushGroups: true };

describe("okta.ScimSettings", () => {
  it("says under `pending` where the switches are and which are missing, and that is no drift", async () => {
    await engine.up(inputs("pending"));
    expect(engine.state?.outputs).toMatchObject({
      features: [],
      missing: ["provisioning", "createUsers", "updateUserAttributes", "deactivateUsers", "pushGroups"],
    });
    expect(engine.state?.outputs.setupUrl).toMatch(
      new RegExp(`^https://acme-admin\\.okta\\.com/admin/app/\\w+/instance/${fixture.appId}/#tab-general$`),
    );
    await fixture.enableScim(ALL);
    expect(await engine.changes(inputs("pending"))).toEqual([]);
    await engine.refresh();
    expect(engine.state?.outputs.missing).toEqual([]);
  });

  it("refuses another application behind a label, and a way back to `pending` by another application", async () => {
    await fixture.enableScim(ALL);
    const known = inputs("enabled", { foundBy: "Collate" });
    await engine.up(known);
    const appId = "0oaAnother";
    await expect(engine.preview({ ...known, appId })).rejects.toThrow(
      `another application in Okta is called "Collate" than the one the spec has meant so far, ${fixture.appId}: it is 0oaAnother now`,
    );
    await expect(engine.preview(inputs("pending", { appId }))).rejects.toThrow(
      "which would unassign everybody",
    );
    expect(await engine.changes(inputs("enabled", { appId }))).toEqual(["update appId", "delete foundBy"]);
  });

  it("is content once everything is switched on, and writes nothing ever", async () => {
    await fixture.enableScim(ALL);
    await engine.up(inputs("enabled"));
    expect(await engine.changes(inputs("enabled"))).toEqual([]);
    await engine.destroy();
    expect(fixture.writes()).toEqual([]);
  });

  it("names each switch that is missing, in create and in the preview of a change to `enabled`", async () => {
    await fixture.enableScim({ ...ALL, deactivateUsers: false, syncPassword: true });
    const message = [
      "datahub-okta: the spec says `scim: enabled`, and in Okta this is not as it should be:",
      "  - Provisioning > To App > Deactivate Users: on (without it, people who leave keep their access)",
      "  - Provisioning > To App > Sync Password: off (the product needs no copy of anybody's password)",
      "rollcall sets none of it, and nobody is unassigned because of it.",
    ].join("\n");
    await expect(engine.up(inputs("enabled"))).rejects.toThrow(message);
    await engine.up(inputs("pending"));
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow(message);
  });

  it("takes a lost switch, and SCIM wiped, for drift and an error", async () => {
    await fixture.enableScim(ALL);
    await engine.up(inputs("enabled"));
    await fixture.org.admin.changeActions(fixture.appId, { deactivateUsers: false });
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow("Deactivate Users: on");
    // `paused` alone would be refused in turn: Okta still provisions.
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow(
      'untick Provisioning > Integration > "Enable API integration" and say `scim: paused`.',
    );
    const { state } = engine;
    await engine.refresh();
    expect(engine.state?.inputs.switches).toMatchObject({ deactivateUsers: false, createUsers: true });
    engine.state = state;
    fixture.org.admin.removeScim(fixture.appId);
    await engine.refresh();
    expect(engine.state?.inputs.switches).toMatchObject({ provisioning: false });
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow("Enable SCIM provisioning");
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow("If it is meant, say `scim: paused`.");
  });

  it("takes a deactivated application for stopped, whatever switches it still has", async () => {
    await fixture.enableScim(ALL);
    await fixture.api("POST", `/apps/${fixture.appId}/lifecycle/deactivate`);
    await engine.up(inputs("paused"));
    expect(await engine.changes(inputs("paused"))).toEqual([]);
    await fixture.api("POST", `/apps/${fixture.appId}/lifecycle/activate`);
    await expect(engine.preview(inputs("paused"))).rejects.toThrow("Okta still provisions");
  });

  it("has an intended stop, which SCIM being on again contradicts", async () => {
    await engine.up(inputs("paused"));
    expect(await engine.changes(inputs("paused"))).toEqual([]);
    await fixture.enableScim(ALL);
    await expect(engine.preview(inputs("paused"))).rejects.toThrow(
      "the spec says `scim: paused`, and Okta still provisions",
    );
    await engine.refresh();
    expect(engine.state?.inputs.scim).toBe("enabled");
  });

  it("reports another label and a shown icon, and repairs neither", async () => {
    await fixture.enableScim(ALL);
    const wanted = inputs("enabled", { label: "DataHub-SCIM-SWA", hidden: true });
    await engine.up(wanted);
    const app = (await fixture.api("GET", `/apps/${fixture.appId}`)) as { visibility: { hide: object } };
    const { visibility } = app;
    await fixture.api("PUT", `/apps/${fixture.appId}`, {
      ...app,
      label: "Renamed",
      visibility: { ...visibility, hide: { iOS: true, web: false } },
    });
    fixture.writes();
    expect(await engine.changes(wanted)).toEqual(["update label", "update hidden"]);
    expect(engine.messages.join()).toContain('called "Renamed" in Okta, and "DataHub-SCIM-SWA" in the spec');
    await engine.up(wanted);
    expect(fixture.writes()).toEqual([]);
    expect(await engine.changes(wanted)).toEqual(["update label", "update hidden"]);
  });

  it("shows of a pause the word of the spec alone, not every switch that went off with it", async () => {
    await fixture.enableScim(ALL);
    await engine.up(inputs("enabled"));
    await fixture.org.admin.setApiIntegration(fixture.appId, false);
    expect(await engine.changes(inputs("paused"))).toEqual(["update scim"]);
    await engine.up(inputs("paused"));
    expect(engine.state?.outputs.missing).toEqual([]);
    expect(await engine.changes(inputs("paused"))).toEqual([]);
    await fixture.org.admin.setApiIntegration(fixture.appId, true);
    await engine.up(inputs("enabled"));
    expect(await engine.changes(inputs("enabled"))).toEqual([]);
  });

  it("takes a deactivated application for drift and an error, unless it is paused", async () => {
    await fixture.enableScim(ALL);
    await engine.up(inputs("enabled"));
    await fixture.api("POST", `/apps/${fixture.appId}/lifecycle/deactivate`);
    await expect(engine.preview(inputs("enabled"))).rejects.toThrow("The application's status, Active: on");
    expect(await engine.changes(inputs("paused"))).toEqual(["update scim"]);
  });

  it("does not mind groups pushed by hand where the spec pushes none", async () => {
    await fixture.enableScim(ALL);
    const { pushGroups, ...switches } = inputs("enabled").switches;
    expect(pushGroups).toBe(true);
    const pushesNone = inputs("enabled", { switches });
    await engine.up(pushesNone);
    await fixture.org.admin.changeActions(fixture.appId, { pushGroups: false });
    expect(await engine.changes(pushesNone)).toEqual([]);
  });

  it.each(["enabled", "paused"] as const)(
    "does not go back from `%s` to `pending`, where nobody is declared",
    async (scim) => {
      if (scim === "enabled") await fixture.enableScim(ALL);
      await engine.up(inputs(scim));
      await expect(engine.preview(inputs("pending"))).rejects.toThrow("would unassign everybody");
    },
  );

  it("is gone when its application is", async () => {
    await engine.up(inputs("pending"));
    await fixture.api("POST", `/apps/${fixture.appId}/lifecycle/deactivate`);
    await fixture.api("DELETE", `/apps/${fixture.appId}`);
    await engine.refresh();
    expect(engine.state).toBeUndefined();
  });
});
