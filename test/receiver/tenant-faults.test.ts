import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Receiver, TenantOptions } from "../../src/receiver/receiver.ts";
import { startReceiver } from "../../src/receiver/receiver.ts";
import { client, user } from "./harness.ts";

const tenants: TenantOptions[] = ["east", "west"].map((name) => ({
  name,
  path: `/${name}`,
  dialect: "lenient",
  tokens: [`token-of-${name}`, "token-of-both"],
}));

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ port: 0, data: ":memory:", tenants });
});
afterEach(() => receiver.close());

const scim = (name: string) => client(`${receiver.url}/${name}`, `token-of-${name}`);
const admin = (name: string, token = `token-of-${name}`) =>
  client(`${receiver.url}/_rollcall/tenants/${name}`, token);
const statuses = async () =>
  Promise.all(["east", "west"].map(async (name) => (await scim(name).get("/Users")).status));

describe("faults of two tenants", () => {
  it("strike their own tenant alone, whichever token set them", async () => {
    for (const token of ["token-of-east", "token-of-both"]) {
      expect((await admin("east", token).put("/faults/busy", { status: 429 })).body.tenant).toBe("east");
      expect(await statuses()).toEqual([429, 200]);
      expect((await admin("west").get("/faults")).body).toEqual([]);
      expect((await admin("east", token).remove("/faults/busy")).status).toBe(204);
      expect(await statuses()).toEqual([200, 200]);
    }
  });

  it("have names of their own, and hits of their own", async () => {
    await admin("east").put("/faults/busy", { status: 429, count: 2 });
    await admin("west").put("/faults/busy", { status: 503, count: 1 });
    expect(await statuses()).toEqual([429, 503]);
    expect(await statuses()).toEqual([429, 200]);
    expect((await admin("east").get("/faults")).body).toMatchObject([{ status: 429, hits: 2 }]);
    expect((await admin("west").get("/faults")).body).toMatchObject([{ status: 503, hits: 1 }]);
  });

  it("are cleared by their own tenant alone", async () => {
    await admin("east").put("/faults/busy", { ignore: true });
    expect((await admin("west").remove("/faults/busy")).status).toBe(404);
    expect((await admin("west").remove("/faults")).status).toBe(204);
    for (const name of ["east", "west"]) await scim(name).post("/Users", user("ada"));
    const count = async (name: string) => (await scim(name).get("/Users?count=0")).body.totalResults;
    expect([await count("east"), await count("west")]).toEqual([0, 1]);
  });

  it("are out of reach of the other tenant's token", async () => {
    const stranger = admin("east", "token-of-west");
    expect((await stranger.put("/faults/busy", { status: 500 })).status).toBe(404);
    await admin("east").put("/faults/busy", { status: 500 });
    expect((await stranger.get("/faults")).status).toBe(404);
    expect((await stranger.remove("/faults/busy")).status).toBe(404);
    expect(await statuses()).toEqual([500, 200]);
  });

  it("from TypeScript strike all of them when they name none", async () => {
    receiver.faults.set({ id: "busy", status: 500 });
    expect(await statuses()).toEqual([500, 500]);
    expect(receiver.faults.clear("busy", "east")).toBe(false);
    expect(receiver.faults.clear("busy")).toBe(true);
    expect(await statuses()).toEqual([200, 200]);
  });
});
