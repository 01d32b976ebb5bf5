import { oktaAppId, switchScimOn } from "../engines/confirm-scim.ts";
import type { World } from "../engines/world.ts";
import type { Exempt, Guard, Reported } from "./guard.ts";

type Json = Record<string, unknown>;

const DATAHUB = "DataHub-SCIM-SWA";
const COLLATE = "Collate";
const ASSIGNMENTS = "rollcall:okta:AppAssignments";
const PUSHES = "rollcall:okta:GroupPushes";
const SCIM = "rollcall:okta:ScimSettings";
const MAPPING = "okta:profile:Mapping";

async function call<T>(world: World, method: string, path: string, body?: unknown): Promise<T> {
  return (await world.sandbox.okta.asAdministrator(method, `/api/v1${path}`, body)) as T;
}

async function groupId(world: World, name: string): Promise<string> {
  const search = encodeURIComponent(`type eq "OKTA_GROUP" and profile.name eq "${name}"`);
  const [found] = await call<{ id: string }[]>(world, "GET", `/groups?search=${search}`);
  if (!found) throw new Error(`there is no group ${name}`);
  return found.id;
}

async function userId(world: World, login: string): Promise<string> {
  return (await call<{ id: string }>(world, "GET", `/users/${login}`)).id;
}

async function pushOf(world: World, label: string, group: string): Promise<string> {
  const path = `/apps/${await oktaAppId(world.sandbox, label)}/group-push/mappings`;
  const source = await groupId(world, group);
  const pushes = await call<{ id: string; sourceGroupId: string }[]>(world, "GET", path);
  const found = pushes.find(({ sourceGroupId }) => sourceGroupId === source);
  if (!found) throw new Error(`${group} is not pushed`);
  return `${path}/${found.id}`;
}

export const oktaGuards: readonly Guard[] = [
  {
    property: `${ASSIGNMENTS} assignments`,
    by: "an assigned group is taken out",
    tamper: async (world) =>
      void (await call(
        world,
        "DELETE",
        `/apps/${await oktaAppId(world.sandbox, DATAHUB)}/groups/${await groupId(world, "datahub-users")}`,
      )),
    shows: { name: "datahub-okta-assignments", path: 'assignments["group:datahub-users"]' },
    repair: ["PUT /api/v1/apps/*/groups/"],
  },
  {
    property: `${ASSIGNMENTS} assignments`,
    by: "a person is assigned",
    tamper: async (world) =>
      void (await call(world, "POST", `/apps/${await oktaAppId(world.sandbox, DATAHUB)}/users`, {
        id: await userId(world, "ada@sandbox.example"),
        scope: "USER",
      })),
    shows: { name: "datahub-okta-assignments", path: 'assignments["user:ada@sandbox.example"]' },
    repair: ["DELETE /api/v1/apps/*/users/"],
  },
  {
    property: `${PUSHES} pushes`,
    by: "a push is removed",
    tamper: async (world) => {
      const push = await pushOf(world, COLLATE, "OM_owners");
      // Okta deletes only what is inactive.
      await call(world, "PATCH", push, { status: "INACTIVE" });
      await call(world, "DELETE", `${push}?deleteTargetGroup=false`);
    },
    shows: { name: "collate-okta-pushes", path: "pushes" },
    repair: ["POST /api/v1/apps/*/group-push/mappings"],
  },
  {
    property: `${PUSHES} pushes`,
    by: "a push is set inactive",
    tamper: async (world) =>
      void (await call(world, "PATCH", await pushOf(world, DATAHUB, "governance-team"), {
        status: "INACTIVE",
      })),
    shows: { name: "datahub-okta-pushes", path: "pushes" },
    repair: ["PATCH /api/v1/apps/*/group-push/mappings/"],
  },
  {
    property: `${MAPPING} mappings`,
    by: "a profile mapping is changed",
    tamper: async (world) => {
      const target = await oktaAppId(world.sandbox, COLLATE);
      const [found] = await call<Json[]>(world, "GET", `/mappings?targetId=${target}`);
      await call(world, "POST", `/mappings/${found?.id}`, {
        properties: { givenName: { expression: "user.nickName", pushStatus: "PUSH" } },
      });
    },
    shows: { name: "collate-okta-profile", path: "mappings" },
    repair: ["POST /api/v1/mappings/"],
  },
];

