import { type EntraDirectory, type EntraUser, UNSET_USER } from "../../../src/directory/entra.ts";
import { DEPLOYMENT_PERMISSIONS } from "../../../src/sandbox/entra/app-identity.ts";
import type { Permission } from "../../../src/sandbox/entra/permissions.ts";
import {
  type EntraTenant,
  type EntraTenantOptions,
  startEntraTenant,
} from "../../../src/sandbox/entra/tenant.ts";

export const CLIENT_ID = "11111111-1111-4111-8111-111111111111";
export const CLIENT_SECRET = "secret-of-the-deployment-identity";
export const CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

export const ADA = "a0000000-0000-4000-8000-000000000001";
export const JOHN = "a0000000-0000-4000-8000-000000000002";
export const SID = "a0000000-0000-4000-8000-000000000003";
export const GOVERNANCE = "b0000000-0000-4000-8000-000000000001";
export const EDITORS = "b0000000-0000-4000-8000-000000000002";

export interface GraphAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is checked by each test
  body: any;
}

export type Graph = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<GraphAnswer>;

/** A tenant of three people and two groups, kind unless told otherwise, and a signed-in deployment identity. */
export async function start(
  options: Partial<EntraTenantOptions> & { permissions?: Permission[] } = {},
): Promise<{ tenant: EntraTenant; graph: Graph }> {
  const { permissions, ...rest } = options;
  const tenant = await startEntraTenant({
    seed: "test",
    kindness: { kind: true },
    directory: directory(),
    identities: [
      {
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        displayName: "deployment",
        permissions: permissions ?? DEPLOYMENT_PERMISSIONS,
      },
    ],
    ...rest,
  });
  return { tenant, graph: await signedIn(tenant) };
}

export async function signIn(tenant: EntraTenant, form: Record<string, string> = {}): Promise<GraphAnswer> {
  const response = await fetch(`${tenant.baseUrl}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: "client_credentials",
      scope: `${tenant.baseUrl}/.default`,
      ...form,
    }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

export async function signedIn(tenant: EntraTenant): Promise<Graph> {
  const { body } = await signIn(tenant);
  return callerWith(tenant, body.access_token);
}

/** Calls `/v1.0` unless the path names a version or is absolute. */
export function callerWith(tenant: EntraTenant, token: string | undefined): Graph {
  return async (method, path, body, headers = {}) => {
    const url = path.startsWith("http")
      ? path
      : `${tenant.baseUrl}${/^\/(beta|v1\.0)\//.test(path) ? "" : "/v1.0"}${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  };
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

export interface Application {
  id: string;
  appId: string;
  servicePrincipalId: string;
}

/** Instantiates the template and waits until the application can be seen. */
export async function makeApplication(
  tenant: EntraTenant,
  graph: Graph,
  displayName = "DataHub",
): Promise<Application> {
  const { body } = await graph("POST", `/applicationTemplates/${CUSTOM_TEMPLATE}/instantiate`, {
    displayName,
  });
  tenant.settle();
  return {
    id: body.application.id,
    appId: body.application.appId,
    servicePrincipalId: body.servicePrincipal.id,
  };
}

export const READER = "c0000000-0000-4000-8000-000000000001";
export const EDITOR = "c0000000-0000-4000-8000-000000000002";

export function role(id: string, value: string, allowedMemberTypes = ["User"]): Record<string, unknown> {
  return { id, value, displayName: value, description: value, isEnabled: true, allowedMemberTypes };
}

/** Adds roles to those that an application has, and waits until its service principal has them. */
export async function addRoles(
  tenant: EntraTenant,
  graph: Graph,
  application: Application,
  ...roles: unknown[]
): Promise<void> {
  const { body } = await graph("GET", `/applications/${application.id}`);
  await graph("PATCH", `/applications/${application.id}`, { appRoles: [...body.appRoles, ...roles] });
  tenant.settle();
}

export async function makeJob(graph: Graph, application: Application): Promise<{ id: string; path: string }> {
  const jobs = `/servicePrincipals/${application.servicePrincipalId}/synchronization/jobs`;
  const { body } = await graph("POST", jobs, { templateId: "scim" });
  return { id: body.id, path: `${jobs}/${body.id}` };
}

export async function putSecrets(
  graph: Graph,
  application: Application,
  secrets: Record<string, string>,
): Promise<GraphAnswer> {
  const value = Object.entries(secrets).map(([key, text]) => ({ key, value: text }));
  return graph("PUT", `/servicePrincipals/${application.servicePrincipalId}/synchronization/secrets`, {
    value,
  });
}

export async function assign(
  graph: Graph,
  { servicePrincipalId }: Application,
  principalId: string,
  appRoleId: string,
): Promise<GraphAnswer> {
  return graph("POST", `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo`, {
    principalId,
    appRoleId,
    resourceId: servicePrincipalId,
  });
}

export function directory(): EntraDirectory {
  return {
    users: [user(ADA, "ada"), user(JOHN, "john"), user(SID, "sid")],
    groups: [group(GOVERNANCE, "governance-team", [JOHN, SID]), group(EDITORS, "editors", [ADA])],
  };
}

export function user(id: string, name: string): EntraUser {
  return {
    ...UNSET_USER,
    id,
    userPrincipalName: `${name}@acme.example`,
    displayName: name.charAt(0).toUpperCase() + name.slice(1),
    mail: `${name}@acme.example`,
    mailNickname: name,
    givenName: name,
    surname: "Acme",
  };
}

export function group(id: string, displayName: string, members: string[]) {
  return {
    id,
    displayName,
    description: null,
    mailNickname: displayName,
    mailEnabled: false,
    securityEnabled: true,
    members,
    deletedDateTime: null,
  };
}
