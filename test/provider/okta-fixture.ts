import type { OktaDirectory, OktaUser, OktaUserStatus } from "../../src/directory/okta.ts";
import { type OktaOrg, type OktaOrgOptions, startOktaOrg } from "../../src/sandbox/okta/index.ts";
import { type ScimEndpoint, scimEndpoint } from "./scim-endpoint.ts";

const API_TOKEN = "ssws-token-of-the-org";
const SCIM_TOKEN = "scim-token-of-okta";

export interface OktaFixture {
  org: OktaOrg;
  /** A hidden application as rollcall makes it, without SCIM yet. */
  appId: string;
  env: Record<string, string>;
  ids: Record<string, string>;
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The person in the console: enables SCIM with these switches, all but the password's by default. */
  enableScim(actions?: Record<string, boolean>): Promise<void>;
  /** Requests that write, since the last call of this: method, and path behind the application. */
  writes(): string[];
  /** Requests of any kind since {@link writes} was last called. */
  requests(): number;
  stop(): Promise<void>;
}

export async function oktaFixture(options: Partial<OktaOrgOptions> = {}): Promise<OktaFixture> {
  const endpoint: ScimEndpoint = await scimEndpoint(SCIM_TOKEN);
  const org = await startOktaOrg({
    orgName: "acme",
    seed: "test",
    kindness: { kind: true },
    apiTokens: [API_TOKEN],
    directory: directory(),
    outbound: () => endpoint.url,
    ...options,
  });
  const api = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${org.url}/api/v1${path}`, {
      method,
      headers: { authorization: `SSWS ${API_TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const app = (await api("POST", "/apps?activate=true", {
    label: "DataHub-SCIM-SWA",
    signOnMode: "AUTO_LOGIN",
    settings: { app: {}, signOn: { loginUrl: "https://localhost" } },
    credentials: {
      scheme: "EDIT_USERNAME_AND_PASSWORD",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
      userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
    },
    visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
  })) as { id: string };
  org.log.clear();
  return {
    org,
    appId: app.id,
    env: { OKTA_ORG_NAME: "acme", OKTA_API_TOKEN: API_TOKEN, OKTA_HTTP_PROXY: org.url },
    ids: Object.fromEntries([
      ...org.directory().users.map(({ id, profile }) => [profile.login, id]),
      ...org.directory().groups.map(({ id, profile }) => [profile.name, id]),
    ]),
    api,
    enableScim: (
      actions = { createUsers: true, updateUsers: true, deactivateUsers: true, pushGroups: true },
    ) =>
      org.admin.enableScim(app.id, {
        baseUrl: "https://acme.acryl.io/scim/v2",
        authentication: { mode: "bearer", token: SCIM_TOKEN },
        actions,
      }),
    writes: () => {
      const writes = org.log
        .writes()
        .map(({ method, path }) => `${method} ${path.replace(/^\/api\/v1\/apps\/[^/]+\//, "")}`);
      org.log.clear();
      return writes;
    },
    requests: () => org.log.list().length,
    stop: async () => {
      await org.stop();
      await endpoint.stop();
    },
  };
}

function directory(): OktaDirectory {
  const users = [user("ada"), user("john"), user("sid"), user("zoe", "SUSPENDED")];
  return {
    users,
    groups: [
      group("datahub-users", ["john", "sid"]),
      group("governance-team", ["john", "sid"]),
      group("OM_stewards", ["ada"]),
      group("OM_owners", []),
      group("om_small", []),
    ],
  };
}

const userId = (name: string) => `00u${name.padEnd(17, "0")}`;

function user(name: string, status: OktaUserStatus = "ACTIVE"): OktaUser {
  const login = `${name}@acme.com`;
  return {
    id: userId(name),
    status,
    profile: { login, email: login, firstName: name, lastName: "Acme", displayName: null },
  };
}

function group(name: string, members: string[]) {
  return {
    id: `00g${name.replaceAll(/\W|_/g, "").padEnd(17, "0")}`,
    type: "OKTA_GROUP" as const,
    profile: { name, description: null },
    members: members.map(userId),
  };
}
