import type { ScimStyle } from "../../provisioning/okta/index.ts";

/** An application that exists in every org: Okta's own kinds, and a few of the Okta Integration Network. */
export interface CatalogEntry {
  signOnModes: readonly (string | null)[];
  /** Key of `visibility.appLinks`. */
  appLink: string;
  /** Whether a person can switch SCIM on, and how it then speaks; undefined where there is no such tab. */
  scim?: ScimStyle;
  /** Whether connections and features have an API; the only applications for which Okta documents it. */
  connection?: readonly ("TOKEN" | "OAUTH2")[];
}

const SWA_OR_SAML = ["AUTO_LOGIN", "BROWSER_PLUGIN", "SAML_2_0"] as const;

export const CATALOG: ReadonlyMap<string, CatalogEntry> = new Map<string, CatalogEntry>([
  ["template_swa", { signOnModes: ["BROWSER_PLUGIN"], appLink: "login" }],
  ["bookmark", { signOnModes: ["BOOKMARK"], appLink: "login" }],
  ["oidc_client", { signOnModes: ["OPENID_CONNECT"], appLink: "oidc_client_link" }],
  ["scim2headerauth", { signOnModes: SWA_OR_SAML, appLink: "scim2headerauth_login", scim: "oin" }],
  ["scim2testapp", { signOnModes: SWA_OR_SAML, appLink: "scim2testapp_login", scim: "oin" }],
  ["scim2testapp_basic", { signOnModes: SWA_OR_SAML, appLink: "scim2testapp_basic_login", scim: "oin" }],
  ["deelhr", { signOnModes: SWA_OR_SAML, appLink: "deelhr_link" }],
  ["okta_org2org", { signOnModes: SWA_OR_SAML, appLink: "login", connection: ["TOKEN", "OAUTH2"] }],
  ["zscalerbyz", { signOnModes: SWA_OR_SAML, appLink: "login", connection: ["TOKEN"] }],
  ["google", { signOnModes: SWA_OR_SAML, appLink: "login", connection: ["OAUTH2"] }],
  ["office365", { signOnModes: [...SWA_OR_SAML, "WS_FEDERATION"], appLink: "login", connection: ["OAUTH2"] }],
  ["slack", { signOnModes: SWA_OR_SAML, appLink: "login", connection: ["OAUTH2"] }],
  ["zoomus", { signOnModes: SWA_OR_SAML, appLink: "login", connection: ["OAUTH2"] }],
]);

/** Okta's own applications, which every org lists among the others and nobody can change. */
export const SYSTEM_APPS: ReadonlyMap<string, string> = new Map([
  ["saasure", "Okta Admin Console"],
  ["okta_enduser", "Okta Dashboard"],
  ["okta_browser_plugin", "Okta Browser Plugin"],
]);

/** Sign-on modes of integrations that are made without a catalogue name, as the App Integration Wizard does. */
export const CUSTOM_SIGN_ON_MODES: readonly string[] = ["AUTO_LOGIN", "SAML_2_0"];
