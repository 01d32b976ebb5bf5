import { describe, expect, it } from "vitest";
import { objectMapping } from "../../../../src/provider/entra/job/mapping.ts";
import { DEPLOYMENT_PERMISSIONS } from "../../../../src/sandbox/entra/app-identity.ts";
import { ADA, assign, READER } from "../../../sandbox/entra/harness.ts";
import { entraFixture } from "../../entra-fixture.ts";
import { TestEngine } from "../../test-engine.ts";
import {
  endpoint,
  engine,
  fixture,
  inputs,
  job,
  NEXT_TOKEN,
  putSecrets,
  schema,
  secrets,
  shortened,
} from "./job-fixture.ts";
import { datahubMappings, ROLES } from "./schema-fixture.ts";

describe("entra.ProvisioningJob", () => {
  it("stores credentials, makes the job, writes the mappings and starts last", async () => {
    await engine.up(inputs({ notifications: { recipient: "iam@acme.com", deleteThreshold: 500 } }));
    expect(shortened(fixture.writes())).toEqual([
      "PUT secrets",
      "POST jobs",
      "PUT jobs/{id}/schema",
      "POST jobs/{id}/start",
    ]);
    expect(await secrets()).toEqual({
      BaseAddress: endpoint.url,
      SecretToken: "*",
      SyncAll: "false",
      SyncNotificationSettings: JSON.stringify({
        Enabled: true,
        Recipients: "iam@acme.com",
        DeleteThresholdEnabled: true,
        DeleteThresholdValue: 500,
      }),
    });
    expect((await job())?.schedule.state).toBe("Active");
    const mapping = objectMapping(await schema(), "user");
    expect(mapping?.attributeMappings.map((one) => one.targetAttributeName)).toContain(ROLES);
  });

  it("does not start a job that the spec pauses", async () => {
    await engine.up(inputs({ status: "paused" }));
    expect(shortened(fixture.writes())).toEqual(["PUT secrets", "POST jobs", "PUT jobs/{id}/schema"]);
    expect((await job())?.schedule.state).toBe("Disabled");
  });

  it("writes nothing when nothing differs", async () => {
    await engine.up(inputs());
    fixture.writes();
    expect(await engine.changes(inputs())).toEqual([]);
    await engine.up(inputs());
    expect(fixture.writes()).toEqual([]);
  });

  it("says that everybody is evaluated again when a mapping changes", async () => {
    await engine.up(inputs());
    const title = { expression: "[department]", matchingPriority: 0, apply: "always" as const };
    const mappings = { ...datahubMappings, user: { ...datahubMappings.user, title } };
    expect(await engine.changes(inputs({ mappings }))).toEqual(["add mappings.user.title"]);
    expect(engine.messages).toEqual([
      "warning: datahub: the mappings change, so Entra evaluates all users again in the next cycle.",
    ]);
  });

  it("says whom it costs access when the scope narrows from everybody to the assigned", async () => {
    await engine.up(inputs({ scope: "all" }));
    expect(await engine.changes(inputs({ scope: "assigned" }))).toEqual(["update scope"]);
    expect(engine.messages).toEqual([
      expect.stringMatching(/^warning: datahub: the scope narrows .* Everybody else is deactivated/),
    ]);
  });

  it("says that everybody arrives when the scope widens", async () => {
    await engine.up(inputs());
    expect(await engine.changes(inputs({ scope: "all" }))).toEqual(["update scope"]);
    expect(engine.messages).toEqual([
      "warning: datahub: the scope widens from those who are assigned to everybody. All people and groups of the tenant arrive in the product from the next cycle on.",
    ]);
  });

  it("refuses to narrow the scope for more people than maxRemovals, but for repairing what was done by hand", async () => {
    await engine.up(inputs({ scope: "all" }));
    await fixture.tenant.runCycles();
    const narrow = inputs({ scope: "assigned", maxRemovals: 2 });
    const refusal =
      /would take up to 3 people out of datahub.* maxRemovals allows 2\..*ROLLCALL_ALLOW_REMOVALS=datahub=3$/;
    await expect(engine.preview(narrow)).rejects.toThrow(refusal);
    await expect(engine.up(narrow)).rejects.toThrow(refusal);
    expect((await secrets()).SyncAll).toBe("true");
    const allowed = new TestEngine(
      { ...fixture.env, ROLLCALL_ALLOW_REMOVALS: "datahub=3" },
      "provisioningJob",
    );
    allowed.state = engine.state;
    await allowed.up(narrow);
    expect((await secrets()).SyncAll).toBe("false");

    await putSecrets({ SyncAll: "true" });
    await fixture.tenant.runCycles();
    await allowed.up(inputs({ scope: "assigned", maxRemovals: 0 }));
    expect((await secrets()).SyncAll).toBe("false");
  });

  it("does not take another spelling of an expression for a change", async () => {
    await engine.up(inputs());
    const roles = {
      expression: "SingleAppRoleAssignment( [appRoleAssignments] )",
      matchingPriority: 0,
      apply: "always" as const,
    };
    expect(
      await engine.changes(inputs({ mappings: { ...datahubMappings, user: { [ROLES]: roles } } })),
    ).toEqual([]);
  });

  it("names an expression that Entra cannot read", async () => {
    const title = { expression: "Frobnicate([mail])", matchingPriority: 0, apply: "always" as const };
    const mappings = { ...datahubMappings, user: { title } };
    await expect(engine.up(inputs({ mappings }))).rejects.toThrow(
      "datahub: Entra cannot read the expression Frobnicate([mail])",
    );
  });
});

