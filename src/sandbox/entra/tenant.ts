import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { EntraDirectory } from "../../directory/entra.ts";
import { throwAwayCertificate } from "../certificate.ts";
import { type Clock, simulatedClock } from "../clock.ts";
import { Faults } from "../faults.ts";
import { isLoopback, type Outbound } from "../outbound.ts";
import { storedRandom } from "../random.ts";
import { RequestLog } from "../request-log.ts";
import { Store } from "../store.ts";
import { type Kindness, unkindness } from "../unkind.ts";
import { administrationRoutes } from "./administration.ts";
import type { AppIdentity } from "./app-identity.ts";
import { applyChange, type DirectoryChange } from "./changes.ts";
import { Consistency } from "./consistency.ts";
import { tenantDocuments } from "./documents.ts";
import { dumpTenant } from "./dump.ts";
import { graphServer } from "./graph-server.ts";
import { propagateRoles } from "./lifecycle.ts";
import { Listing } from "./listing.ts";
import { metadataServer } from "./metadata-server.ts";
import { ADMINISTRATOR_HEADER, internalHeader } from "./pipeline.ts";
import { seedDirectory, seedIdentities } from "./seed.ts";
import { type CycleOutcome, runCycle } from "./synchronization/cycle.ts";
import type { TenantState } from "./tenant-state.ts";

export interface EntraTenantOptions {
  /** Ids and draws come from it; the same seed and the same calls give the same tenant. */
  seed?: string;
  /** SQLite file that keeps the tenant between runs; in memory when absent. */
  file?: string;
  /** People and groups of a tenant that is new. */
  directory?: EntraDirectory;
  /** Adds people and groups of `directory` that a tenant kept from earlier lacks. */
  directoryGrows?: boolean;
  /** Deployment identities that may sign in. */
  identities: AppIdentity[];
  /** Unkind at the default rate unless told otherwise. */
  kindness?: Kindness;
  outbound?: Outbound;
  /** Loopback address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** 0, a free one, by default. */
  ports?: { graph?: number; metadata?: number };
  /** Where to write the certification authority (PEM) that clients must trust for the metadata document. */
  certificateFile?: string;
  /** How a second POST of a job is answered; "conflict" (409) by default. */
  duplicateJob?: "conflict" | "existing";
  /** Replaces the tenant's own simulated clock. */
  clock?: Clock;
}

