import type { ScimSwitches } from "../provider/contract.ts";
import { USUAL_SWITCHES } from "../provider/okta/switches.ts";

/** What a person is asked to switch on, or off. Where the spec pushes no group, others may by hand: push stands either way. */
export function scimSwitches(pushesGroups: boolean): ScimSwitches {
  return { ...USUAL_SWITCHES, ...(pushesGroups && { pushGroups: true }) };
}

export interface OktaSetup {
  /** The application's page in Okta's console. */
  setupUrl: string;
  scimUrl: string;
  /** Name of the stack secret with the token; the token itself is never shown. */
  secret: string;
  pushesGroups: boolean;
  /** The spec's file, which the confirmation is written to. */
  file: string;
  application: string;
}

/** The one step that Okta has no public API for, click by click. */
export function setupSteps({
  setupUrl,
  scimUrl,
  secret,
  pushesGroups,
  file,
  application,
}: OktaSetup): string[] {
  return [
    `Open ${setupUrl}`,
    ...connectionSteps({ setupUrl, scimUrl, secret, pushesGroups }),
    "Provisioning > To App > Edit:",
    "  Create Users: on",
    "  Update User Attributes: on",
    "  Deactivate Users: on (without it, people who leave keep their access)",
    "  Sync Password: off",
    `Then run: npx rollcall okta confirm ${file} --application ${application}`,
  ];
}

/** What the SCIM test applications of Okta's catalogue are given as "API Token", by Okta's name for them. */
const CATALOGUE_TOKEN: Readonly<Record<string, (secret: string) => string>> = {
  scim2headerauth: (secret) => `the word Bearer, a space, and the token that the stack keeps as "${secret}"`,
  scim2testapp: (secret) => `the token that the stack keeps as "${secret}", without the word Bearer`,
};

type Connection = Pick<OktaSetup, "setupUrl" | "scimUrl" | "secret" | "pushesGroups">;

function connectionSteps({ setupUrl, scimUrl, secret, pushesGroups }: Connection): string[] {
  const kind = /\/admin\/app\/([^/]+)\//.exec(setupUrl)?.[1] ?? "";
  const token = CATALOGUE_TOKEN[kind]?.(secret);
  if (token !== undefined) {
    return [
      "Provisioning > Integration > Configure API Integration > Enable API integration",
      `  Base URL: ${scimUrl}`,
      `  API Token: ${token}`,
      "  Test API Credentials > Save",
    ];
  }
  return [
    "General > App Settings > Edit > Provisioning: SCIM > Save",
    "Provisioning > Integration > Edit:",
    `  SCIM connector base URL: ${scimUrl}`,
    "  Unique identifier field for users: userName",
    `  Supported provisioning actions: Push New Users, Push Profile Updates${pushesGroups ? ", Push Groups" : ""}`,
    `  Authentication Mode: HTTP Header; Authorization: the token that the stack keeps as "${secret}", without the word Bearer`,
    "  Test Connector Configuration > Save",
  ];
}
