import { describe, expect, it } from "vitest";
import type { SynchronizationSchema } from "../../../../src/clients/graph/synchronization-schema.ts";
import { objectMapping } from "../../../../src/provider/entra/job/mapping.ts";
import { changeSchema, engine, fixture, inputs, job, path, putSecrets, shortened } from "./job-fixture.ts";
import { ROLES } from "./schema-fixture.ts";

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
