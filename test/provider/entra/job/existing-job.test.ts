import { describe, expect, it } from "vitest";
import type { ProvisioningJobInputs } from "../../../../src/provider/contract.ts";
import { objectMapping } from "../../../../src/provider/entra/job/mapping.ts";
import { scimEndpoint } from "../../scim-endpoint.ts";
import { TestEngine } from "../../test-engine.ts";
import { endpoint, engine, fixture, inputs, schema, shortened, TOKEN } from "./job-fixture.ts";

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
