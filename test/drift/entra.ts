import type { World } from "../engines/world.ts";
import type { Exempt, Guard } from "./guard.ts";

type Json = Record<string, unknown>;

const APPLICATION = "DataHub SCIM";
const GRAPH = "/v1.0";
const ROLES = "azuread:ApplicationAppRole";
const ASSIGNMENTS = "rollcall:entra:AppRoleAssignments";
const JOB = "rollcall:entra:ProvisioningJob";

async function call<T = Json>(world: World, method: string, path: string, body?: unknown): Promise<T> {
  return (await world.sandbox.entra.asAdministrator(method, `${GRAPH}${path}`, body)) as T;
}

async function only(world: World, collection: string): Promise<Json & { id: string }> {
  const { value } = await call<{ value: (Json & { id: string })[] }>(
    world,
    "GET",
    `${collection}?$filter=${encodeURIComponent(`displayName eq '${APPLICATION}'`)}`,
  );
  const [found] = value;
  if (!found) throw new Error(`there is no ${APPLICATION} among ${collection}`);
  return found;
}

async function changeRole(world: World, value: string, change: Json): Promise<void> {
  const { id } = await only(world, "/applications");
  const { appRoles } = await call<{ appRoles: Json[] }>(world, "GET", `/applications/${id}`);
  const set = (roles: Json[]) => call(world, "PATCH", `/applications/${id}`, { appRoles: roles });
  const changed = (extra: Json) =>
    appRoles.map((role) => (role.value === value ? { ...role, ...extra } : role));
  await set(changed({ isEnabled: false }));
  await set(changed(change));
}

async function removeAssignment(world: World, principal: string): Promise<void> {
  const path = `/servicePrincipals/${(await only(world, "/servicePrincipals")).id}/appRoleAssignedTo`;
  const { value } = await call<{ value: { id: string; principalDisplayName: string }[] }>(world, "GET", path);
  const found = value.find(({ principalDisplayName }) => principalDisplayName === principal);
  if (!found) throw new Error(`${principal} is not assigned`);
  await call(world, "DELETE", `${path}/${found.id}`);
}

async function addAssignment(world: World, user: string): Promise<void> {
  const principal = await only(world, "/servicePrincipals");
  const role = (principal.appRoles as Json[]).find(({ value }) => value === "Admin");
  const { id } = await call<{ id: string }>(world, "GET", `/users/${user}`);
  await call(world, "POST", `/servicePrincipals/${principal.id}/appRoleAssignedTo`, {
    principalId: id,
    resourceId: principal.id,
    appRoleId: role?.id,
  });
}

async function setSecrets(world: World, change: Record<string, string>): Promise<void> {
  const path = `/servicePrincipals/${(await only(world, "/servicePrincipals")).id}/synchronization/secrets`;
  const { value } = await call<{ value: { key: string; value: string }[] }>(world, "GET", path);
  // A write replaces the whole list, and what was read of the token is a mask.
  const token =
    world.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN ?? world.sandbox.env.ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN;
  const now: Record<string, string> = {
    ...Object.fromEntries(value.map((secret) => [secret.key, secret.value])),
    ...(token && { SecretToken: token }),
    ...change,
  };
  await call(world, "PUT", path, {
    value: Object.entries(now).map(([key, text]) => ({ key, value: text })),
  });
}

async function changeNotifications(world: World, change: Json): Promise<void> {
  const path = `/servicePrincipals/${(await only(world, "/servicePrincipals")).id}/synchronization/secrets`;
  const { value } = await call<{ value: { key: string; value: string }[] }>(world, "GET", path);
  const text = value.find(({ key }) => key === "SyncNotificationSettings")?.value ?? "{}";
  await setSecrets(world, { SyncNotificationSettings: JSON.stringify({ ...JSON.parse(text), ...change }) });
}

async function jobPath(world: World): Promise<string> {
  const { id } = await only(world, "/servicePrincipals");
  const jobs = `/servicePrincipals/${id}/synchronization/jobs`;
  const { value } = await call<{ value: { id: string }[] }>(world, "GET", jobs);
  return `${jobs}/${value[0]?.id}`;
}

interface Mapping extends Json {
  targetObjectName: string;
  attributeMappings: (Json & { targetAttributeName: string })[];
}

interface Schema extends Json {
  synchronizationRules: { objectMappings: Mapping[] }[];
  directories: { name: string; objects: { name: string; attributes: Json[] }[] }[];
}

