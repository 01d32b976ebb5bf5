import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OktaOrgOptions } from "../../src/sandbox/okta/index.ts";
import { startOktaOrg } from "../../src/sandbox/okta/index.ts";
import {
  API_TOKEN,
  autoLoginBody,
  caller,
  closeAfterTest,
  createApp,
  PEOPLE,
  scimForm,
  testOrg,
} from "./org.ts";
import { orgWithProduct, startProduct } from "./product.ts";

describe("keeping", () => {
  test("what was there is there after a restart, work in the queue too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "okta-org-"));
    closeAfterTest(async () => rmSync(folder, { recursive: true }));
    const options: OktaOrgOptions = {
      file: join(folder, "org.sqlite"),
      apiTokens: [API_TOKEN],
      kindness: { kind: true },
      directory: PEOPLE,
    };
    const product = await startProduct();
    const outbound = () => product.baseUrl;
    const first = await startOktaOrg({ ...options, outbound });
    const org = Object.assign(first, { call: caller(first.url) });
    const app = await createApp(org);
    await org.admin.enableScim(app, scimForm());
    await org.call("PUT", `/api/v1/apps/${app}/groups/00ggov`);
    const dump = org.dump();
    const { body: before } = await org.call("GET", `/api/v1/apps/${app}`);
    await first.stop();

    const second = await startOktaOrg({ ...options, outbound });
    closeAfterTest(() => second.stop());
    expect(second.dump()).toEqual(dump);
    const { body: after } = await caller(second.url)("GET", `/api/v1/apps/${app}`);
    const withoutPort = (text: unknown) => JSON.stringify(text).replace(/127\.0\.0\.1:\d+/g, "host");
    expect(withoutPort(after)).toBe(withoutPort(before));
    expect(await second.settle()).toEqual({ performed: 2, failed: [] });
    expect(await product.active()).toEqual(["john@acme.com", "sid@acme.com"]);
  });

  test("two orgs that were set up alike have equal dumps, whatever their ids, times and order", async () => {
    const build = async (seed: string, groups: string[]) => {
      const { org } = await orgWithProduct({ seed });
      if (seed === "b") await createApp(org, "gone").then((id) => remove(org, id));
      const app = await createApp(org);
      await org.admin.enableScim(app, scimForm());
      for (const group of groups) await org.call("PUT", `/api/v1/apps/${app}/groups/${group}`);
      await org.settle();
      return org;
    };
    const remove = async (org: { call: ReturnType<typeof caller> }, id: string) => {
      await org.call("POST", `/api/v1/apps/${id}/lifecycle/deactivate`);
      await org.call("DELETE", `/api/v1/apps/${id}`);
    };
    const one = await build("a", ["00ggov", "00gom1"]);
    const two = await build("b", ["00gom1", "00ggov"]);
    expect(two.dump()).toEqual(one.dump());
    two.people.removeMember("governance-team", "john@acme.com");
    expect(two.dump()).not.toEqual(one.dump());
  });

  test("a change that fails half-way changes nothing", async () => {
    const org = await testOrg();
    const app = await createApp(org);
    const before = (await org.call("GET", `/api/v1/apps/${app}`)).body;
    const body = { ...autoLoginBody("another label"), settings: { signOn: { loginUrl: "no URL" } } };
    expect((await org.call("PUT", `/api/v1/apps/${app}`, body)).status).toBe(400);
    expect((await org.call("GET", `/api/v1/apps/${app}`)).body).toEqual(before);
  });
});
