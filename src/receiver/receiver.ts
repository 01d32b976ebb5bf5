import { join } from "node:path";
import type { ExpectedArrivals } from "../desired/model.ts";
import type { Arrivals, ArrivalsDiff } from "./admin/arrivals.ts";
import { diffArrivals, readArrivals } from "./admin/arrivals.ts";
import { ADMIN_PREFIX, serveAdmin } from "./admin/routes.ts";
import type { Snapshot } from "./admin/snapshot.ts";
import { restoreSnapshot, takeSnapshot } from "./admin/snapshot.ts";
import type { DialectName, TenantSettings } from "./dialects/dialect.ts";
import { dialects } from "./dialects/index.ts";
import { Faults } from "./faults/faults.ts";
import type { Site } from "./http/exchange.ts";
import { createServer, serveTenant } from "./http/server.ts";
import { Tokens } from "./http/tokens.ts";
import { type Expectation, type ExpectationResult, expectJournal } from "./journal/expect.ts";
import { Journal } from "./journal/journal.ts";
import { servePage } from "./page/serve.ts";
import type { Tenant } from "./protocol/tenant.ts";
import { ensureGroup } from "./protocol/write.ts";
import type { SchemaDefinition } from "./schema/definition.ts";
import { buildModels } from "./schema/model.ts";
import type { Durability } from "./store/database.ts";
import { TenantData } from "./store/tenant-data.ts";

export interface TenantOptions {
  /** Letters, digits, `-`, `_` and `.`; also the name of its database. */
  name: string;
  /** Path of the base URL: `/scim/v2`. */
  path: string;
  dialect: DialectName;
  /** One or more, several to rotate; also as `sha256:<hex>`. Kept as hashes. */
  tokens: string[];
  settings?: TenantSettings;
  /** Schemas beyond RFC 7643's; one with a core schema's id adds attributes to that. */
  schemas?: SchemaDefinition[];
}

export interface ReceiverOptions {
  /** Default 127.0.0.1: other machines are let in only on request. */
  host?: string;
  /** 0 for any free port. */
  port: number;
  /** A directory, made when it is missing, or ":memory:". */
  data: string;
  tenants: TenantOptions[];
  /** Default "process": what was answered survives `kill -9`. "power" survives a power cut too, at the cost of an fsync a commit. */
  durability?: Durability;
  /** Upper limit of each tenant's database in bytes; beyond it writes are answered 507. */
  maxBytes?: number;
  /** What clients see in `location`, when it is not the address listened on: `https://scim.example.com`. */
  publicUrl?: string;
  /** Newest journal entries kept for each tenant. Default 100,000. */
  journalEntries?: number;
  /** Gets one line for each request, without personal data. */
  log?: (line: string) => void;
}

/** A running receiver. */
export interface Receiver {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  tenants: { name: string; baseUrl: string }[];
  faults: Faults;
  /** @throws Error for an unknown tenant. */
  journal(tenant: string): Journal;
  /** Takes the place of all tokens of a tenant: give the old and the new one to rotate. */
  setTokens(tenant: string, tokens: string[]): void;
  /** What a tenant holds, as resources; {@link Receiver.restore} puts it back. */
  snapshot(tenant: string): Snapshot;
  /** Puts a snapshot in the place of what the tenant holds. */
  restore(tenant: string, snapshot: Snapshot): Promise<void>;
  /** What a tenant holds, in the terms of a spec's expected arrivals. */
  arrivals(tenant: string): Arrivals;
  /** Compares what a tenant holds with a spec's expected arrivals. */
  diff(tenant: string, expected: ExpectedArrivals): ArrivalsDiff;
  /** Waits, as long as the expectation says, until a tenant's journal meets it. It does not throw where that fails: see `ok`. */
  expect(tenant: string, expectation: Expectation): Promise<ExpectationResult>;
  /** Answers what is under way, then stops. */
  close(): Promise<void>;
}

