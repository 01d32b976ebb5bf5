import { listAppUsers } from "../clients/okta/app-assignments.ts";
import type { OktaApplication } from "../clients/okta/applications.ts";
import type { OktaClient } from "../clients/okta/client.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { scimSwitches } from "../program/okta-setup.ts";
import { waiting } from "../provider/okta/assignments.ts";
import { consoleUrl, describeSwitch, switchesOf, wrongSwitches } from "../provider/okta/switches.ts";
import type { Finding } from "./finding.ts";

/** What a person has switched in Okta's console, against what has to be. */
export interface ScimState {
  /** Whether SCIM provisioning is on at all. */
  on: boolean;
  /** As a person is told them: `Provisioning > To App > Deactivate Users: on (…)`. */
  missing: string[];
  /** The application's page in the console. */
  setupUrl: string;
  /** Logins that were assigned while SCIM was off, and wait for "Provision User". */
  notProvisioned: string[];
}

export async function readScimState(
  okta: OktaClient,
  application: OktaApplication,
  desired: DesiredOktaApplication,
): Promise<ScimState> {
  const on = switchesOf(application);
  const wrong = wrongSwitches(on, scimSwitches(desired.pushGroups.length > 0));
  return {
    on: on.provisioning,
    missing: wrong.map(([name, wanted]) => describeSwitch(name, wanted)),
    setupUrl: consoleUrl(okta.org, application),
    notProvisioned: on.provisioning ? waiting(await listAppUsers(okta, application.id), "on") : [],
  };
}

/** SCIM found off, or a switch lost, is drift; a person who is not provisioned yet is worth knowing. */
export function compareScim(
  { scim }: DesiredOktaApplication,
  { on, missing, setupUrl, notProvisioned }: ScimState,
): { drift: Finding[]; notes: string[] } {
  const notes =
    notProvisioned.length > 0
      ? [
          `${notProvisioned.join(", ")} ${notProvisioned.length === 1 ? "was" : "were"} assigned while SCIM was off, and Okta does not provision them by itself: press "Provision User" in the Assignments tab of ${setupUrl}`,
        ]
      : [];
  if (scim === "pending") {
    return {
      drift: [],
      notes: [
        ...notes,
        "SCIM waits for a person to switch it on; `rollcall okta confirm` tells what is missing.",
      ],
    };
  }
  if (scim === "paused") {
    if (!on) return { drift: [], notes };
    const message = "The spec says `scim: paused`, and Okta still provisions.";
    const help = `Open ${setupUrl}, Provisioning > Integration, and untick "Enable API integration"; or say \`scim: enabled\`.`;
    return { drift: [{ aspect: "scim", message, help }], notes };
  }
  if (!on) {
    const message =
      "SCIM provisioning is switched off in Okta: nobody is provisioned, and leavers keep their access.";
    const help = `No API can switch it on, and nobody is unassigned because of it. Open ${setupUrl} and set it up again (\`rollcall okta confirm\` prints the steps), or say \`scim: paused\` if it is meant.`;
    return { drift: [{ aspect: "scim", message, help }], notes };
  }
  const drift = missing.map(
    (one): Finding => ({
      aspect: "scim",
      message: `A switch is not as it should be: ${one}.`,
      help: `A person sets it: open ${setupUrl}.`,
    }),
  );
  return { drift, notes };
}
