import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCHEMA } from "../../src/scim/wire.ts";
import { directory } from "./data-directory.ts";
import type { Answer } from "./harness.ts";
import { client, startTenant, user } from "./harness.ts";
import { spawnReceiver } from "./spawn.ts";

const admin = (baseUrl: string) => client(`${new URL(baseUrl).origin}/_rollcall`);
const large = (name: string) => user(name, { title: "x".repeat(3000) });

function expectRefusal({ status, body }: Answer, expected: 503 | 507): void {
  expect(status).toBe(expected);
  expect(body).toEqual({
    schemas: [SCHEMA.error],
    status: String(expected),
    detail: expect.stringMatching(/nothing of this request was kept.*need not be restarted/),
  });
}

describe("a full disk", () => {
  it("is 507 to what writes, and everything can still be read", async () => {
    let tenant = await startTenant("lenient", {}, { data: directory, maxBytes: 400_000, journalEntries: 10 });
    const made: string[] = [];
    let refused: Answer | undefined;
    for (let n = 0; n < 400 && !refused; n++) {
      const answer = await tenant.post("/Users", large(`user${n}`));
      if (answer.status === 201) made.push(answer.body.id);
      else refused = answer;
    }
    if (!refused) throw new Error("the limit was never reached");
    expectRefusal(refused, 507);
    const { get } = admin(tenant.baseUrl);
    for (let round = 0; round < 10; round++) {
      const writes = [0, 1, 2].map((n) => tenant.post("/Users", large(`more${round}-${n}`)));
      const reads = made.slice(0, 8).map((id) => tenant.get(`/Users/${id}`));
      const others = ["/tenants", "/tenants/main/journal", "/tenants/main/snapshot"].map((path) => get(path));
      for (const answer of await Promise.all(writes)) expectRefusal(answer, 507);
      for (const { status } of await Promise.all([...reads, ...others])) expect(status).toBe(200);
    }
    expect((await tenant.get("/Users?count=0")).body.totalResults).toBe(made.length);
    await tenant.close();
    tenant = await startTenant("lenient", {}, { data: directory });
    for (const id of made) expect((await tenant.get(`/Users/${id}`)).status).toBe(200);
    expect((await tenant.get("/Users?count=0")).body.totalResults).toBe(made.length);
    expect((await tenant.post("/Users", user("again"))).status).toBe(201);
    await tenant.close();
  });

  it("keeps nothing of a bulk request that it ends", async () => {
    const tenant = await startTenant("lenient", {}, { data: directory, maxBytes: 400_000 });
    const Operations = Array.from({ length: 300 }, (_, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: String(n),
      data: large(`user${n}`),
    }));
    const bulk = await tenant.post("/Bulk", { schemas: [SCHEMA.bulkRequest], Operations });
    expectRefusal(bulk, 507);
    expect((await tenant.get("/Users?count=0")).body.totalResults).toBe(0);
    expect((await tenant.post("/Users", large("user0"))).status).toBe(201);
    await tenant.close();
  });
});

/** Lets a process write no further byte to any file, or any number again: each write fails as on a broken medium. */
function limitWrites(pid: number | undefined, soft: "0" | "unlimited"): void {
  const { status, stderr } = spawnSync("prlimit", [`--pid=${pid}`, `--fsize=${soft}:`], { encoding: "utf8" });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

describe.skipIf(!hasPrlimit)("a disk that cannot be written to for a while", () => {
  it("is 503 to what writes, read all the same, and written to again without a restart", async () => {
    const receiver = await spawnReceiver(directory);
    const { get } = admin(receiver.baseUrl);
    const first = (await receiver.post("/Users", user("first"))).body.id;

    limitWrites(receiver.child.pid, "0");
    expectRefusal(await receiver.post("/Users", user("second")), 503);
    expectRefusal(await receiver.patch(`/Users/${first}`, [{ op: "add", path: "title", value: "x" }]), 503);
    expectRefusal(await receiver.remove(`/Users/${first}`), 503);
    for (let n = 0; n < 20; n++) {
      const [write, ...reads] = await Promise.all([
        receiver.post("/Users", user(`third${n}`)),
        receiver.get(`/Users/${first}`),
        receiver.post("/Users/.search", { schemas: [SCHEMA.searchRequest] }),
        get("/tenants/main/journal"),
      ]);
      expectRefusal(write, 503);
      expect(reads.map(({ status }) => status)).toEqual([200, 200, 200]);
    }

    limitWrites(receiver.child.pid, "unlimited");
    expect((await receiver.post("/Users", user("second"))).status).toBe(201);
    const { body: users } = await receiver.get("/Users");
    expect(users.Resources.map((found: { userName: string }) => found.userName)).toEqual(["first", "second"]);
    const { body: refused } = await get("/tenants/main/journal?status=503&limit=1000");
    expect(refused).toHaveLength(23);
    expect((await get("/tenants")).body[0].journalEntriesLost).toBe(0);
  }, 30_000);
});

describe("a data directory that cannot be written to", () => {
  it("is refused at the start, with what to do", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    await expect(startTenant("strict", {}, { data: join(file, "sub") })).rejects.toThrow(
      /cannot be opened for writing: .*main\.db \(.*\)\. Nothing was changed\. Make its directory writable/,
    );
  });
});