const IN_THE_SPEC_ONLY = "a rule of the spec that the tenant knows nothing of";
const IDENTITY = "names the object itself: Okta cannot change it, and another one is another object";
const NOT_WRITTEN =
  "once SCIM is on, nothing writes to the application, since that may wipe its SCIM settings; label, visibility, user name template, single sign-on URL and audience are watched all the same (ScimSettings), the rest is not";

/** The carrier's own properties, by type. */
const CARRIER: Record<string, readonly string[]> = {
  "okta:app:AutoLogin": [
    ...["autoSubmitToolbar", "credentialsScheme", "hideIos", "hideWeb", "label", "signOnUrl"],
    ...["userNameTemplate", "userNameTemplateType"],
  ],
  "okta:app:Saml": [
    ...[
      "assertionSigned",
      "audience",
      "authnContextClassRef",
      "destination",
      "digestAlgorithm",
      "honorForceAuthn",
    ],
    ...["label", "recipient", "responseSigned", "signatureAlgorithm", "skipAuthenticationPolicy", "ssoUrl"],
    ...["subjectNameIdFormat", "subjectNameIdTemplate", "userNameTemplate", "userNameTemplateType"],
  ],
};

const exempt = (type: string, properties: readonly string[], reason: string): Exempt[] =>
  properties.map((property) => ({ property: `${type} ${property}`, reason }));

export const oktaExempt: readonly Exempt[] = [
  ...Object.entries(CARRIER).flatMap(([type, properties]) => exempt(type, properties, NOT_WRITTEN)),
  ...exempt(ASSIGNMENTS, ["appId"], IDENTITY),
  ...exempt(
    ASSIGNMENTS,
    ["application", "exclusive", "maxRemovals", "pinned", "provisioning"],
    IN_THE_SPEC_ONLY,
  ),
  ...exempt(PUSHES, ["appId"], IDENTITY),
  ...exempt(PUSHES, ["application", "exclusive", "pinned", "prefixes"], IN_THE_SPEC_ONLY),
  ...exempt(SCIM, ["appId"], IDENTITY),
  ...exempt(SCIM, ["application", "scim"], IN_THE_SPEC_ONLY),
  ...exempt(MAPPING, ["sourceId", "targetId"], IDENTITY),
  ...exempt(MAPPING, ["deleteWhenAbsent"], IN_THE_SPEC_ONLY),
];

/** What people write in Okta's console into an application that carries SCIM; the provider would PUT the whole of it for each. */
export async function writeNotes(world: World): Promise<void> {
  const settings = (app: Json) => app.settings as Json;
  const notes = (app: Json) => ({
    ...app,
    settings: { ...settings(app), notes: { admin: "Asked Bo about it.", enduser: "Not for signing in." } },
  });
  await changeApp(world, notes);
  await changeApp(
    world,
    (app) => ({ ...notes(app), accessibility: { ...(app.accessibility as Json), selfService: true } }),
    COLLATE,
  );
}