/** Changes the mappings of one kind of object, as the portal's page does: the whole schema is written back. */
async function changeMapping(
  world: World,
  object: "User" | "Group",
  change: (mapping: Mapping) => void,
): Promise<void> {
  const path = `${await jobPath(world)}/schema`;
  const schema = await call<Schema>(world, "GET", path);
  const mappings = schema.synchronizationRules.flatMap(({ objectMappings }) => objectMappings);
  const found = mappings.find(({ targetObjectName }) => targetObjectName.endsWith(object));
  if (!found) throw new Error(`there is no mapping of ${object}`);
  change(found);
  await call(world, "PUT", path, schema);
}

const attribute = (mapping: Mapping, target: string) => {
  const found = mapping.attributeMappings.find(({ targetAttributeName }) => targetAttributeName === target);
  if (!found) throw new Error(`nothing is mapped to ${target}`);
  return found;
};

const PATCH_APPLICATION = "PATCH /v1.0/applications/";
const POST_ASSIGNMENT = "POST /v1.0/servicePrincipals/*/appRoleAssignedTo";
const DELETE_ASSIGNMENT = "DELETE /v1.0/servicePrincipals/*/appRoleAssignedTo/";
const PUT_SECRETS = "PUT /v1.0/servicePrincipals/*/synchronization/secrets";
const PUT_SCHEMA = "PUT /v1.0/servicePrincipals/*/synchronization/jobs/*/schema";
const POST_JOB = "POST /v1.0/servicePrincipals/*/synchronization/jobs/*/";
const ROLE_VALUE = 'roles[primary eq "True"].value';

