import { describe, expect, it } from "vitest";
import type { ProvisioningJobInputs } from "../../../../src/provider/contract.ts";
import { objectMapping } from "../../../../src/provider/entra/job/mapping.ts";
import { scimEndpoint } from "../../scim-endpoint.ts";
import { TestEngine } from "../../test-engine.ts";
import { endpoint, engine, fixture, inputs, job, schema, shortened, TOKEN } from "./job-fixture.ts";
import { ROLES } from "./schema-fixture.ts";

describe("a job that is there already", () => {
  it("is found by a create, so that a killed run is gone on with", async () => {
    await engine.up(inputs());
    fixture.writes();
    const again = new TestEngine(fixture.env, "provisioningJob");
    await again.up(inputs());
    expect(shortened(fixture.writes())).toEqual([
      "POST jobs/{id}/pause",
      "PUT secrets",
      "POST jobs/{id}/start",
    ]);
    expect(again.state?.outputs.jobId).toBe(engine.state?.outputs.jobId);
  });

  it("is not turned to another endpoint by a create once it has run", async () => {
    await engine.up(inputs());
    await fixture.tenant.runCycles();
    fixture.writes();
    const other = await scimEndpoint(TOKEN);
    const taking = new TestEngine(fixture.env, "provisioningJob");
    await expect(taking.up(inputs({ baseAddress: other.url }))).rejects.toThrow(
      `a provisioning job is there already, and has run for ${endpoint.url}`,
    );
    expect(fixture.writes()).toEqual([]);
    await other.stop();
  });

  /** Another stack, which does not know the job. */
  const stranger = (env: Record<string, string> = {}) =>
    new TestEngine({ ...fixture.env, ...env }, "provisioningJob");

  async function ranForEverybody(): Promise<void> {
    await engine.up(inputs({ scope: "all" }));
    await fixture.tenant.runCycles();
    fixture.writes();
  }

  it("is taken over by a create in silence when it is as declared", async () => {
    await engine.up(inputs());
    await fixture.tenant.runCycles();
    fixture.writes();
    const taking = stranger();
    expect(await taking.preview(inputs())).toBe("create");
    await taking.up(inputs());
    expect(shortened(fixture.writes())).toEqual([
      "POST jobs/{id}/pause",
      "PUT secrets",
      "POST jobs/{id}/start",
    ]);
    expect(taking.messages).toEqual([]);
  });

  it("is not narrowed by a create for more people than maxRemovals, in preview and up alike", async () => {
    await ranForEverybody();
    const refusal = /would take up to 3 people out of datahub.* maxRemovals allows 2\./;
    await expect(stranger().preview(inputs({ maxRemovals: 2 }))).rejects.toThrow(refusal);
    await expect(stranger().up(inputs({ maxRemovals: 2 }))).rejects.toThrow(refusal);
    expect(fixture.writes()).toEqual([]);
    expect((await job())?.schedule.state).toBe("Active");
  });

  it("is restarted by a create that narrows its scope, which a preview has said", async () => {
    await ranForEverybody();
    const taking = stranger({ ROLLCALL_ALLOW_REMOVALS: "datahub=3" });
    expect(await taking.preview(inputs({ maxRemovals: 2 }))).toBe("create");
    expect(taking.messages).toEqual([
      expect.stringMatching(/is there already, and has run\. `up` takes it over, .*:\n {2}- scope\n/),
      expect.stringMatching(/^warning: datahub: the scope narrows from everybody/),
    ]);
    await taking.up(inputs({ maxRemovals: 2 }));
    expect(shortened(fixture.writes())).toEqual([
      "POST jobs/{id}/pause",
      "PUT secrets",
      "POST jobs/{id}/restart",
    ]);
    expect(await taking.changes(inputs({ maxRemovals: 2 }))).toEqual([]);
  });

  it("is restarted by the create after one that was killed behind the narrower scope", async () => {
    await ranForEverybody();
    fixture.tenant.faults.arm({ method: "POST", path: "/restart$", times: 20, effect: { answer: 403 } });
    await expect(stranger().up(inputs())).rejects.toThrow("403");
    fixture.tenant.faults.clear();
    fixture.writes();
    await stranger().up(inputs());
    expect(shortened(fixture.writes())).toEqual(["PUT secrets", "POST jobs/{id}/restart"]);
    expect((await job())?.schedule.state).toBe("Active");
  });

  it("owes the restart when a create narrows its scope and leaves it paused", async () => {
    await ranForEverybody();
    const taking = stranger();
    await taking.up(inputs({ status: "paused" }));
    expect(shortened(fixture.writes())).toEqual(["POST jobs/{id}/pause", "PUT secrets"]);
    expect(await taking.changes(inputs({ status: "paused" }))).toEqual([]);
    await taking.up(inputs());
    expect(shortened(fixture.writes())).toEqual(["POST jobs/{id}/restart"]);
  });

  it("has the mappings named that a create overwrites", async () => {
    await engine.up(inputs({ mappings: GUIDE }));
    await fixture.tenant.runCycles();
    const taking = stranger();
    await taking.preview(inputs());
    expect(taking.messages.join()).toContain("  - mappings.user.title\n");
    expect(taking.messages.join()).toContain(`  - mappings.user["${ROLES.replaceAll('"', '\\"')}"]`);
    expect(taking.messages.join()).not.toContain("mappings.user.userName");
  });

  it("is imported without a change, though its token cannot be read", async () => {
    await engine.up(inputs());
    fixture.writes();
    const importing = new TestEngine(fixture.env, "provisioningJob");
    await importing.importFrom(engine.state?.id ?? "");
    expect(await importing.changes(inputs())).toEqual([]);
    expect(fixture.writes()).toEqual([]);
  });

  const GUIDE: ProvisioningJobInputs["mappings"] = {
    base: "exact",
    user: {
      userName: { expression: "[userPrincipalName]", matchingPriority: 1, apply: "always" },
      displayName: { expression: "[displayName]", matchingPriority: 0, apply: "always" },
      externalId: { expression: "[objectId]", matchingPriority: 0, apply: "always" },
    },
    group: {},
    targetAttributes: [],
  };

  async function imported(): Promise<TestEngine> {
    const importing = new TestEngine(fixture.env, "provisioningJob");
    await importing.importFrom(engine.state?.id ?? "");
    return importing;
  }

  it("is imported without a change where the spec lists all user mappings", async () => {
    await engine.up(inputs({ mappings: GUIDE }));
    fixture.writes();
    const importing = await imported();
    expect(await importing.changes(inputs({ mappings: GUIDE }))).toEqual([]);
    expect(fixture.writes()).toEqual([]);
    await importing.up(inputs({ mappings: GUIDE }));
    expect(fixture.writes()).toEqual([]);
    expect(await importing.changes(inputs({ mappings: GUIDE }))).toEqual([]);
  });

  it("shows after an import what differs from a spec that lists all user mappings, and nothing else", async () => {
    const title = { expression: "[jobTitle]", matchingPriority: 0, apply: "always" as const };
    const displayName = { expression: "[mailNickname]", matchingPriority: 0, apply: "always" as const };
    const { externalId: _forgotten, ...user } = GUIDE.user;
    await engine.up(inputs({ mappings: { ...GUIDE, user: { ...user, displayName, title } } }));
    const importing = await imported();
    expect((await importing.changes(inputs({ mappings: GUIDE }))).sort()).toEqual([
      "add mappings.user.externalId",
      "delete mappings.user.title",
      "update mappings.user.displayName.expression",
    ]);
    await importing.up(inputs({ mappings: GUIDE }));
    expect(await importing.changes(inputs({ mappings: GUIDE }))).toEqual([]);
    expect(
      objectMapping(await schema(), "user")
        ?.attributeMappings.map((one) => one.targetAttributeName)
        .sort(),
    ).toEqual(["displayName", "externalId", "userName"]);
  });
});
