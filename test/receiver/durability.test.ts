import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startReceiver } from "../../src/receiver/receiver.ts";
import { MIGRATIONS } from "../../src/receiver/store/migrations.ts";
import { TenantData } from "../../src/receiver/store/tenant-data.ts";
import { client, group, startTenant, TOKEN, user } from "./harness.ts";

let directory: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rollcall-receiver-"));
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.length = 0;
  rmSync(directory, { recursive: true, force: true });
});

const KILLS = 50;

/** A receiver in a process of its own, which can be killed. */
async function spawnReceiver() {
  const child = spawn(process.execPath, [join(import.meta.dirname, "child-receiver.ts"), directory, TOKEN], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the receiver ended with ${code}`)));
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { child, gone, ...client(baseUrl) };
}

describe("kill -9", () => {
  it(`under load, ${KILLS} times, loses nothing that was answered 2xx`, async () => {
    const alive = new Map<string, { id: string; title: string }>();
    const deleted = new Set<string>();
    /** Changes that were sent and never answered: either outcome is right. */
    const unsure = new Set<string>();
    let names = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const receiver = await spawnReceiver();
      const { body } = await receiver.get("/Users?count=0");
      expect(body.totalResults).toBeGreaterThanOrEqual(alive.size - unsure.size);
      for (const [name, { id, title }] of [...alive].slice(-40)) {
        const found = await receiver.get(`/Users/${id}`);
        if (unsure.has(name)) continue;
        expect(found.status, name).toBe(200);
        expect(found.body.title, name).toBe(title);
      }
      for (const id of [...deleted].slice(-10)) expect((await receiver.get(`/Users/${id}`)).status).toBe(404);
      if (kill === KILLS) {
        for (const [name, { id }] of alive) {
          if (!unsure.has(name)) expect((await receiver.get(`/Users/${id}`)).status, name).toBe(200);
        }
        receiver.child.kill("SIGTERM");
        await receiver.gone;
        break;
      }
      let stopped = false;
      const worker = async () => {
        while (!stopped) {
          const name = `user${names++}`;
          try {
            const made = await receiver.post("/Users", user(name, { title: "new" }));
            if (made.status === 201) alive.set(name, { id: made.body.id, title: "new" });
            unsure.add(name);
            await receiver.patch(`/Users/${made.body.id}`, [
              { op: "replace", path: "title", value: "changed" },
            ]);
            alive.set(name, { id: made.body.id, title: "changed" });
            if (names % 3 === 0) {
              await receiver.remove(`/Users/${made.body.id}`);
              alive.delete(name);
              deleted.add(made.body.id);
            }
            unsure.delete(name);
          } catch {
            return;
          }
        }
      };
      const workers = [worker(), worker(), worker(), worker()];
      await new Promise((resolve) => setTimeout(resolve, 20 + ((kill * 13) % 90)));
      receiver.child.kill("SIGKILL");
      await receiver.gone;
      stopped = true;
      await Promise.all(workers);
    }
    expect(alive.size).toBeGreaterThan(KILLS);
    expect(deleted.size).toBeGreaterThan(0);
  }, 240_000);
});

describe("the data directory", () => {
  const open = () => startTenant("lenient", {}, { data: directory });

  it("keeps resources, versions, journal and cursors over a restart", async () => {
    let tenant = await open();
    for (const name of ["a", "b", "c"]) await tenant.post("/Users", user(name));
    await tenant.post("/Groups", group("g", { members: [{ value: "x", display: "X" }] }));
    const { nextCursor } = (await tenant.get("/Users?count=1&cursor=")).body;
    const strip = (text: string) => text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "");
    const before = [(await tenant.get("/Users")).text, (await tenant.get("/Groups")).text].map(strip);
    await tenant.close();
    tenant = await open();
    expect([(await tenant.get("/Users")).text, (await tenant.get("/Groups")).text].map(strip)).toEqual(
      before,
    );
    expect((await tenant.get(`/Users?count=1&cursor=${nextCursor}`)).body.Resources[0].userName).toBe("b");
    expect(
      tenant.receiver
        .journal("main")
        .query()
        .map((entry) => entry.seq),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await tenant.close();
  });

  it("is held by one receiver at a time", async () => {
    const tenant = await open();
    await expect(open()).rejects.toThrow(/in use by another receiver/);
    await tenant.close();
    await (await open()).close();
  });

  it("of an older version is opened and brought up to date", async () => {
    const old = new DatabaseSync(join(directory, "main.db"));
    old.exec(`${MIGRATIONS[0]} PRAGMA user_version = 1;`);
    const body = JSON.stringify({
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      id: "1",
      userName: "Old",
    });
    old.prepare("INSERT INTO scim_user VALUES (1, '1', 'old', NULL, NULL, 3, 0, 0, ?)").run(body);
    old.close();
    const tenant = await open();
    expect((await tenant.find("Users", 'userName eq "OLD"')).body.Resources[0]).toMatchObject({
      userName: "Old",
      meta: { version: 'W/"3"', created: "1970-01-01T00:00:00.000Z" },
    });
    await tenant.close();
    const now = new DatabaseSync(join(directory, "main.db"));
    expect(now.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length });
    now.close();
  });

  it("of a newer version is refused and left alone", async () => {
    const newer = new DatabaseSync(join(directory, "main.db"));
    newer.exec("PRAGMA user_version = 999");
    newer.close();
    await expect(open()).rejects.toThrow(/newer rollcall/);
  });
});

describe("a disk that fails", () => {
  it("full: 507, nothing lost, reads go on, and writes again once there is room", async () => {
    const options = { data: directory, maxBytes: 400_000, journalEntries: 10 };
    let tenant = await startTenant("lenient", {}, options);
    const made: string[] = [];
    let status = 201;
    for (let n = 0; n < 400 && status === 201; n++) {
      const answer = await tenant.post("/Users", user(`user${n}`, { title: "x".repeat(3000) }));
      status = answer.status;
      if (status === 201) made.push(answer.body.id);
      else
        expect(answer.body).toMatchObject({
          status: "507",
          detail: expect.stringContaining("nothing of this request"),
        });
    }
    expect(status).toBe(507);
    expect((await tenant.get("/Users?count=0")).body.totalResults).toBe(made.length);
    for (const id of made) expect((await tenant.get(`/Users/${id}`)).status).toBe(200);
    await tenant.close();
    tenant = await startTenant("lenient", {}, { data: directory });
    expect((await tenant.get("/Users?count=0")).body.totalResults).toBe(made.length);
    expect((await tenant.post("/Users", user("again"))).status).toBe(201);
    await tenant.close();
  });

  it("read-only: 503, for everybody in the same transaction, and reads go on", async () => {
    const data = new TenantData(join(directory, "main.db"), { durability: "process" });
    const row = {
      id: "1",
      name: "a",
      display: null,
      external_id: null,
      version: 1,
      created: 0,
      modified: 0,
      body: "{}",
    };
    data.batch.run(() => data.users.insert(row));
    await data.batch.settled();
    // What SQLite does when the medium turns read-only: every write fails from here on.
    data.database.exec("PRAGMA query_only = ON");
    expect(() => data.batch.run(() => data.users.insert({ ...row, id: "2" }))).toThrow(
      expect.objectContaining({ name: "StorageError", status: 503 }),
    );
    await data.batch.settled()?.catch(() => {});
    expect(data.users.byId("1")).toMatchObject({ name: "a" });
    expect(data.users.count()).toBe(1);
    data.database.exec("PRAGMA query_only = OFF");
    data.batch.run(() => data.users.insert({ ...row, id: "2" }));
    await data.batch.settled();
    expect(data.users.count()).toBe(2);
    data.close();
  });

  it("that cannot be written to at all is refused at the start", async () => {
    const file = join(directory, "file");
    new DatabaseSync(file).close();
    chmodSync(file, 0o400);
    await expect(
      startReceiver({
        port: 0,
        data: join(file, "sub"),
        tenants: [{ name: "a", path: "/a", dialect: "strict", tokens: ["t"] }],
      }),
    ).rejects.toThrow();
  });
});