/**
 * Starts a receiver; it listens when the promise resolves.
 *
 * @throws Error for options that contradict each other, a data directory that is in use, that cannot be written to, or that a newer rollcall wrote.
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  checkTenants(options.tenants);
  const host = options.host ?? "127.0.0.1";
  const server = createServer();
  const faults = new Faults();
  const sites: Site[] = [];
  try {
    for (const tenant of options.tenants) sites.push(openSite(tenant, options));
    for (const site of sites) serveTenant(server, site, { faults, log: options.log });
    serveAdmin(server, sites, faults);
    servePage(server);
    await server.listen({ host, port: options.port });
  } catch (error) {
    await server.close();
    for (const { tenant } of sites) tenant.data.close();
    throw error;
  }
  const [address] = server.addresses();
  const port = typeof address === "object" ? address.port : options.port;
  const url = options.publicUrl?.replace(/\/+$/, "") ?? `http://${urlHost(host)}:${port}`;
  for (const site of sites) site.tenant.baseUrl = `${url}${site.path}`;
  const find = (name: string): Site => {
    const site = sites.find(({ tenant }) => tenant.name === name);
    if (!site)
      throw new Error(
        `The receiver has no tenant \`${name}\`; it has ${sites.map((s) => s.tenant.name).join(", ")}.`,
      );
    return site;
  };
  return {
    url,
    tenants: sites.map(({ tenant }) => ({ name: tenant.name, baseUrl: tenant.baseUrl })),
    faults,
    journal: (name) => find(name).journal,
    setTokens: (name, tokens) => find(name).tokens.replace(tokens),
    snapshot: (name) => takeSnapshot(find(name).tenant),
    restore: async (name, snapshot) => {
      const { tenant } = find(name);
      restoreSnapshot(tenant, snapshot);
      await tenant.data.batch.settled();
    },
    arrivals: (name) => readArrivals(find(name).tenant),
    diff: (name, expected) => diffArrivals(expected, readArrivals(find(name).tenant)),
    expect: (name, expectation) => expectJournal(find(name).journal, expectation),
    close: async () => {
      await server.close();
      for (const { tenant, journal } of sites) {
        journal.close();
        tenant.data.close();
      }
    },
  };
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function checkTenants(tenants: TenantOptions[]): void {
  if (tenants.length === 0) throw new Error("The receiver needs at least one tenant.");
  const seen = { name: new Set<string>(), path: new Set<string>() };
  for (const { name, path, tokens } of tenants) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      throw new Error(
        `\`${name}\` cannot be a tenant's name: letters, digits, -, _ and . are allowed, 100 at most.`,
      );
    }
    if (!/^\/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-]$/.test(path) || path.startsWith(ADMIN_PREFIX)) {
      throw new Error(
        `The path of tenant \`${name}\` must look like /scim/v2, and not begin with ${ADMIN_PREFIX}.`,
      );
    }
    if (tokens.length === 0 || tokens.some((token) => token.trim() === "")) {
      throw new Error(
        `Tenant \`${name}\` needs a token: without one nobody, or everybody, could write to it.`,
      );
    }
    for (const key of ["name", "path"] as const) {
      const value = key === "name" ? name : path;
      if (seen[key].has(value)) throw new Error(`Two tenants have the ${key} \`${value}\`.`);
      seen[key].add(value);
    }
  }
}

function openSite(options: TenantOptions, receiver: ReceiverOptions): Site {
  const { name, path, dialect, settings = {} } = options;
  const data = new TenantData(receiver.data === ":memory:" ? ":memory:" : join(receiver.data, `${name}.db`), {
    durability: receiver.durability ?? "process",
    ...(receiver.maxBytes === undefined ? {} : { maxBytes: receiver.maxBytes }),
  });
  const tenant: Tenant = {
    name,
    baseUrl: path,
    dialect: dialects[dialect],
    models: buildModels(options.schemas),
    settings,
    data,
    cursorKey: data.secret("cursor"),
  };
  for (const team of settings.teams ?? []) ensureGroup(tenant, team.name);
  const failure = data.batch.flush();
  if (failure) throw failure;
  return {
    path,
    tokens: new Tokens(options.tokens),
    journal: new Journal(data, receiver.journalEntries),
    tenant,
  };
}
