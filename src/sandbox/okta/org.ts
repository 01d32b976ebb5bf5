import type { AddressInfo } from "node:net";
import type { OktaDirectory } from "../../directory/okta.ts";
import { throwAwayCertificate } from "../certificate.ts";
import { Faults } from "../faults.ts";
import type { Outbound } from "../outbound.ts";
import { RequestLog } from "../request-log.ts";
import { type Kindness, unkindness } from "../unkind.ts";
import { AdminConsole } from "./admin.ts";
import { registerSystemApps } from "./apps.ts";
import { Authentication, type ServiceClient } from "./auth.ts";
import { People, readDirectory, seedDirectory } from "./directory.ts";
import { dumpOrg } from "./dump.ts";
import type { OktaOrg } from "./handle.ts";
import { Provisioner } from "./provisioner.ts";
import { type RateLimitOptions, RateLimits } from "./rate-limit.ts";
import { adminRoutes } from "./routes-admin.ts";
import { appRoutes } from "./routes-apps.ts";
import { assignmentRoutes } from "./routes-assignments.ts";
import { connectionRoutes } from "./routes-connections.ts";
import { groupPushRoutes } from "./routes-group-push.ts";
import { groupRoutes } from "./routes-groups.ts";
import { logRoutes } from "./routes-logs.ts";
import { profileRoutes } from "./routes-profile.ts";
import { signOnRoutes } from "./routes-sign-on.ts";
import { userRoutes } from "./routes-users.ts";
import { callAsAdministrator, createServer } from "./server.ts";
import { OrgState } from "./state.ts";

export interface OktaOrgOptions {
  /** SQLite file; ":memory:" by default. */
  file?: string;
  /** TCP port on loopback; any free one by default. */
  port?: number;
  /** `sandbox` by default. */
  orgName?: string;
  /** `okta.com` by default; with the name the audience of a client's assertion. */
  baseDomain?: string;
  /** Ids come from it. */
  seed?: string;
  /** Who is there when the file is new. */
  directory?: OktaDirectory;
  /** Adds people and groups of `directory` that a tenant kept from earlier lacks. */
  directoryGrows?: boolean;
  /** Accepted after `Authorization: SSWS`. */
  apiTokens?: readonly string[];
  /** Accepted at the token endpoint with a signed assertion. */
  clients?: readonly ServiceClient[];
  /** Turns the SCIM base URLs that a person typed into addresses on this machine; as they are by default. */
  outbound?: Outbound;
  kindness?: Kindness;
  rateLimits?: RateLimitOptions;
  /** `PUT /apps/{id}` forgets the SCIM settings; off by default. */
  wipeScimOnPut?: boolean;
}

/** Starts an org. What it keeps in its file is there again at the next start. */
export async function startOktaOrg(options: OktaOrgOptions = {}): Promise<OktaOrg> {
  const { file = ":memory:", port = 0, orgName = "sandbox", baseDomain = "okta.com" } = options;
  const unkind = unkindness(options.kindness ?? {});
  const { seed = "okta", wipeScimOnPut = false } = options;
  const state = new OrgState({ file, seed, orgName, wipeScimOnPut, unkind });
  const { directory = { users: [], groups: [] }, directoryGrows = false } = options;
  state.store.transaction(() => {
    const isNew = !state.settings.has("everyone");
    if (isNew) firstStart(state);
    if (isNew || directoryGrows) seedDirectory(state, directory);
  });

  const faults = new Faults();
  const log = new RequestLog([/^\/oauth2\//]);
  const { apiTokens = [], clients = [] } = options;
  const authentication = new Authentication(state, { baseDomain, apiTokens, clients });
  const provisioner = new Provisioner(state, options.outbound ?? ((url) => url));
  const limits = new RateLimits(options.rateLimits ?? {});
  const server = createServer({ state, authentication, limits, faults, log });

  const org: OktaOrg = {
    get url() {
      return state.url;
    },
    orgName,
    baseDomain,
    admin: new AdminConsole(state, provisioner),
    people: new People(state),
    faults,
    log,
    clock: state.clock,
    manner: unkind.describe(),
    asAdministrator: (method, path, body) => callAsAdministrator(server, method, path, body),
    directory: () => readDirectory(state),
    settle: () => provisioner.settle(),
    dump: () => dumpOrg(state),
    stop: async () => {
      server.server.closeAllConnections();
      await server.close();
      state.store.close();
    },
  };

  appRoutes(server, state);
  assignmentRoutes(server, state);
  groupPushRoutes(server, state);
  connectionRoutes(server, state);
  groupRoutes(server, state);
  userRoutes(server, state);
  profileRoutes(server, state);
  logRoutes(server, state);
  signOnRoutes(server, state, await signingCertificate());
  adminRoutes(server, state, org);

  await server.listen({ host: "127.0.0.1", port });
  state.url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return org;
}

function firstStart(state: OrgState): void {
  const now = state.now();
  const id = state.ownId("everyone", "00g");
  state.groups.put(id, {
    id,
    type: "BUILT_IN",
    profile: { name: "Everyone", description: "All users in your organization" },
    members: [],
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
  });
  registerSystemApps(state);
}

/** Base64 DER, for SAML metadata; a new one at each start. */
async function signingCertificate(): Promise<string> {
  const { certificate } = await throwAwayCertificate(["okta.sandbox.example"]);
  return certificate.replace(/-----[A-Z ]+-----|\s/g, "");
}