export const entraGuards: readonly Guard[] = [
  {
    property: "azuread:ApplicationFromTemplate displayName",
    by: "the application is renamed",
    tamper: async (world) => {
      const { id } = await only(world, "/applications");
      await call(world, "PATCH", `/applications/${id}`, { displayName: "Renamed by hand" });
    },
    shows: { name: "datahub-application", path: "displayName" },
    repair: [PATCH_APPLICATION],
    alone: true,
  },
  ...(
    [
      ["displayName", { displayName: "Boss" }],
      ["description", { description: "Changed by hand." }],
      ["allowedMemberTypes", { allowedMemberTypes: ["User", "Application"] }],
      ["value", { value: "Boss" }],
    ] as const
  ).map(
    ([property, change], index): Guard => ({
      property: `${ROLES} ${property}`,
      by: `a role's ${property} is changed`,
      // Each on a role of its own where there are enough.
      tamper: (world) => changeRole(world, ["Admin", "Editor", "Reader", "Editor"][index] ?? "", change),
      shows: {
        name: `datahub-role-${["admin", "editor", "reader", "editor"][index]}`,
        path: property,
      },
      // An enabled role cannot be changed: azuread disables it, and writes it back.
      repair: [PATCH_APPLICATION, PATCH_APPLICATION],
      ...(property === "value" && { alone: true as const }),
    }),
  ),
  {
    property: `${ASSIGNMENTS} assignments`,
    by: "an assignment is removed",
    tamper: (world) => removeAssignment(world, "data-platform"),
    shows: { name: "datahub-assignments", path: 'assignments["group:data-platform Editor"]' },
    repair: [POST_ASSIGNMENT],
  },
  {
    property: `${ASSIGNMENTS} assignments`,
    by: "somebody is given a role",
    tamper: (world) => addAssignment(world, "carol@sandbox.example"),
    shows: { name: "datahub-assignments", path: 'assignments["user:carol@sandbox.example Admin"]' },
    repair: [DELETE_ASSIGNMENT],
  },
  {
    property: `${JOB} baseAddress`,
    by: "the Tenant URL is changed",
    tamper: (world) => setSecrets(world, { BaseAddress: "https://elsewhere.example/scim/v2" }),
    shows: { name: "datahub-provisioning", path: "baseAddress" },
    // Paused while it points elsewhere. Its first cycle may be on its way, so that ids of elsewhere are forgotten.
    repair: [`${POST_JOB}pause`, PUT_SECRETS, `${POST_JOB}restart`],
    alone: true,
  },
  {
    property: `${JOB} secretToken`,
    by: "the Secret Token is replaced by one that does not work",
    tamper: (world) => setSecrets(world, { SecretToken: "not-the-token" }),
    shows: { name: "datahub-provisioning", path: "secretToken" },
    repair: [PUT_SECRETS],
    alone: true,
  },
  {
    property: `${JOB} scope`,
    by: "the scope is set to all users and groups",
    tamper: (world) => setSecrets(world, { SyncAll: "true" }),
    shows: { name: "datahub-provisioning", path: "scope" },
    repair: [PUT_SECRETS, `${POST_JOB}restart`],
    alone: true,
  },
  {
    property: `${JOB} notifications.recipient`,
    by: "failure notices go to somebody else",
    tamper: (world) => changeNotifications(world, { Enabled: true, Recipients: "somebody@sandbox.example" }),
    shows: { name: "datahub-provisioning", path: "notifications.recipient" },
    repair: [PUT_SECRETS],
  },
  {
    property: `${JOB} notifications.deleteThreshold`,
    by: "the guard against accidental deletions is switched off",
    tamper: (world) => changeNotifications(world, { DeleteThresholdEnabled: false }),
    shows: { name: "datahub-provisioning", path: "notifications.deleteThreshold" },
    repair: [PUT_SECRETS],
  },
  {
    property: `${JOB} status`,
    by: "the job is paused",
    tamper: async (world) => void (await call(world, "POST", `${await jobPath(world)}/pause`)),
    shows: { name: "datahub-provisioning", path: "status" },
    repair: [`${POST_JOB}start`],
  },
  {
    property: `${JOB} mappings.user`,
    by: "the role mapping is changed",
    tamper: (world) =>
      changeMapping(world, "User", (mapping) => {
        attribute(mapping, ROLE_VALUE).flowType = "ObjectAddOnly";
      }),
    shows: {
      name: "datahub-provisioning",
      path: `mappings.user["${ROLE_VALUE.replaceAll('"', '\\"')}"].apply`,
    },
    repair: [PUT_SCHEMA],
  },
  {
    property: `${JOB} mappings.user`,
    by: "a mapping of the template is deleted",
    tamper: (world) =>
      changeMapping(world, "User", (mapping) => {
        mapping.attributeMappings = mapping.attributeMappings.filter(
          ({ targetAttributeName }) => targetAttributeName !== "title",
        );
      }),
    shows: { name: "datahub-provisioning", path: "mappings.user.title" },
    repair: [PUT_SCHEMA],
  },
  {
    property: `${JOB} mappings.group`,
    by: "a group mapping is changed",
    tamper: (world) =>
      changeMapping(world, "Group", (mapping) => {
        attribute(mapping, "displayName").flowType = "ObjectAddOnly";
      }),
    shows: { name: "datahub-provisioning", path: "mappings.group.displayName" },
    repair: [PUT_SCHEMA],
  },
  {
    property: `${JOB} mappings.objects`,
    by: "provisioning of groups is switched off",
    tamper: (world) =>
      changeMapping(world, "Group", (mapping) => {
        mapping.enabled = false;
      }),
    shows: { name: "datahub-provisioning", path: "mappings.objects" },
    repair: [PUT_SCHEMA],
  },
  {
    property: `${JOB} jobId`,
    by: "the job is deleted",
    tamper: async (world) => void (await call(world, "DELETE", await jobPath(world))),
    shows: { name: "datahub-provisioning" },
    repair: [
      PUT_SECRETS,
      "POST /v1.0/servicePrincipals/*/synchronization/jobs",
      PUT_SCHEMA,
      `${POST_JOB}start`,
    ],
    alone: true,
  },
];

const IN_THE_SPEC_ONLY = "a rule of the spec that the tenant knows nothing of";
const IDENTITY = "names the object itself: Graph cannot change it, and another one is another object";

export const entraExempt: readonly Exempt[] = [
  { property: "azuread:ApplicationFromTemplate templateId", reason: IDENTITY },
  { property: `${ROLES} applicationId`, reason: IDENTITY },
  { property: `${ROLES} roleId`, reason: IDENTITY },
  { property: `${ASSIGNMENTS} servicePrincipalId`, reason: IDENTITY },
  { property: `${ASSIGNMENTS} roles`, reason: "the ids of the roles above, which have rows of their own" },
  ...["application", "exclusive", "maxRemovals", "pinned"].map((property) => ({
    property: `${ASSIGNMENTS} ${property}`,
    reason: IN_THE_SPEC_ONLY,
  })),
  ...["servicePrincipalId", "templateId"].map((property) => ({
    property: `${JOB} ${property}`,
    reason: IDENTITY,
  })),
  ...["application", "maxRemovals", "onDelete", "mappings.base"].map((property) => ({
    property: `${JOB} ${property}`,
    reason: IN_THE_SPEC_ONLY,
  })),
  {
    property: `${JOB} mappings.targetAttributes`,
    reason:
      "Graph refuses to remove an attribute that is mapped to, and what is not mapped to carries nothing",
  },
];
