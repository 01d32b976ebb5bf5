import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SynchronizationSchema } from "../../../../src/clients/graph/synchronization-schema.ts";
import type { ProvisioningJobInputs } from "../../../../src/provider/contract.ts";
import { objectMapping } from "../../../../src/provider/entra/job/mapping.ts";
import { DEPLOYMENT_PERMISSIONS } from "../../../../src/sandbox/entra/app-identity.ts";
import { ADA, assign, READER } from "../../../sandbox/entra/harness.ts";
import { type EntraFixture, entraFixture } from "../../entra-fixture.ts";
import { type ScimEndpoint, scimEndpoint } from "../../scim-endpoint.ts";
import { asSecret, clearTexts, TestEngine } from "../../test-engine.ts";
import { datahubMappings, ROLES } from "./schema-fixture.ts";

const TOKEN = "first-token-of-datahub";
const NEXT_TOKEN = "second-token-of-datahub";

let fixture: EntraFixture;
let endpoint: ScimEndpoint;
let engine: TestEngine;

beforeEach(async () => {
  fixture = await entraFixture();
  endpoint = await scimEndpoint(TOKEN);
  engine = new TestEngine(fixture.env, "provisioningJob");
});
afterEach(async () => {
  await endpoint.stop();
  await fixture.tenant.stop();
});

const inputs = (more: Partial<ProvisioningJobInputs> = {}) => {
  const { secretToken = TOKEN, ...rest } = more;
  return {
    servicePrincipalId: fixture.application.servicePrincipalId,
    templateId: "scim",
    baseAddress: endpoint.url,
    scope: "assigned",
    notifications: {},
    status: "running",
    mappings: datahubMappings,
    onDelete: "reset",
    maxRemovals: 10,
    application: "datahub",
    ...rest,
    secretToken: asSecret(secretToken),
  };
};

const path = () => `/v1.0/servicePrincipals/${fixture.application.servicePrincipalId}/synchronization`;

interface Job {
  id: string;
  schedule: { state: string };
}

async function job(): Promise<Job | undefined> {
  const { value } = (await fixture.tenant.asAdministrator("GET", `${path()}/jobs`)) as { value: Job[] };
  return value[0];
}

async function secrets(): Promise<Record<string, string>> {
  const { value } = (await fixture.tenant.asAdministrator("GET", `${path()}/secrets`)) as {
    value: { key: string; value: string }[];
  };
  return Object.fromEntries(value.map((secret) => [secret.key, secret.value]));
}

async function putSecrets(changes: Record<string, string>): Promise<void> {
  const { SecretToken: _masked, ...clear } = await secrets();
  const value = Object.entries({ ...clear, SecretToken: TOKEN, ...changes }).map(([key, text]) => ({
    key,
    value: text,
  }));
  await fixture.tenant.asAdministrator("PUT", `${path()}/secrets`, { value });
}

async function schema(): Promise<SynchronizationSchema> {
  const { id = "" } = (await job()) ?? {};
  return (await fixture.tenant.asAdministrator(
    "GET",
    `${path()}/jobs/${id}/schema`,
  )) as SynchronizationSchema;
}

async function changeSchema(change: (schema: SynchronizationSchema) => void): Promise<void> {
  const { id = "" } = (await job()) ?? {};
  const current = await schema();
  change(current);
  await fixture.tenant.asAdministrator("PUT", `${path()}/jobs/${id}/schema`, current);
}