/** A simulated Microsoft Entra tenant that listens on loopback. */
export interface EntraTenant {
  readonly tenantId: string;
  /** Microsoft Graph and the sign-in service: `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** For ARM_METADATA_HOSTNAME: `localhost:8443`. */
  readonly metadataHost: string;
  /** PEM; the metadata document is served with a certificate of this authority. */
  readonly certificateAuthority: string;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly clock: Clock;
  /** How unkind the tenant is, and from which seed, in one line. */
  readonly manner: string;
  /** Calls Graph as an administrator in the portal: past permissions, faults, delays and the log. @throws Error when refused */
  asAdministrator(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Changes the directory, as its administrators do. @throws RangeError when somebody is not there */
  change(change: DirectoryChange): void;
  /** People and groups as they are, those in the recycle bin included. */
  directory(): EntraDirectory;
  /** One provisioning cycle of a job, now. @throws RangeError when there is no such job */
  runCycle(jobId: string): Promise<CycleOutcome>;
  /** One cycle of every job, by job id; those that are paused say so. */
  runCycles(): Promise<Record<string, CycleOutcome>>;
  /** Lets everything that is still on its way become visible. */
  settle(): void;
  /** The tenant without ids and times: equal for tenants that were set up alike. */
  dump(): unknown;
  stop(): Promise<void>;
}

/** Reads that travel as POST. */
const LOOKUPS = [/\/oauth2\//, /\/\$batch$/, /\/parseExpression$/, /\/validateCredentials$/, /\/getByIds$/];

/** Starts a tenant; with `file`, the one that was stopped there before. */
export async function startEntraTenant(options: EntraTenantOptions): Promise<EntraTenant> {
  const host = options.host ?? "127.0.0.1";
  if (!isLoopback(`http://${host}`)) {
    throw new RangeError(
      `The sandbox listens on loopback only, not on ${host}: anybody who reaches it administers it.`,
    );
  }
  const state = openTenant(options);
  const graph = graphServer(state);
  administrationRoutes(graph, state);
  try {
    return await listen(options, host, state, graph);
  } catch (error) {
    await graph.close();
    state.store.close();
    throw error;
  }
}

async function listen(
  options: EntraTenantOptions,
  host: string,
  state: TenantState,
  graph: FastifyInstance,
): Promise<EntraTenant> {
  await graph.listen({ host, port: options.ports?.graph ?? 0 });
  state.baseUrl = `http://${host}:${(graph.server.address() as AddressInfo).port}`;

  const certificate = await throwAwayCertificate(["localhost", "127.0.0.1", "::1"]);
  if (options.certificateFile !== undefined) writeFileSync(options.certificateFile, certificate.authority);
  const metadata = metadataServer(certificate, () => state.baseUrl);
  metadata.listen(options.ports?.metadata ?? 0, host);
  await once(metadata, "listening");

  return {
    tenantId: state.tenantId,
    baseUrl: state.baseUrl,
    metadataHost: `localhost:${(metadata.address() as AddressInfo).port}`,
    certificateAuthority: certificate.authority,
    faults: state.faults,
    log: state.log,
    clock: state.clock,
    manner: state.unkind.describe(),
    asAdministrator: async (method, path, body) => {
      const answer = await graph.inject({
        method: method as "GET",
        url: path,
        headers: internalHeader(ADMINISTRATOR_HEADER),
        ...(body === undefined ? {} : { payload: body as object }),
      });
      if (answer.statusCode >= 400)
        throw new Error(`${method} ${path} was refused: ${answer.statusCode} ${answer.payload}`);
      return answer.payload === "" ? undefined : JSON.parse(answer.payload);
    },
    change: (change) => state.store.transaction(() => applyChange(state, change)),
    directory: () => ({ users: state.documents.users.values(), groups: state.documents.groups.values() }),
    runCycle: (jobId) => runCycle(state, jobId),
    runCycles: async () => {
      const outcomes: Record<string, CycleOutcome> = {};
      for (const { id } of state.documents.jobs.values()) outcomes[id] = await runCycle(state, id);
      return outcomes;
    },
    settle: () => state.consistency.settle(),
    dump: () => dumpTenant(state),
    stop: async () => {
      metadata.closeAllConnections();
      metadata.close();
      await graph.close();
      state.store.close();
    },
  };
}

function openTenant(options: EntraTenantOptions): TenantState {
  const seed = options.seed ?? "rollcall";
  const store = new Store(options.file ?? ":memory:");
  const documents = tenantDocuments(store);
  const random = storedRandom(store, seed);
  const unkind = unkindness(options.kindness ?? { seed });
  const tenantId = documents.settings.get("tenantId") ?? random.uuid();
  documents.settings.put("tenantId", tenantId);
  const state: TenantState = {
    tenantId,
    baseUrl: "",
    store,
    documents,
    random,
    clock: options.clock ?? simulatedClock(store),
    unkind,
    consistency: new Consistency(unkind),
    listing: new Listing(unkind),
    faults: new Faults(),
    log: new RequestLog(LOOKUPS),
    outbound: options.outbound ?? ((url) => url),
    identities: new Map(options.identities.map((identity) => [identity.clientId.toLowerCase(), identity])),
    duplicateJob: options.duplicateJob ?? "conflict",
  };
  store.transaction(() => {
    if (options.directory) seedDirectory(state, options.directory, options.directoryGrows);
    seedIdentities(state, options.identities);
    for (const { id } of documents.applications.values()) propagateRoles(state, id);
  });
  return state;
}