/** A preview fails and says what to do, and nobody is taken out meanwhile. */
export const oktaReported: readonly Reported[] = [
  ...(
    [
      ["createUsers", { createUsers: false }, /Create Users/],
      ["updateUserAttributes", { updateUsers: false }, /Update User Attributes/],
      ["deactivateUsers", { deactivateUsers: false }, /Deactivate Users/],
      ["syncPassword", { syncPassword: true }, /Sync Password/],
      ["pushGroups", { pushGroups: false }, /Push Groups|group/i],
    ] as const
  ).map(([property, change, says]) => ({
    property: `${SCIM} switches.${property}`,
    by: `"${property}" is switched ${Object.values(change)[0] ? "on" : "off"}`,
    tamper: async (world: World) =>
      world.sandbox.okta.admin.changeActions(await oktaAppId(world.sandbox, DATAHUB), change),
    says,
    undo: switchScimOn,
    stops: true,
  })),
  {
    property: `${SCIM} switches.active`,
    by: "the application is deactivated",
    tamper: (world) => lifecycle(world, "deactivate"),
    says: /status, Active: on/,
    undo: (world) => lifecycle(world, "activate"),
    stops: true,
  },
  {
    property: `${SCIM} switches.provisioning`,
    by: "SCIM is wiped",
    tamper: async (world) => world.sandbox.okta.admin.removeScim(await oktaAppId(world.sandbox, DATAHUB)),
    says: /Enable|SCIM/,
    undo: switchScimOn,
    stops: true,
  },
  {
    property: `${SCIM} label`,
    by: "the application is renamed",
    tamper: (world) => changeApp(world, (app) => ({ ...app, label: "Renamed by hand" })),
    says: /is called "Renamed by hand" in Okta/,
    undo: (world) => changeApp(world, (app) => ({ ...app, label: DATAHUB }), "Renamed by hand"),
    stops: false,
  },
  {
    property: `${SCIM} hidden`,
    by: "the application's icon is shown",
    tamper: (world) => changeApp(world, hide(false)),
    says: /icon is shown to users/,
    undo: (world) => changeApp(world, hide(true)),
    stops: false,
  },
  {
    property: `${SCIM} settings.userNameTemplate`,
    by: "the user name template is changed",
    tamper: (world) => changeApp(world, userName(`\${source.email}`)),
    says: /user name template is "\$\{source\.email\}" in Okta/,
    undo: (world) => changeApp(world, userName(`\${source.login}`)),
    stops: false,
  },
  ...(["ssoUrl", "audience"] as const).map(
    (setting): Reported => ({
      property: `${SCIM} settings.${setting}`,
      by: `the ${setting === "ssoUrl" ? "single sign-on URL" : "audience"} is changed`,
      tamper: (world) => changeSignOn(world, setting, (url) => `${url}/elsewhere`),
      says: /elsewhere" in Okta, and/,
      undo: (world) => changeSignOn(world, setting, (url) => url.replace(/\/elsewhere$/, "")),
      stops: false,
    }),
  ),
];

const userName = (template: string) => (app: Json) => ({
  ...app,
  credentials: {
    ...(app.credentials as Json),
    userNameTemplate: { ...((app.credentials as Json).userNameTemplate as Json), template },
  },
});

/** Of Collate, which people sign in to through SAML. */
function changeSignOn(
  world: World,
  setting: "ssoUrl" | "audience",
  change: (url: string) => string,
): Promise<void> {
  const key = setting === "ssoUrl" ? "ssoAcsUrl" : setting;
  return changeApp(
    world,
    (app) => {
      const settings = app.settings as { signOn: Json };
      const signOn = { ...settings.signOn, [key]: change(String(settings.signOn[key])) };
      return { ...app, settings: { ...settings, signOn } };
    },
    COLLATE,
  );
}

const hide = (hidden: boolean) => (app: Json) => ({
  ...app,
  visibility: { ...(app.visibility as Json), hide: { iOS: hidden, web: hidden } },
});

async function lifecycle(world: World, step: "activate" | "deactivate"): Promise<void> {
  await call(world, "POST", `/apps/${await oktaAppId(world.sandbox, DATAHUB)}/lifecycle/${step}`);
}

async function changeApp(world: World, change: (app: Json) => Json, label = DATAHUB): Promise<void> {
  const path = `/apps/${await oktaAppId(world.sandbox, label)}`;
  const app = await call<Json>(world, "GET", path);
  await call(world, "PUT", path, change(app));
}
