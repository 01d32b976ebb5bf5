import type { OktaUserStatus } from "../../directory/okta.ts";
import type { ProvisioningActions } from "./application.ts";

/** What is known of one person and one application when Okta decides whether to call the SCIM server. */
export interface ProvisioningCase {
  userStatus: OktaUserStatus;
  /** Directly or through a group. */
  assigned: boolean;
  /** Null while SCIM is not set up, or its API integration is switched off. */
  actions: ProvisioningActions | null;
  applicationActive: boolean;
  /** Whether Okta has provisioned or linked an account, and not deactivated it since. */
  hasAccount: boolean;
  /** Assigned while SCIM was off, and nobody has clicked "Provision User" since. */
  assignedBeforeScim: boolean;
}

export interface Decision {
  action: "provision" | "update" | "deactivate" | "none";
  /** For a person. */
  reason: string;
}

const none = (reason: string): Decision => ({ action: "none", reason });

/** What Okta does about one person. Suspension sends nothing, and nothing ever deletes an account. */
export function decide(known: ProvisioningCase): Decision {
  const { actions, userStatus } = known;
  if (!actions) return none("SCIM provisioning is off for this application");
  if (!known.applicationActive) return none("the application is not active");
  if (!known.assigned || userStatus === "DEPROVISIONED") {
    const why = known.assigned ? "the user is deactivated in Okta" : "the user is no longer assigned";
    if (!known.hasAccount) return none(`${why}, and has no active account to take back`);
    return actions.deactivateUsers
      ? { action: "deactivate", reason: why }
      : none(`${why}, but "Deactivate Users" is off: the account stays active`);
  }
  if (known.hasAccount) return decideUpdate(userStatus, actions);
  if (known.assignedBeforeScim) {
    return none('assigned before SCIM was on: a person has to click "Provision User"');
  }
  if (userStatus !== "ACTIVE")
    return none(`only ACTIVE users are provisioned, and this one is ${userStatus}`);
  return actions.createUsers
    ? { action: "provision", reason: "assigned" }
    : none('assigned, but "Create Users" is off');
}

function decideUpdate(status: OktaUserStatus, actions: ProvisioningActions): Decision {
  if (status === "SUSPENDED") return none("suspension sends nothing");
  return actions.updateUsers
    ? { action: "update", reason: "already provisioned" }
    : none('already provisioned, and "Update User Attributes" is off');
}