describe("quarantine", () => {
  it("is a warning of every preview, an output, and over once the credentials work again", async () => {
    await assign(fixture.graph, fixture.application, ADA, READER);
    await engine.up(inputs());
    endpoint.tokens.clear();
    for (let cycle = 0; cycle < 12; cycle++) await fixture.tenant.runCycles();
    await engine.preview(inputs());
    expect(engine.messages.join("\n")).toMatch(
      /datahub: Entra has put the provisioning job in quarantine: .*refused the credentials/,
    );
    await engine.refresh();
    expect(engine.state?.outputs.statusCode).toBe("Quarantine");
    expect(String(engine.state?.outputs.quarantine)).toContain("next attempt");
    endpoint.tokens.add(NEXT_TOKEN);
    await engine.up(inputs({ secretToken: NEXT_TOKEN }));
    await engine.refresh();
    expect(engine.state?.outputs.quarantine).toBeUndefined();
  });
});

describe("destroy", () => {
  it("pauses first, resets the schema, deletes the job, blanks the credentials, and says who stays", async () => {
    await engine.up(inputs());
    fixture.writes();
    await engine.destroy();
    expect(shortened(fixture.writes())).toEqual([
      "POST jobs/{id}/pause",
      "DELETE jobs/{id}/schema",
      "DELETE jobs/{id}",
      "PUT secrets",
    ]);
    expect(await job()).toBeUndefined();
    expect(await secrets()).toEqual({});
    expect(engine.messages.join()).toContain("People and groups stay in the product as they are.");
  });

  it("leaves the schema when it is told to", async () => {
    await engine.up(inputs({ onDelete: "leave" }));
    fixture.writes();
    await engine.destroy();
    expect(shortened(fixture.writes())).toEqual(["POST jobs/{id}/pause", "DELETE jobs/{id}", "PUT secrets"]);
  });

  it("is content with what is gone already", async () => {
    await engine.up(inputs());
    await fixture.tenant.asAdministrator("DELETE", `/v1.0/applications/${fixture.application.id}`);
    await engine.destroy();
  });
});

describe("refusals", () => {
  it("says which permission is missing when Graph answers 401 without a word", async () => {
    const poor = {
      clientId: "99999999-9999-4999-8999-999999999999",
      clientSecret: "secret-of-the-poor-identity",
    };
    const { ARM_CLIENT_ID: clientId = "", ARM_CLIENT_SECRET: clientSecret = "" } = fixture.env;
    const { tenant, application, env } = await entraFixture({
      identities: [
        { clientId, clientSecret, displayName: "deployment", permissions: DEPLOYMENT_PERMISSIONS },
        { ...poor, displayName: "poor", permissions: ["Application.Read.All"] },
      ],
    });
    const engineOfThePoor = new TestEngine(
      { ...env, ARM_CLIENT_ID: poor.clientId, ARM_CLIENT_SECRET: poor.clientSecret },
      "provisioningJob",
    );
    const { servicePrincipalId } = application;
    await expect(engineOfThePoor.up({ ...inputs(), servicePrincipalId })).rejects.toThrow(
      /^Microsoft Graph refused GET \S+synchronization\/secrets: 401 UnknownError.*\. Synchronization.ReadWrite.All or ownership of the service principal is missing/,
    );
    await tenant.stop();
  });
});
