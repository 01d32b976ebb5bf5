import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { simulatedClock } from "../../src/sandbox/clock.ts";
import { seededRandom, storedRandom } from "../../src/sandbox/random.ts";
import { Store } from "../../src/sandbox/store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("keeps documents and their order over a restart, readable by the owner only", () => {
  const file = join(folder, "deep", "tenant.sqlite");
  const store = new Store(file);
  const people = store.collection<{ age: number }>("people");
  people.put("b", { age: 1 });
  people.put("a", { age: 2 });
  people.put("b", { age: 3 });
  store.close();
  const again = new Store(file).collection<{ age: number }>("people");
  expect(again.entries()).toEqual([
    ["b", { age: 3 }],
    ["a", { age: 2 }],
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("gives a collection that was handed out before a rollback what it held before the transaction", () => {
  const store = new Store(":memory:");
  const people = store.collection<{ age: number }>("people");
  people.put("a", { age: 1 });
  expect(() =>
    store.transaction(() => {
      people.put("a", { age: 2 });
      people.put("b", { age: 3 });
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(people.entries()).toEqual([["a", { age: 1 }]]);
  people.put("c", { age: 4 });
  expect(store.collection("people")).toBe(people);
  expect(people.size).toBe(2);
});

it("takes a transaction inside another as a part of it", () => {
  const store = new Store(":memory:");
  const people = store.collection<number>("people");
  expect(() =>
    store.transaction(() => {
      store.transaction(() => people.put("a", 1));
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(people.has("a")).toBe(false);
});

it("goes on with its draws and its time after a restart", () => {
  const file = join(folder, "tenant.sqlite");
  const first = new Store(file);
  const before = [storedRandom(first, "s").uuid(), storedRandom(first, "s").uuid()];
  const clock = simulatedClock(first);
  const start = clock.now().getTime();
  clock.advance(60_000);
  first.close();
  const second = new Store(file);
  const plain = seededRandom("s");
  expect([...before, storedRandom(second, "s").uuid()]).toEqual([plain.uuid(), plain.uuid(), plain.uuid()]);
  expect(simulatedClock(second).now().getTime()).toBe(start + 60_001);
  expect(() => clock.advance(-1)).toThrow(RangeError);
});
