import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { MIGRATIONS } from "../../src/receiver/store/migrations.ts";
import { directory } from "./data-directory.ts";
import { group, startTenant, user } from "./harness.ts";
import { spawnReceiver } from "./spawn.ts";

const KILLS = 50;

describe("kill -9", () => {
  it(`under load, ${KILLS} times, loses nothing that was answered 2xx`, async () => {
    const alive = new Map<string, { id: string; title: string }>();
    const deleted = new Set<string>();
    /** Changes that were sent and never answered: either outcome is right. */
    const unsure = new Set<string>();
    let names = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const receiver = await spawnReceiver(directory);
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

  it("leaves the journal with every change that was answered", async () => {
    const journaled: string[] = [];
    for (let kill = 0; kill < 5; kill++) {
      const receiver = await spawnReceiver(directory);
      const made = await receiver.post("/Users", user(`user${kill}`));
      expect(made.status).toBe(201);
      journaled.push(made.body.meta.location);
      receiver.child.kill("SIGKILL");
      await receiver.gone;
    }
    const tenant = await startTenant("lenient", {}, { data: directory });
    const entries = tenant.receiver.journal("main").query({ method: "POST" });
    const path = (location = "") => new URL(location).pathname;
    expect(entries.map(({ location }) => path(location))).toEqual(journaled.map(path));
    await tenant.close();
  }, 30_000);
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
