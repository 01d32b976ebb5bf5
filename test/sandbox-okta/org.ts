import { afterEach } from "vitest";
import type { OktaDirectory, OktaUserStatus } from "../../src/directory/okta.ts";
import type { ScimForm } from "../../src/sandbox/okta/index.ts";
import { type OktaOrg, type OktaOrgOptions, startOktaOrg } from "../../src/sandbox/okta/index.ts";

export const API_TOKEN = "00api-token-of-the-tests";

/** What a test closes when it is over. */
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

export function closeAfterTest(close: () => Promise<unknown>): void {
  open.push(close);
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of an answer
  body: any;
}

export interface TestOrg extends OktaOrg {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A kind org, unless told otherwise, that is stopped after the test. */
export async function testOrg(options: OktaOrgOptions = {}): Promise<TestOrg> {
  const org = await startOktaOrg({
    apiTokens: [API_TOKEN],
    kindness: { kind: true },
    directory: PEOPLE,
    ...options,
  });
  closeAfterTest(() => org.stop());
  return Object.assign(org, { call: caller(org.url) });
}

export function caller(url: string): TestOrg["call"] {
  return async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `SSWS ${API_TOKEN}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: response.headers,
      body: text && json ? JSON.parse(text) : text,
    };
  };
}

function person(id: string, firstName: string, lastName: string, status: OktaUserStatus = "ACTIVE") {
  const login = `${firstName.toLowerCase()}@acme.com`;
  return {
    id,
    status,
    profile: { login, email: login, firstName, lastName, displayName: `${firstName} ${lastName}` },
  };
}

function group(id: string, name: string, members: string[]) {
  return { id, type: "OKTA_GROUP" as const, profile: { name, description: null }, members };
}

/** The people of DataHub's guide, and two who are not ACTIVE. */
export const PEOPLE: OktaDirectory = {
  users: [
    person("00ujohn", "John", "Doe"),
    person("00usid", "Sid", "Vicious"),
    person("00uada", "Ada", "Lovelace"),
    person("00usue", "Sue", "Spended", "SUSPENDED"),
    person("00usta", "Stan", "Staged", "STAGED"),
  ],
  groups: [
    group("00ggov", "governance-team", ["00ujohn", "00usid"]),
    group("00gall", "datahub-users", ["00ujohn", "00usid", "00uada", "00usue", "00usta"]),
    group("00gom1", "OM_stewards", ["00uada"]),
    group("00gom2", "OM_empty", []),
  ],
};

/** The request of @pulumi/okta for `okta.app.AutoLogin`, as recorded. */
export function autoLoginBody(label: string) {
  return {
    accessibility: { selfService: false },
    credentials: {
      userNameTemplate: { template: `\${source.login}`, type: "BUILT_IN" },
      password: { value: "never-shown" },
      revealPassword: false,
      scheme: "EDIT_USERNAME_AND_PASSWORD",
      userName: "",
    },
    label,
    settings: { app: {}, notes: { admin: null, enduser: null }, signOn: { loginUrl: "https://localhost" } },
    signOnMode: "AUTO_LOGIN",
    visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
  };
}

/** @returns the id of a new wizard application. */
export async function createApp(org: TestOrg, label = "DataHub-SCIM-SWA"): Promise<string> {
  const { status, body } = await org.call("POST", "/api/v1/apps?activate=true", autoLoginBody(label));
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.id;
}

export const ALL_ACTIONS = {
  createUsers: true,
  updateUsers: true,
  deactivateUsers: true,
  syncPassword: false,
  pushGroups: true,
};

/** The guide's settings; the base URL is one that only an org's outbound routes know. */
export const SCIM_URL = "https://datahub.sandbox.example/scim/v2";
export const SCIM_TOKEN = "scim-token-of-the-tests";

export function scimForm(change: Partial<ScimForm> = {}): ScimForm {
  return {
    baseUrl: SCIM_URL,
    authentication: { mode: "bearer", token: SCIM_TOKEN },
    actions: ALL_ACTIONS,
    ...change,
  };
}
