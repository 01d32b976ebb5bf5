import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SCHEMA } from "../../src/scim/wire.ts";
import { Connection } from "./connection.ts";

export const TOKEN = "benchmark";

export type ServerName = "rollcall" | "scimmy-routers" | "scim2-server" | "floor";

/** A server in its own process, holding so many users. */
export interface Server {
  name: ServerName;
  baseUrl: string;
  /** Names and ids of some of its users. */
  sample: { id: string; userName: string }[];
  /** CPU time used so far, in microseconds. */
  cpu(): number;
  /** Resident memory in MiB, at its highest. */
  memory(): number;
  stop(): Promise<void>;
}

const here = import.meta.dirname;

export const seedUser = (n: number) => ({
  schemas: [SCHEMA.user],
  userName: `seed${n}@acme.com`,
  displayName: `Seed ${n}`,
  externalId: `external-${n}`,
  active: true,
  emails: [{ type: "work", value: `seed${n}@acme.com`, primary: true }],
});

/** @returns undefined where a server cannot be given so many users in reasonable time. */
export async function startServer(name: ServerName, users: number): Promise<Server | undefined> {
  switch (name) {
    case "rollcall": {
      const server = await launch(name, process.execPath, [
        join(here, "peers/rollcall.ts"),
        directory(),
        TOKEN,
      ]);
      await seedInBulk(server, users);
      return withSample(server);
    }
    case "floor":
      return launch(name, process.execPath, [join(here, "peers/floor.ts"), join(directory(), "floor.db")]);
    case "scimmy-routers": {
      if (!existsSync(join(here, "node_modules"))) execFileSync("npm", ["ci", "--silent"], { cwd: here });
      const server = await launch(name, process.execPath, [join(here, "peers/scimmy.js"), String(users)]);
      server.sample = Array.from({ length: 100 }, (_, n) => ({
        id: `seed-${n}`,
        userName: `seed${n}@acme.com`,
      }));
      return server;
    }
    case "scim2-server": {
      if (users > 10_000) return undefined;
      const port = await freePort();
      const baseUrl = `http://127.0.0.1:${port}`;
      const args = ["--port", String(port), "--bearer-token", TOKEN];
      const server = await launch(name, join(pythonPeers(), "scim2-server"), args, baseUrl);
      await seedOneByOne(server, users);
      return withSample(server);
    }
  }
}

function directory(): string {
  return mkdtempSync(join(tmpdir(), "rollcall-bench-"));
}

function pythonPeers(): string {
  const venv = join(here, ".venv");
  if (!existsSync(join(venv, "bin/scim2-server"))) {
    execFileSync("python3", ["-m", "venv", venv]);
    execFileSync(join(venv, "bin/pip"), [
      "install",
      "--quiet",
      "--requirement",
      join(here, "requirements.txt"),
    ]);
  }
  return join(venv, "bin");
}

async function launch(name: ServerName, command: string, args: string[], known?: string): Promise<Server> {
  const child = spawn(command, args, {
    stdio: ["ignore", known === undefined ? "pipe" : "ignore", "ignore"],
  });
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const baseUrl = known ?? (await announced(child, name));
  for (let attempt = 0; known !== undefined && attempt < 150; attempt++) {
    if (
      await fetch(baseUrl).then(
        () => true,
        () => false,
      )
    )
      break;
    await wait(100);
  }
  const pid = child.pid ?? 0;
  return {
    name,
    baseUrl,
    sample: [],
    cpu: () => cpuMicroseconds(pid),
    memory: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

function announced(child: ChildProcess, name: ServerName): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

/** User and system time of a process, from Linux's /proc, whose clock ticks 100 times a second. */
function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function seedInBulk(server: Server, users: number): Promise<void> {
  const connection = new Connection(server.baseUrl, TOKEN);
  for (let start = 0; start < users; start += 1000) {
    const Operations = Array.from({ length: Math.min(1000, users - start) }, (_, n) => ({
      method: "POST",
      path: "/Users",
      bulkId: String(start + n),
      data: seedUser(start + n),
    }));
    const body = JSON.stringify({ schemas: [SCHEMA.bulkRequest], Operations });
    const { status } = await connection.send({ method: "POST", path: "/Bulk", body });
    if (status !== 200) throw new Error(`seeding was answered ${status}`);
  }
  connection.close();
}

async function seedOneByOne(server: Server, users: number): Promise<void> {
  const connection = new Connection(server.baseUrl, TOKEN);
  for (let n = 0; n < users; n++) {
    const body = JSON.stringify(seedUser(n));
    const { status, text } = await connection.send({ method: "POST", path: "/Users", body });
    if (status !== 201) throw new Error(`seeding was answered ${status}: ${text()}`);
  }
  connection.close();
}

async function withSample(server: Server): Promise<Server> {
  const connection = new Connection(server.baseUrl, TOKEN);
  const { text } = await connection.send({ method: "GET", path: "/Users?count=100" });
  connection.close();
  server.sample = (JSON.parse(text()) as { Resources: Server["sample"] }).Resources;
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
