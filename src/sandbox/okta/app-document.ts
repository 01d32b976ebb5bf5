import { credentialsOf, settingsOf } from "./app-settings.ts";
import { CATALOG, CUSTOM_SIGN_ON_MODES } from "./catalog.ts";
import { refuse } from "./errors.ts";
import { object, text } from "./http.ts";
import type { Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

/** Makes an application from the body of `POST /apps`. `features` in it are ignored, as Okta does. */
export function newApp(state: OrgState, body: Json): StoredApp {
  const signOnMode = body.signOnMode === null ? null : text(body.signOnMode);
  const catalogName = text(body.name);
  const label = checkedLabel(body);
  if (catalogName === undefined && !CUSTOM_SIGN_ON_MODES.includes(signOnMode ?? "")) {
    throw refuse.invalid("name", `name: An application with signOnMode ${String(signOnMode)} needs a name`);
  }
  const entry = catalogName === undefined ? undefined : CATALOG.get(catalogName);
  if (catalogName !== undefined && !entry) throw refuse.notFound(catalogName, "App");
  if (entry && signOnMode !== undefined && !entry.signOnModes.includes(signOnMode)) {
    throw refuse.invalid(
      "signOnMode",
      `signOnMode: ${String(signOnMode)} is not supported by ${catalogName}`,
    );
  }
  const app = emptyApp(state, catalogName ?? generatedName(state, label), label, catalogName === undefined);
  app.signOnMode = answeredMode(catalogName, signOnMode ?? null);
  if (signOnMode === "SAML_2_0" || signOnMode === "OPENID_CONNECT") {
    app.accessPolicyId = state.ownId("accessPolicy", "rst");
  }
  apply(state, app, body, entry?.appLink ?? `${app.name}_link`);
  return app;
}

/** One of Okta's own applications. */
export function systemApp(state: OrgState, name: string, label: string): StoredApp {
  const app = emptyApp(state, name, label, false);
  app.signOnMode = "OPENID_CONNECT";
  apply(state, app, {}, `${name}_link`);
  return app;
}

function emptyApp(state: OrgState, name: string, label: string, custom: boolean): StoredApp {
  const now = state.now();
  const id = state.id("0oa");
  return {
    id,
    name,
    label,
    status: "ACTIVE",
    created: now,
    lastUpdated: now,
    signOnMode: null,
    accessibility: {},
    visibility: {},
    credentials: {},
    settings: {},
    custom,
    scim: null,
    connection: null,
    customProperties: {},
    accessPolicyId: null,
  };
}

/** Replaces what the body of `PUT /apps/{id}` sets. @throws OktaError where Okta refuses it. */
export function replaceApp(state: OrgState, app: StoredApp, body: Json): void {
  if (app.custom && app.signOnMode === "AUTO_LOGIN" && app.status === "INACTIVE") {
    throw refuse.metadata("No active instances.");
  }
  const name = text(body.name);
  if (name !== undefined && name !== app.name)
    throw refuse.invalid("name", "name: The field cannot be changed");
  const signOnMode = text(body.signOnMode);
  if (app.custom && signOnMode !== app.signOnMode) {
    throw refuse.invalid("signOnMode", "signOnMode: The field cannot be changed for a custom application");
  }
  app.label = checkedLabel(body);
  const [appLink = ""] = Object.keys(object(app.visibility.appLinks));
  apply(state, app, body, appLink);
  app.lastUpdated = state.now();
}

function checkedLabel(body: Json): string {
  const label = text(body.label);
  if (label === undefined) throw refuse.invalid("label", "label: The field cannot be left blank");
  if (label.length > 100) throw refuse.invalid("label", "label: The field is too long");
  return label;
}

/** `{org}_{label}_{n}`, as Okta names what has no catalogue name. */
function generatedName(state: OrgState, label: string): string {
  const plain = label.toLowerCase().replace(/[^a-z0-9]/g, "");
  return `${state.orgName}_${plain}_${state.count("app")}`;
}

/** Catalogue applications answer with a mode of their own where a request says AUTO_LOGIN. */
function answeredMode(catalogName: string | undefined, requested: string | null): string | null {
  if (catalogName === undefined || requested !== "AUTO_LOGIN") return requested;
  return catalogName === "deelhr" ? null : "BROWSER_PLUGIN";
}

function apply(state: OrgState, app: StoredApp, body: Json, appLink: string): void {
  const accessibility = object(body.accessibility);
  const visibility = object(body.visibility);
  const hide = object(visibility.hide);
  app.accessibility = {
    selfService: accessibility.selfService ?? false,
    errorRedirectUrl: accessibility.errorRedirectUrl ?? null,
    loginRedirectUrl: accessibility.loginRedirectUrl ?? null,
  };
  const links = object(visibility.appLinks);
  app.visibility = {
    autoLaunch: visibility.autoLaunch ?? false,
    autoSubmitToolbar: visibility.autoSubmitToolbar ?? false,
    hide: { iOS: hide.iOS ?? false, web: hide.web ?? false },
    appLinks: { [appLink]: typeof links[appLink] === "boolean" ? links[appLink] : true },
  };
  app.credentials = credentialsOf(state, app, object(body.credentials));
  app.settings = settingsOf(app, object(body.settings));
}
