import type { ScimSwitches } from "../provider/contract.ts";

/** What a person is asked to switch on, or off. Where the spec pushes no group, others may by hand: push stands either way. */
export function scimSwitches(pushesGroups: boolean): ScimSwitches {
  return {
    active: true,
    provisioning: true,
    createUsers: true,
    updateUserAttributes: true,
    deactivateUsers: true,
    syncPassword: false,
    ...(pushesGroups && { pushGroups: true }),
  };
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
    "General > App Settings > Edit > Provisioning: SCIM > Save",
    "Provisioning > Integration > Edit:",
    `  SCIM connector base URL: ${scimUrl}`,
    "  Unique identifier field for users: userName",
    `  Supported provisioning actions: Push New Users, Push Profile Updates${pushesGroups ? ", Push Groups" : ""}`,
    `  Authentication Mode: HTTP Header; Authorization: the token that the stack keeps as "${secret}", without the word Bearer`,
    "  Test Connector Configuration > Save",
    "Provisioning > To App > Edit:",
    "  Create Users: on",
    "  Update User Attributes: on",
    "  Deactivate Users: on (without it, people who leave keep their access)",
    "  Sync Password: off",
    `Then run: npx rollcall okta confirm ${file} --application ${application}`,
  ];
}
