import { refuse } from "./errors.ts";
import { object, text } from "./http.ts";
import type { Json, StoredApp } from "./model.ts";
import type { OrgState } from "./state.ts";

/** What @pulumi/okta and the Admin Console begin with. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
const DEFAULT_USER_NAME = "${source.login}";
// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
const DEFAULT_SUBJECT = "${user.userName}";
// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
const DEFAULT_ISSUER = "http://www.okta.com/${org.externalKey}";

/** An application's `credentials` from those of a request: passwords are dropped, an OIDC client keeps its id and secret. */
export function credentialsOf(state: OrgState, app: StoredApp, given: Json): Json {
  const template = object(given.userNameTemplate);
  const type = text(template.type) ?? "BUILT_IN";
  if (!["BUILT_IN", "CUSTOM", "NONE"].includes(type)) {
    throw refuse.invalid("userNameTemplate.type", `type: ${type} is not one of BUILT_IN, CUSTOM, NONE`);
  }
  const suffix = text(template.userSuffix) ?? text(template.suffix);
  const pushStatus = text(template.pushStatus) ?? (type === "CUSTOM" ? "DONT_PUSH" : undefined);
  const userNameTemplate = {
    template: text(template.template) ?? DEFAULT_USER_NAME,
    type,
    ...(suffix === undefined ? {} : { userSuffix: suffix }),
    ...(pushStatus === undefined ? {} : { pushStatus }),
  };
  if (app.signOnMode === "OPENID_CONNECT") {
    const client = object(given.oauthClient);
    const known = object(app.credentials.oauthClient);
    return {
      userNameTemplate,
      signing: { kid: state.ownId("signingKey", "kid") },
      oauthClient: {
        autoKeyRotation: client.autoKeyRotation ?? true,
        client_id: text(client.client_id) ?? known.client_id ?? app.id,
        client_secret: text(client.client_secret) ?? known.client_secret ?? state.random.id("", 64),
        token_endpoint_auth_method: client.token_endpoint_auth_method ?? "client_secret_basic",
        pkce_required: client.pkce_required ?? false,
      },
    };
  }
  if (app.signOnMode === "SAML_2_0")
    return { userNameTemplate, signing: { kid: state.ownId("signingKey", "kid") } };
  if (app.signOnMode === null) return { userNameTemplate, signing: {} };
  const shared =
    given.scheme === "SHARED_USERNAME_AND_PASSWORD" ? { userName: text(given.userName) ?? null } : {};
  return {
    scheme: text(given.scheme) ?? "EDIT_USERNAME_AND_PASSWORD",
    userNameTemplate,
    revealPassword: given.revealPassword ?? false,
    signing: {},
    ...shared,
  };
}

/** An application's `settings`, completed as Okta does. @throws OktaError where something needed is missing. */
export function settingsOf(app: StoredApp, given: Json): Json {
  const notes = object(given.notes);
  const signOn = object(given.signOn);
  return {
    app: appSettings(app, object(given.app)),
    notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
    manualProvisioning: false,
    implicitAssignment: given.implicitAssignment ?? false,
    notes: { admin: notes.admin ?? null, enduser: notes.enduser ?? null },
    ...(app.custom && app.signOnMode === "AUTO_LOGIN" ? { signOn: autoLoginSignOn(signOn) } : {}),
    ...(app.signOnMode === "SAML_2_0" ? { signOn: samlSignOn(app, signOn) } : {}),
    ...(app.signOnMode === "OPENID_CONNECT"
      ? { oauthClient: oauthClientSettings(object(given.oauthClient)) }
      : {}),
  };
}

function appSettings(app: StoredApp, given: Json): Json {
  if (app.name !== "template_swa") return given;
  const empty = { loginUrlRegex: null, redirectUrl: null, checkbox: null };
  for (const field of ["url", "usernameField", "passwordField", "buttonField"]) {
    if (text(given[field]) === undefined) {
      throw refuse.invalid(`settings.app.${field}`, `${field}: The field cannot be left blank`);
    }
  }
  return { ...empty, ...given };
}

function autoLoginSignOn(given: Json): Json {
  const loginUrl = text(given.loginUrl);
  if (loginUrl === undefined || !URL.canParse(loginUrl)) {
    throw refuse.invalid("settings.signOn.loginUrl", "loginUrl: The field must be a valid URL");
  }
  return { redirectUrl: given.redirectUrl ?? null, loginUrl };
}

/** A catalogue application knows its own SAML settings; only their overrides are shown. */
const SAML_OVERRIDES: Json = {
  defaultRelayState: null,
  ssoAcsUrlOverride: null,
  audienceOverride: null,
  recipientOverride: null,
  destinationOverride: null,
  attributeStatements: [],
};

function samlSignOn(app: StoredApp, given: Json): Json {
  if (!app.custom) return { ...SAML_OVERRIDES, ...withoutNulls(given) };
  for (const field of ["ssoAcsUrl", "audience", "recipient", "destination"]) {
    if (text(given[field]) === undefined) {
      throw refuse.invalid(`settings.signOn.${field}`, `${field}: The field cannot be left blank`);
    }
  }
  return {
    ...SAML_OVERRIDES,
    idpIssuer: DEFAULT_ISSUER,
    subjectNameIdTemplate: DEFAULT_SUBJECT,
    subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    responseSigned: true,
    assertionSigned: true,
    signatureAlgorithm: "RSA_SHA256",
    digestAlgorithm: "SHA256",
    honorForceAuthn: true,
    authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
    spIssuer: null,
    requestCompressed: false,
    inlineHooks: [],
    participateSlo: null,
    allowMultipleAcsEndpoints: false,
    acsEndpoints: [],
    samlSignedRequestEnabled: false,
    slo: { enabled: false },
    samlAssertionLifetimeSeconds: 300,
    ...withoutNulls(given),
  };
}

function withoutNulls(given: Json): Json {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function oauthClientSettings(given: Json): Json {
  if (
    given.application_type === "web" &&
    !(Array.isArray(given.redirect_uris) && given.redirect_uris.length > 0)
  ) {
    const needs = !Array.isArray(given.grant_types) || given.grant_types.includes("authorization_code");
    if (needs) throw refuse.invalid("redirect_uris", "redirect_uris: At least one redirect URI is needed");
  }
  return {
    client_uri: null,
    logo_uri: null,
    redirect_uris: [],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    application_type: "web",
    consent_method: "TRUSTED",
    issuer_mode: "ORG_URL",
    idp_initiated_login: { mode: "DISABLED", default_scope: [] },
    wildcard_redirect: "DISABLED",
    dpop_bound_access_tokens: false,
    participate_slo: false,
    ...withoutNulls(given),
  };
}
