import { hasStatus } from "../../../clients/http-error.ts";
import type { OktaClient } from "../../../clients/okta/client.ts";
import type { PropertyMap, Value } from "../values.ts";
import type { StandIn } from "./stand-in.ts";

/** As much of an application's document as the provider reads. */
interface App {
  id: string;
  name: string;
  label: string;
  status: string;
  signOnMode: string;
  features: string[];
  visibility: {
    autoSubmitToolbar: boolean;
    hide: { iOS: boolean; web: boolean };
    appLinks?: Record<string, boolean>;
  };
  credentials: {
    scheme?: string;
    userNameTemplate: { template: string; type: string };
    oauthClient?: { client_id: string; token_endpoint_auth_method: string };
  };
  settings: {
    signOn?: Record<string, Value>;
    oauthClient?: Record<string, Value>;
    notes?: { admin?: string | null; enduser?: string | null };
  };
}

/** One kind of application: what of its document is its own. */
interface AppKind {
  inputs: readonly string[];
  required: readonly string[];
  /** The parts of a request's body that other kinds do not have. */
  body(inputs: PropertyMap): PropertyMap;
  /** The outputs that are read from those parts. */
  outputs(app: App): PropertyMap;
  /** What the provider asks for after it has made one, and after each reading of it. */
  created?(okta: OktaClient, id: string): Promise<unknown>;
  read?(okta: OktaClient, id: string): Promise<unknown>;
}

const COMMON_INPUTS = [
  "label",
  "hideIos",
  "hideWeb",
  "autoSubmitToolbar",
  "userNameTemplate",
  "userNameTemplateType",
];

/** What people change in the console, and the provider reads though the program does not set it. */
const USUAL = { status: "ACTIVE", adminNote: null, enduserNote: null };

// biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder, and the provider's default
const DEFAULT_USER_NAME = "${source.login}";

/** Inputs that Okta knows nothing of: they tell the provider what to do. */
const LOCAL_INPUTS = ["skipAuthenticationPolicy", "omitSecret"];

const autoLogin: AppKind = {
  inputs: [...COMMON_INPUTS, "signOnUrl", "credentialsScheme"],
  required: ["label"],
  body: ({ signOnUrl, credentialsScheme }) => ({
    signOnMode: "AUTO_LOGIN",
    credentials: {
      scheme: credentialsScheme ?? "EDIT_USERNAME_AND_PASSWORD",
      password: {},
      revealPassword: false,
      userName: "",
    },
    settings: { app: {}, signOn: { loginUrl: signOnUrl ?? null } },
  }),
  outputs: ({ credentials, settings }) => ({
    ...(credentials.scheme && { credentialsScheme: credentials.scheme }),
    signOnUrl: settings.signOn?.loginUrl ?? null,
  }),
};

/** Inputs of a SAML application, and what they are called in its document. */
const SAML_SIGN_ON: Record<string, string> = {
  ssoUrl: "ssoAcsUrl",
  recipient: "recipient",
  destination: "destination",
  audience: "audience",
  subjectNameIdTemplate: "subjectNameIdTemplate",
  subjectNameIdFormat: "subjectNameIdFormat",
  authnContextClassRef: "authnContextClassRef",
  responseSigned: "responseSigned",
  assertionSigned: "assertionSigned",
  signatureAlgorithm: "signatureAlgorithm",
  digestAlgorithm: "digestAlgorithm",
  honorForceAuthn: "honorForceAuthn",
};

/** What the provider sends empty when the program does not set it. */
const SAML_EMPTY = {
  audienceOverride: "",
  defaultRelayState: "",
  destinationOverride: "",
  recipientOverride: "",
  ssoAcsUrlOverride: "",
};

const saml: AppKind = {
  inputs: [...COMMON_INPUTS, ...Object.keys(SAML_SIGN_ON), "skipAuthenticationPolicy"],
  required: ["label", "ssoUrl", "recipient", "destination", "audience"],
  body: (inputs) => ({
    signOnMode: "SAML_2_0",
    settings: {
      app: {},
      signOn: { ...SAML_EMPTY, ...renamed(inputs, SAML_SIGN_ON) },
    },
  }),
  outputs: ({ settings, features }) => ({ ...restored(settings.signOn ?? {}, SAML_SIGN_ON), features }),
  async read(okta, id) {
    const [key] = await okta.get<{ kid: string }[]>(`/apps/${id}/credentials/keys`);
    await okta.get(`/apps/${id}/sso/saml/metadata?kid=${key?.kid ?? ""}`);
  },
};

/** Inputs of an OpenID Connect application, and what they are called in its document. */
const OAUTH_SETTINGS: Record<string, string> = {
  type: "application_type",
  grantTypes: "grant_types",
  responseTypes: "response_types",
  redirectUris: "redirect_uris",
};

