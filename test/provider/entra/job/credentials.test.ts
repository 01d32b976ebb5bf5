import { describe, expect, it } from "vitest";
import { scimEndpoint } from "../../scim-endpoint.ts";
import { clearTexts, TestEngine } from "../../test-engine.ts";
import {
  endpoint,
  engine,
  fixture,
  inputs,
  job,
  NEXT_TOKEN,
  putSecrets,
  secrets,
  shortened,
  TOKEN,
} from "./job-fixture.ts";

describe("credentials", () => {
  it("refuses a token that does not work, before anything is stored", async () => {
    await expect(engine.up(inputs({ secretToken: "no-token-of-datahub" }))).rejects.toThrow(
      /^datahub: http\S+ does not take the token from Entra: .* The credentials in Entra were not changed\./,
    );
    expect(fixture.writes()).toEqual([]);
  });

  it("leaves a job running whose new endpoint does not take the token", async () => {
    await engine.up(inputs());
    await fixture.tenant.runCycles();
    fixture.writes();
    const other = await scimEndpoint(NEXT_TOKEN);
    await expect(engine.up(inputs({ baseAddress: other.url }))).rejects.toThrow("were not changed");
    expect(fixture.writes()).toEqual([]);
    expect((await job())?.schedule.state).toBe("Active");
    await other.stop();
  });

  it("leaves a job running whose other secrets a write would lose", async () => {
    await engine.up(inputs());
    await putSecrets({ Oauth2ClientSecret: "x" });
    fixture.writes();
    await expect(engine.up(inputs({ status: "paused", scope: "all" }))).rejects.toThrow(
      "the job also holds Oauth2ClientSecret",
    );
    expect(fixture.writes()).toEqual([]);
  });

  it("does not write back a token that was revoked after somebody replaced it in the portal", async () => {
    await engine.up(inputs());
    endpoint.tokens.add(NEXT_TOKEN);
    await putSecrets({ SecretToken: NEXT_TOKEN });
    endpoint.tokens.delete(TOKEN);
    fixture.writes();
    const notifications = { recipient: "iam@acme.com" };
    await expect(engine.up(inputs({ notifications }))).rejects.toThrow("were not changed");
    expect(fixture.writes()).toEqual([]);
    await engine.up(inputs({ notifications, secretToken: NEXT_TOKEN }));
    expect(JSON.parse((await secrets()).SyncNotificationSettings ?? "")).toMatchObject({ Enabled: true });
  });

  it("does not write a token that was never tried over that of an imported job", async () => {
    await engine.up(inputs());
    fixture.writes();
    const importing = new TestEngine(fixture.env, "provisioningJob");
    await importing.importFrom(engine.state?.id ?? "");
    const notifications = { recipient: "iam@acme.com" };
    await expect(importing.up(inputs({ notifications, secretToken: NEXT_TOKEN }))).rejects.toThrow(
      "were not changed",
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

  it("restarts in full a job that was moved during its first cycle", async () => {
    await engine.up(inputs());
    fixture.writes();
    const other = await scimEndpoint(TOKEN);
    await engine.up(inputs({ baseAddress: other.url }));
    expect(shortened(fixture.writes()).at(-1)).toBe("POST jobs/{id}/restart");
    await other.stop();
  });

  it("only starts a job that was moved before it ever ran", async () => {
    await engine.up(inputs({ status: "paused" }));
    fixture.writes();
    const other = await scimEndpoint(TOKEN);
    await engine.up(inputs({ baseAddress: other.url }));
    expect(shortened(fixture.writes()).at(-1)).toBe("POST jobs/{id}/start");
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
