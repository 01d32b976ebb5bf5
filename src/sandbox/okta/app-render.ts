import { object } from "./http.ts";
import type { Json, ScimSettings, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

const LOGO = "https://op3static.oktacdn.com/assets/img/logos/default.6770228fb0dab49a1695ef440a5279bb.png";

/** The application as the API gives it back. Passwords and SCIM settings are not among it; `features` alone shows of the latter. */
export function renderApp(state: OrgState, app: StoredApp): Json {
  const self = `${state.url}/api/v1/apps/${app.id}`;
  const [appLink = ""] = Object.keys(object(app.visibility.appLinks));
  const policies = app.accessPolicyId === null ? {} : policyLinks(state, self, app.accessPolicyId);
  return {
    id: app.id,
    orn: `orn:okta:idp:${state.ownId("org", "00o")}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: app.lastUpdated,
    created: app.created,
    accessibility: app.accessibility,
    visibility: app.visibility,
    features: features(app.scim),
    signOnMode: app.signOnMode,
    credentials: app.credentials,
    settings: app.settings,
    _links: {
      uploadLogo: { href: `${self}/logo`, hints: { allow: ["POST"] } },
      appLinks: [
        {
          name: appLink,
          href: `${state.url}/home/${app.name}/${app.id}/aln${app.id.slice(3)}`,
          type: "text/html",
        },
      ],
      ...policies,
      groups: { href: `${self}/groups` },
      logo: [{ name: "medium", href: LOGO, type: "image/png" }],
      users: { href: `${self}/users` },
      ...(app.status === "ACTIVE"
        ? { deactivate: { href: `${self}/lifecycle/deactivate` } }
        : { activate: { href: `${self}/lifecycle/activate` } }),
      ...(app.signOnMode === "SAML_2_0"
        ? { metadata: { href: `${self}/sso/saml/metadata`, type: "application/xml" } }
        : {}),
    },
  };
}

function policyLinks(state: OrgState, self: string, accessPolicyId: string): Json {
  return {
    policies: { href: `${self}/policies`, hints: { allow: ["PUT"] } },
    accessPolicy: { href: `${state.url}/api/v1/policies/${accessPolicyId}` },
    profileEnrollment: { href: `${state.url}/api/v1/policies/${state.ownId("profileEnrollment", "rst")}` },
  };
}

/** The read-only `features` of an application. Which of them Okta shows for a wizard application is inferred, not documented. */
export function features(scim: ScimSettings | null): string[] {
  if (!scim?.enabled) return [];
  const { actions } = scim;
  return [
    "SCIM_PROVISIONING",
    ...(actions.createUsers ? ["PUSH_NEW_USERS"] : []),
    ...(actions.updateUsers ? ["PUSH_PROFILE_UPDATES"] : []),
    ...(actions.deactivateUsers ? ["PUSH_USER_DEACTIVATION", "REACTIVATE_USERS"] : []),
    ...(actions.syncPassword ? ["PUSH_PASSWORD_UPDATES"] : []),
    ...(actions.pushGroups ? ["GROUP_PUSH"] : []),
  ];
}
