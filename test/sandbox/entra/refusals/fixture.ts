import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import type { Permission } from "../../../../src/sandbox/entra/permissions.ts";
import type { EntraTenant } from "../../../../src/sandbox/entra/tenant.ts";
import {
  type Application,
  addRoles,
  CLIENT_ID,
  CLIENT_SECRET,
  callerWith,
  directory,
  type Graph,
  type GraphAnswer,
  group,
  makeApplication,
  makeJob,
  READER,
  role,
  signedIn,
  signIn,
  start,
} from "../harness.ts";
import { startScimStub } from "../scim-stub.ts";

/** A call that must be refused. */
export type Refusal = () => Promise<GraphAnswer>;

export const UNKNOWN = "99999999-9999-4999-8999-999999999999";
export const ISSUER = "https://token.actions.example";
export const SUBJECT = "repo:acme/rollcall:environment:prod";
/** May write assignments and nothing else. */
export const POOR = "22222222-2222-4222-8222-222222222222";
/** May write what it owns; owns nothing. */
export const OWNER = "33333333-3333-4333-8333-333333333333";
export const NOT_SECURITY_ENABLED = "44444444-4444-4444-8444-444444444444";
export const ROBOT = "c0000000-0000-4000-8000-000000000009";
export const RETIRED = "c0000000-0000-4000-8000-000000000008";

export const issuerKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });

export let tenant: EntraTenant;
export let graph: Graph;
export let application: Application;
export let job: { id: string; path: string };
export let stub: Awaited<ReturnType<typeof startScimStub>>;

const EVERYTHING: Permission[] = [
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "Group.ReadWrite.All",
  "Synchronization.ReadWrite.All",
  "User.ReadWrite.All",
];

/** One tenant with an application, roles and a job, for all refusals. */
export async function setUp(): Promise<void> {
  stub = await startScimStub();
  const { users, groups } = directory();
  const key = issuerKeys.publicKey.export({ format: "jwk" }) as JsonWebKey;
  const identity = (clientId: string, permissions: Permission[]) => ({
    clientId,
    clientSecret: CLIENT_SECRET,
    displayName: clientId,
    permissions,
  });
  ({ tenant } = await start({
    directory: {
      users,
      groups: [...groups, { ...group(NOT_SECURITY_ENABLED, "newsletter", []), securityEnabled: false }],
    },
    identities: [
      {
        ...identity(CLIENT_ID, EVERYTHING),
        federatedCredentials: [{ issuer: ISSUER, subject: SUBJECT, keys: [key] }],
      },
      identity(POOR, ["AppRoleAssignment.ReadWrite.All"]),
      identity(OWNER, ["Application.ReadWrite.OwnedBy"]),
    ],
  }));
  graph = await signedIn(tenant);
  application = await makeApplication(tenant, graph);
  const retired = { ...role(RETIRED, "Retired"), isEnabled: false };
  await addRoles(
    tenant,
    graph,
    application,
    role(READER, "Reader"),
    role(ROBOT, "Robot", ["Application"]),
    retired,
  );
  job = await makeJob(graph, application);
}

export async function tearDown(): Promise<void> {
  await tenant.stop();
  await stub.stop();
}

/** Calls as another identity. */
export async function as(clientId: string): Promise<Graph> {
  const { body } = await signIn(tenant, { client_id: clientId });
  return callerWith(tenant, body.access_token);
}

export const servicePrincipal = (): string => `/servicePrincipals/${application.servicePrincipalId}`;

export const reference = (id: string): Record<string, string> => ({
  "@odata.id": `${tenant.baseUrl}/v1.0/directoryObjects/${id}`,
});
