import type { OktaApplication } from "../../clients/okta/applications.ts";
import type { ScimSwitch, ScimSwitches } from "../contract.ts";

/** Okta's names for what is switched on; which of them it shows for a wizard application is not documented. */
const FEATURES: Record<Exclude<ScimSwitch, "active" | "provisioning">, string> = {
  createUsers: "PUSH_NEW_USERS",
  updateUserAttributes: "PUSH_PROFILE_UPDATES",
  deactivateUsers: "PUSH_USER_DEACTIVATION",
  syncPassword: "PUSH_PASSWORD_UPDATES",
  pushGroups: "GROUP_PUSH",
};

/** As the console calls them, and where they are. */
const LABELS: Record<ScimSwitch, string> = {
  active: "The application's status, Active",
  provisioning: "General > Provisioning: SCIM (Enable SCIM provisioning)",
  createUsers: "Provisioning > To App > Create Users",
  updateUserAttributes: "Provisioning > To App > Update User Attributes",
  deactivateUsers: "Provisioning > To App > Deactivate Users",
  syncPassword: "Provisioning > To App > Sync Password",
  pushGroups: "Provisioning > Integration > Supported provisioning actions > Push Groups",
};

/** Why a switch matters, where it is not plain. */
const REASONS: Partial<Record<ScimSwitch, string>> = {
  active: "while it is deactivated nobody is provisioned, and leavers keep their access",
  deactivateUsers: "without it, people who leave keep their access",
  syncPassword: "the product needs no copy of anybody's password",
};

/** What a person is asked to switch on, or off, where no group is pushed. */
export const USUAL_SWITCHES: ScimSwitches = {
  active: true,
  provisioning: true,
  createUsers: true,
  updateUserAttributes: true,
  deactivateUsers: true,
  syncPassword: false,
};

/** A switch as the console calls it, how it has to stand, and why: `Provisioning > To App > Create Users: on`. */
export function describeSwitch(name: ScimSwitch, on: boolean): string {
  const reason = REASONS[name];
  return `${LABELS[name]}: ${on ? "on" : "off"}${reason ? ` (${reason})` : ""}`;
}

/** Which switches are on, by the application's `features`. */
export function switchesOf({
  status,
  features,
}: {
  status: string;
  features: string[];
}): Record<ScimSwitch, boolean> {
  const has = new Set(features);
  const entries = Object.entries(FEATURES).map(([name, feature]): [string, boolean] => [
    name,
    has.has(feature),
  ]);
  const provisioning = has.has("SCIM_PROVISIONING") || entries.some(([, on]) => on);
  return { active: status === "ACTIVE", provisioning, ...Object.fromEntries(entries) } as Record<
    ScimSwitch,
    boolean
  >;
}

/** Switches that do not stand as they have to, each with how it has to. */
export function wrongSwitches(
  on: Record<ScimSwitch, boolean>,
  wanted: ScimSwitches,
): [ScimSwitch, boolean][] {
  const entries = Object.entries(wanted) as [ScimSwitch, boolean][];
  return entries.filter(([name, how]) => on[name] !== how);
}

/** The application's page in the Admin Console, which lives at a host of its own. */
export function consoleUrl(org: string, app: OktaApplication): string {
  const host = new URL(org).host.replace(/^([^.]+)/, "$1-admin");
  return `https://${host}/admin/app/${app.name}/instance/${app.id}/#tab-general`;
}