const shortened = (writes: string[]) =>
  writes.map((write) => write.replace(/synchronization\//, "").replace(/jobs\/scim[^/]*/, "jobs/{id}"));

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

  it("refuses a token that does not work, before anything is stored", async () => {
    await expect(engine.up(inputs({ secretToken: "no-token-of-datahub" }))).rejects.toThrow(
      /^datahub: http\S+ does not take the token from Entra: .* The credentials in Entra were not changed\./,
    );
    expect(fixture.writes()).toEqual([]);
  });

  it("keeps the token out of every state and message", async () => {
    await engine.up(inputs());
    await engine.refresh();
    endpoint.tokens.add(NEXT_TOKEN);
    await engine.up(inputs({ secretToken: NEXT_TOKEN }));
    await engine.refresh();
    expect(JSON.stringify(engine.state)).toContain(NEXT_TOKEN);
    expect(clearTexts(engine.state) + engine.messages.join()).not.toMatch(/-token-of-datahub/);
    endpoint.tokens.clear();
    await engine.preview(inputs({ secretToken: NEXT_TOKEN }));
    expect(engine.messages.join()).toContain("Entra cannot sign in");
    expect(engine.messages.join()).not.toMatch(/-token-of-datahub/);
  });

  it("rotates the token in one write, tried before and after, and keeps the old one until the new one works", async () => {
    await engine.up(inputs());
    fixture.writes();
    await expect(engine.up(inputs({ secretToken: NEXT_TOKEN }))).rejects.toThrow("were not changed");
    expect(fixture.writes()).toEqual([]);
    expect(await engine.changes(inputs())).toEqual([]);
    endpoint.tokens.add(NEXT_TOKEN);
    fixture.tenant.log.clear();
    await engine.up(inputs({ secretToken: NEXT_TOKEN }));
    const validated = fixture.tenant.log
      .list()
      .map(({ method, path: url }) => `${method} ${url.split("/").at(-1)}`);
    expect(validated.filter((one) => /validateCredentials|PUT secrets/.test(one)).slice(-3)).toEqual([
      "POST validateCredentials",
      "PUT secrets",
      "POST validateCredentials",
    ]);
    expect(shortened(fixture.writes())).toEqual(["PUT secrets"]);
    endpoint.tokens.delete(TOKEN);
    expect(await engine.changes(inputs({ secretToken: NEXT_TOKEN }))).toEqual([]);
    expect((await job())?.schedule.state).toBe("Active");
  });

  it("restarts in full at a new endpoint, standing still while it changes", async () => {
    await engine.up(inputs());
    await fixture.tenant.runCycles();
    fixture.writes();
    const other = await scimEndpoint(TOKEN);
    expect(await engine.changes(inputs({ baseAddress: other.url }))).toEqual(["update baseAddress"]);
    expect(engine.messages.join()).toContain("The job restarts in full");
    await engine.up(inputs({ baseAddress: other.url }));
    expect(shortened(fixture.writes())).toEqual([
      "POST jobs/{id}/pause",
      "PUT secrets",
      "POST jobs/{id}/restart",
    ]);
    expect((await job())?.schedule.state).toBe("Active");
    expect(await engine.changes(inputs({ baseAddress: other.url }))).toEqual([]);
    await other.stop();
  });

  it("owes the restart after a run that was killed behind the new endpoint, and while the job is paused", async () => {
    await engine.up(inputs());
    await fixture.tenant.runCycles();
    const other = await scimEndpoint(TOKEN);
    fixture.tenant.faults.arm({ method: "POST", path: "/restart$", times: 20, effect: { answer: 403 } });
    await expect(engine.up(inputs({ baseAddress: other.url }))).rejects.toThrow("403");
    fixture.tenant.faults.clear();
    await engine.refresh();
    expect(await engine.changes(inputs({ baseAddress: other.url, status: "paused" }))).toEqual([]);
    await engine.up(inputs({ baseAddress: other.url, status: "paused" }));
    fixture.writes();
    expect(await engine.changes(inputs({ baseAddress: other.url }))).toEqual([
      "update status",
      "update baseAddress",
    ]);
    await engine.up(inputs({ baseAddress: other.url }));
    expect(shortened(fixture.writes())).toEqual(["POST jobs/{id}/restart"]);
    expect(await engine.changes(inputs({ baseAddress: other.url }))).toEqual([]);
    await other.stop();
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

describe("what was changed by hand", () => {
  const changes: [string, () => Promise<void>, string[], string[]][] = [
    [
      "the endpoint",
      () => putSecrets({ BaseAddress: "http://127.0.0.1:9/scim" }),
      ["update baseAddress"],
      ["POST jobs/{id}/pause", "PUT secrets", "POST jobs/{id}/restart"],
    ],
    [
      "the scope",
      () => putSecrets({ SyncAll: "true" }),
      ["update scope"],
      ["PUT secrets", "POST jobs/{id}/restart"],
    ],
    [
      "the notifications",
      () => putSecrets({ SyncNotificationSettings: '{"Enabled":true,"Recipients":"x@acme.com"}' }),
      ["delete notifications.recipient"],
      ["PUT secrets"],
    ],
    [
      "a token that does not work",
      () => putSecrets({ SecretToken: "no-token-of-datahub" }),
      ["update secretToken"],
      ["PUT secrets"],
    ],
    [
      "the job paused",
      async () =>
        void (await fixture.tenant.asAdministrator("POST", `${path()}/jobs/${(await job())?.id}/pause`)),
      ["update status"],
      ["POST jobs/{id}/start"],
    ],
    [
      "a mapping removed",
      () => changeSchema(withoutTarget("title")),
      ["delete mappings.user.title"],
      ["PUT jobs/{id}/schema"],
    ],
    [
      "our mapping removed",
      () => changeSchema(withoutTarget(ROLES)),
      ['update mappings.user["roles[primary eq \\"True\\"].value"]'],
      ["PUT jobs/{id}/schema"],
    ],
    [
      "users switched off",
      () =>
        changeSchema((current) => {
          const users = objectMapping(current, "user");
          if (users) users.enabled = false;
        }),
      ["delete mappings.objects"],
      ["PUT jobs/{id}/schema"],
    ],
    [
      "the whole schema reset",
      async () =>
        void (await fixture.tenant.asAdministrator("DELETE", `${path()}/jobs/${(await job())?.id}/schema`)),
      ['update mappings.user["roles[primary eq \\"True\\"].value"]'],
      ["PUT jobs/{id}/schema"],
    ],
  ];

  it.each(changes)(
    "%s is drift, and repaired by a write for it alone",
    async (_what, change, drift, repair) => {
      await engine.up(inputs());
      await fixture.tenant.runCycles();
      await change();
      expect(await engine.changes(inputs())).toEqual(drift);
      fixture.writes();
      await engine.up(inputs());
      expect(shortened(fixture.writes())).toEqual(repair);
      expect(await engine.changes(inputs())).toEqual([]);
      fixture.writes();
      await engine.up(inputs());
      expect(fixture.writes()).toEqual([]);
    },
  );

  it("makes a job again that somebody deleted", async () => {
    await engine.up(inputs());
    await fixture.tenant.asAdministrator("DELETE", `${path()}/jobs/${(await job())?.id}`);
    await engine.refresh();
    expect(engine.state).toBeUndefined();
    await engine.up(inputs());
    expect((await job())?.schedule.state).toBe("Active");
  });
});

function withoutTarget(target: string) {
  return (current: SynchronizationSchema) => {
    const users = objectMapping(current, "user");
    if (users)
      users.attributeMappings = users.attributeMappings.filter((one) => one.targetAttributeName !== target);
  };
}

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

  it("loses no key that is not rollcall's, and stops where it would", async () => {
    await engine.up(inputs());
    await putSecrets({ HardDeletesEnabled: "true" });
    endpoint.tokens.add(NEXT_TOKEN);
    await engine.up(inputs({ secretToken: NEXT_TOKEN }));
    expect((await secrets()).HardDeletesEnabled).toBe("true");
    await putSecrets({ Oauth2ClientSecret: "x", SecretToken: NEXT_TOKEN });
    await expect(engine.up(inputs())).rejects.toThrow(
      "the job also holds Oauth2ClientSecret, which Entra does not give back",
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
    await fixture.tenant.stop();
    const poor = {
      clientId: "99999999-9999-4999-8999-999999999999",
      clientSecret: "secret-of-the-poor-identity",
    };
    const { ARM_CLIENT_ID: clientId = "", ARM_CLIENT_SECRET: clientSecret = "" } = fixture.env;
    fixture = await entraFixture({
      identities: [
        { clientId, clientSecret, displayName: "deployment", permissions: DEPLOYMENT_PERMISSIONS },
        { ...poor, displayName: "poor", permissions: ["Application.Read.All"] },
      ],
    });
    const env = { ...fixture.env, ARM_CLIENT_ID: poor.clientId, ARM_CLIENT_SECRET: poor.clientSecret };
    await expect(new TestEngine(env, "provisioningJob").up(inputs())).rejects.toThrow(
      /^Microsoft Graph refused GET \S+synchronization\/secrets: 401 UnknownError.*\. Synchronization.ReadWrite.All or ownership of the service principal is missing/,
    );
  });
});
