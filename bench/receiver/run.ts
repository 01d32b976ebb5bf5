// Measures the receiver against its peers and against the floor, and writes docs/receiver-performance.md and .svg.
// node bench/receiver/run.ts [--seconds 1] [--rounds 3] [--sizes 1000,10000,100000]
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SCHEMA } from "../../src/scim/wire.ts";
import type { Shot } from "./connection.ts";
import { Connection } from "./connection.ts";
import type { Load } from "./load.ts";
import { measure } from "./load.ts";
import type { PageTimes } from "./page.ts";
import { measurePage } from "./page.ts";
import type { FilterCost, Growth, Measured } from "./report.ts";
import { chart, median, report } from "./report.ts";
import type { Server, ServerName } from "./servers.ts";
import { seedUser, startServer, TOKEN } from "./servers.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "1" },
    rounds: { type: "string", default: "3" },
    sizes: { type: "string", default: "1000,10000,100000" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const sizes = values.sizes.split(",").map(Number);
const NAMES: ServerName[] = ["rollcall", "scimmy-routers", "scim2-server", "floor"];
const CONNECTIONS = [1, 16];

let made = 0;
const shots: Record<string, (server: Server) => Shot> = {
  POST: () => ({ method: "POST", path: "/Users", body: JSON.stringify(seedUser(10_000_000 + made++)) }),
  GET: (server) => ({ method: "GET", path: `/Users/${pick(server).id}` }),
  filter: (server) => ({
    method: "GET",
    path: `/Users?filter=${encodeURIComponent(`userName eq "${pick(server).userName}"`)}`,
  }),
  PATCH: (server) => ({
    method: "PATCH",
    path: `/Users/${pick(server).id}`,
    body: patch("replace", "title", `title ${made++}`),
  }),
};

function patch(op: string, path: string, value: unknown): string {
  return JSON.stringify({ schemas: [SCHEMA.patchOp], Operations: [{ op, path, value }] });
}

function pick(server: Server): { id: string; userName: string } {
  const chosen = server.sample[made++ % server.sample.length];
  if (!chosen) throw new Error(`${server.name} has no users to ask for`);
  return chosen;
}

/** Lets each server's code be compiled before anything counts: a cold one is slow in ways that say nothing. */
async function warmUp(servers: Server[]): Promise<void> {
  for (const server of servers) {
    for (const [shot, next] of Object.entries(shots)) {
      if (server.name === "floor" && shot !== "POST") continue;
      // New ones for each: a slow server may end those that wait for its last answer to another.
      const open = Array.from({ length: 16 }, () => new Connection(server.baseUrl, TOKEN));
      await measure(open, 1.5 * seconds, () => next(server));
      for (const connection of open) connection.close();
    }
  }
}

/** Every server does every shot in every round, one after the other, so that a busy moment hits all of them. */
async function compare(servers: Server[], size: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  await warmUp(servers);
  for (const connections of CONNECTIONS) {
    for (const [shot, next] of Object.entries(shots)) {
      const taking = servers.filter((server) => server.name !== "floor" || shot === "POST");
      const loads = new Map<Server, (Load & { cpu: number })[]>(taking.map((server) => [server, []]));
      for (let round = 0; round < rounds; round++) {
        for (const server of taking) {
          const open = Array.from({ length: connections }, () => new Connection(server.baseUrl, TOKEN));
          const before = server.cpu();
          const load = await measure(open, seconds, () => next(server));
          const cpu = (server.cpu() - before) / Math.max(1, load.count);
          loads.get(server)?.push({ ...load, cpu });
          for (const connection of open) connection.close();
        }
      }
      for (const [server, all] of loads) {
        const of = (key: "rate" | "p50" | "p99" | "cpu") => median(all.map((load) => load[key]));
        measured.push({
          server: server.name,
          size,
          connections,
          shot,
          rate: of("rate"),
          p50: of("p50"),
          p99: of("p99"),
          cpu: of("cpu"),
        });
        console.log(
          `${size} users, ${connections} connections, ${shot}: ${server.name} ${of("rate").toFixed(0)}/s, ${of("cpu").toFixed(0)} us CPU`,
        );
      }
    }
  }
  return measured;
}

/** Milliseconds for adding one member to a group of n, answered without members. */
async function memberGrowth(): Promise<Growth[]> {
  const server = await startServer("rollcall", 100);
  if (!server) return [];
  const connection = new Connection(server.baseUrl, TOKEN);
  const growth: Growth[] = [];
  const groups: { id: string; members: number; times: number[] }[] = [];
  for (const members of [100, 1000, 10_000, 50_000]) {
    const body = JSON.stringify({
      schemas: [SCHEMA.group],
      displayName: `group of ${members}`,
      members: Array.from({ length: members }, (_, n) => ({ value: `member-${n}` })),
    });
    const { text } = await connection.send({
      method: "POST",
      path: "/Groups?excludedAttributes=members",
      body,
    });
    groups.push({ id: (JSON.parse(text()) as { id: string }).id, members, times: [] });
  }
  for (let round = 0; round < 500; round++) {
    for (const { id, times } of groups) {
      const body = patch("add", "members", [{ value: `added-${round}` }]);
      const started = performance.now();
      await connection.send({ method: "PATCH", path: `/Groups/${id}?excludedAttributes=members`, body });
      if (round >= 100) times.push(performance.now() - started);
    }
  }
  for (const { members, times } of groups) growth.push({ members, milliseconds: median(times) });
  connection.close();
  await server.stop();
  return growth;
}

/** Milliseconds for each indexed filter among so many users, asked of one after the other, so that a busy moment hits all of them. */
async function filterCosts(sizes: number[]): Promise<FilterCost[]> {
  const filters: Record<string, (n: number) => string> = {
    userName: (n) => `userName eq "SEED${n}@acme.com"`,
    externalId: (n) => `externalId eq "external-${n}"`,
    displayName: (n) => `displayName eq "seed ${n}"`,
    "work e-mail": (n) => `emails[type eq "work"].value eq "seed${n}@acme.com"`,
  };
  const open: { size: number; server: Server; connection: Connection }[] = [];
  for (const size of sizes) {
    const server = await startServer("rollcall", size);
    if (server) open.push({ size, server, connection: new Connection(server.baseUrl, TOKEN) });
  }
  const costs = open.flatMap(({ size, connection }) =>
    Object.entries(filters).map(([filter, text]) => ({
      size,
      filter,
      text,
      connection,
      times: [] as number[],
    })),
  );
  for (let n = 0; n < 1500; n++) {
    for (const { size, text, connection, times } of costs) {
      const path = `/Users?filter=${encodeURIComponent(text((n * 997) % size))}`;
      const started = performance.now();
      await connection.send({ method: "GET", path });
      if (n >= 500) times.push(performance.now() - started);
    }
  }
  for (const { server, connection } of open) {
    connection.close();
    await server.stop();
  }
  return costs.map(({ size, filter, times }) => ({ size, filter, milliseconds: median(times) }));
}

const before = loadavg()[0] ?? 0;
const measured: Measured[] = [];
const memory: { size: number; mebibytes: number }[] = [];
let page: PageTimes | undefined;
for (const size of sizes) {
  const started = await Promise.all(NAMES.map((name) => startServer(name, size)));
  const servers = started.filter((server) => server !== undefined);
  measured.push(...(await compare(servers, size)));
  const own = servers.find((server) => server.name === "rollcall");
  if (own) {
    memory.push({ size, mebibytes: own.memory() });
    if (size === sizes.at(-1)) page = await measurePage(own, size);
  }
  await Promise.all(servers.map((server) => server.stop()));
}
const load = { before, after: loadavg()[0] ?? 0, cores: availableParallelism() };
const filters = await filterCosts([Math.min(...sizes), Math.max(...sizes)]);
const growth = await memberGrowth();
const docs = join(import.meta.dirname, "../../docs");
mkdirSync(docs, { recursive: true });
writeFileSync(join(docs, "receiver-performance.svg"), chart(measured));
writeFileSync(
  join(docs, "receiver-performance.md"),
  report({ measured, filters, memory, growth, page, seconds, rounds, load }),
);
console.log("docs/receiver-performance.md and .svg are written");