const oauth: AppKind = {
  inputs: [...COMMON_INPUTS, ...Object.keys(OAUTH_SETTINGS), ...LOCAL_INPUTS],
  required: ["label", "type"],
  body: (inputs) => ({
    name: "oidc_client",
    signOnMode: "OPENID_CONNECT",
    credentials: {
      oauthClient: {
        autoKeyRotation: true,
        pkce_required: false,
        token_endpoint_auth_method: "client_secret_basic",
      },
    },
    settings: { oauthClient: renamed(inputs, OAUTH_SETTINGS) },
  }),
  outputs: ({ settings, credentials }) => ({
    ...restored(settings.oauthClient ?? {}, OAUTH_SETTINGS),
    ...(credentials.oauthClient && { clientId: credentials.oauthClient.client_id }),
  }),
  created: (okta, id) =>
    okta.send(
      "POST",
      `/internal/apps/${id}/settings/oauth/idToken`,
      { issuerMode: "ORG_URL" },
      { repeatable: true },
    ),
  read: (okta, id) => okta.get(`/internal/apps/${id}/settings/oauth/idToken`),
};

export const oktaApps: Record<string, StandIn<OktaClient>> = {
  "okta:app/autoLogin:AutoLogin": standInFor(autoLogin),
  "okta:app/saml:Saml": standInFor(saml),
  "okta:app/oAuth:OAuth": standInFor(oauth),
};

function standInFor(kind: AppKind): StandIn<OktaClient> {
  const look = async (okta: OktaClient, id: string, local: PropertyMap): Promise<PropertyMap> => {
    const app = await okta.get<App>(`/apps/${id}`);
    await kind.read?.(okta, id);
    return { ...commonOutputs(app), ...kind.outputs(app), ...pick(local, LOCAL_INPUTS) };
  };
  return {
    inputs: kind.inputs,
    required: kind.required,
    usual: USUAL,
    replaceOn: [],
    async create(okta, inputs) {
      // As the provider does: a create whose answer is lost is sent again, and may make a second application.
      const { id } = await okta.send<App>("POST", "/apps?activate=true", bodyOf(kind, inputs, {}), {
        repeatable: true,
      });
      await kind.created?.(okta, id);
      return { id, outputs: await look(okta, id, inputs) };
    },
    async read(okta, id, outputs) {
      try {
        return await look(okta, id, outputs);
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    },
    async update(okta, id, inputs, old) {
      if (old.status === "INACTIVE" && inputs.status !== "INACTIVE")
        await okta.send("POST", `/apps/${id}/lifecycle/activate`, undefined, { repeatable: true });
      await okta.send("PUT", `/apps/${id}`, bodyOf(kind, inputs, old));
      return await look(okta, id, inputs);
    },
    async delete(okta, id) {
      try {
        await okta.send("POST", `/apps/${id}/lifecycle/deactivate`, undefined, { repeatable: true });
        await okta.send("DELETE", `/apps/${id}`);
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

function bodyOf(kind: AppKind, inputs: PropertyMap, old: PropertyMap): PropertyMap {
  const own = kind.body(inputs);
  const template = inputs.userNameTemplate ?? DEFAULT_USER_NAME;
  return {
    ...own,
    label: inputs.label ?? null,
    settings: {
      ...(own.settings as PropertyMap),
      notes: { admin: inputs.adminNote ?? null, enduser: inputs.enduserNote ?? null },
    },
    accessibility: { selfService: false },
    credentials: {
      ...(own.credentials as PropertyMap | undefined),
      userNameTemplate: { template, type: inputs.userNameTemplateType ?? "BUILT_IN" },
    },
    visibility: {
      autoSubmitToolbar: inputs.autoSubmitToolbar ?? false,
      hide: { iOS: inputs.hideIos ?? false, web: inputs.hideWeb ?? false },
      ...(typeof old.appLinksJson === "string" && { appLinks: JSON.parse(old.appLinksJson) as PropertyMap }),
    },
  };
}

function commonOutputs({
  name,
  label,
  status,
  signOnMode,
  visibility,
  credentials,
  settings,
}: App): PropertyMap {
  return {
    adminNote: settings.notes?.admin ?? null,
    enduserNote: settings.notes?.enduser ?? null,
    name,
    label,
    status,
    signOnMode,
    hideIos: visibility.hide.iOS,
    hideWeb: visibility.hide.web,
    autoSubmitToolbar: visibility.autoSubmitToolbar,
    userNameTemplate: credentials.userNameTemplate.template,
    userNameTemplateType: credentials.userNameTemplate.type,
    ...(visibility.appLinks && { appLinksJson: JSON.stringify(visibility.appLinks) }),
  };
}

function pick(map: PropertyMap, keys: readonly string[]): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));
}

function renamed(inputs: PropertyMap, names: Record<string, string>): PropertyMap {
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) => (inputs[key] === undefined ? [] : [[name, inputs[key]]])),
  );
}

function restored(document: Record<string, Value>, names: Record<string, string>): PropertyMap {
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) =>
      document[name] === undefined ? [] : [[key, document[name]]],
    ),
  );
}
