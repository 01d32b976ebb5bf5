import type { OktaApplication } from "../clients/okta/applications.ts";
import { type ProfileMappingProperty, profileMappingTo } from "../clients/okta/profile-mappings.ts";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { watchedSettings } from "../program/okta-inputs.ts";
import { type OktaPlan, planOkta } from "../program/okta-plan.ts";
import { appAssignments } from "../provider/okta/assignments.ts";
import { consoleUrl } from "../provider/okta/switches.ts";
import { readSettings, wrongSettings } from "../provider/okta/watched-settings.ts";
import { compareAssignments } from "./compare-assignments.ts";
import { comparePushes } from "./compare-pushes.ts";
import { type Finding, fromProblem, type Inspection, REPAIRED_BY_UP } from "./finding.ts";
import { locateOkta } from "./locate-okta.ts";
import { compareScim, readScimState } from "./okta-scim.ts";
import type { Tenants } from "./tenants.ts";

/**
 * Compares one application of Okta with what the spec says; reads only.
 * @param knownId of the application, when the stack has told it
 */
export async function inspectOkta(
  desired: DesiredOktaApplication,
  tenants: Tenants,
  knownId?: string,
): Promise<Inspection> {
  const { plans, problems, warnings } = await planOkta([desired], tenants.ask);
  const [plan] = plans;
  if (!plan) throw new TypeError("one application has one plan");
  const okta = tenants.okta();
  const drift = problems.map(fromProblem);
  const notes = warnings.map(({ message, why }) => `${message}${why ? `: ${why}` : ""}`);
  const inspection: Inspection = { name: desired.name, idp: "okta", product: desired.product, drift, notes };

  const located = await locateOkta(okta, plan, knownId);
  if (!("application" in located)) {
    if (located.problem) drift.push(located.problem);
    return inspection;
  }
  const { application } = located;
  drift.push(...compareLooks(desired, application, consoleUrl(okta.org, application)));
  const scim = compareScim(desired, await readScimState(okta, application, desired));
  drift.push(...scim.drift);
  notes.push(...scim.notes);
  drift.push(...(await compareSignOn(plan, tenants)));
  if (desired.scim === "pending") return inspection;

  if (Object.keys(desired.profileMappings).length > 0) {
    const live = await profileMappingTo(okta, application.id);
    drift.push(...compareProfile(desired.profileMappings, live?.properties ?? {}));
  }
  const assignments = await assignmentsOf(plan, application.id, tenants);
  drift.push(...assignments.drift);
  notes.push(...assignments.notes);
  const pushes = await comparePushes(plan, application.id, tenants);
  drift.push(...pushes.drift);
  notes.push(...pushes.notes, ...tenants.takeWarnings());
  return inspection;
}

/** A change of these is reported and never made by itself, since a PUT of the application may wipe its SCIM settings. */
function compareLooks(
  { carrier, label, scim, userNameTemplate }: DesiredOktaApplication,
  application: OktaApplication,
  page: string,
): Finding[] {
  const drift: Finding[] = [];
  // Under `enabled` it is among the switches.
  if (application.status !== "ACTIVE" && scim !== "enabled") {
    drift.push({
      aspect: "application",
      message: `The application is ${application.status} in Okta: nothing is provisioned.`,
      help: `Activate it: ${page}`,
    });
  }
  if (carrier.kind === "existing") return drift;
  const help = `\`up\` leaves it alone, since a change of the application may wipe its SCIM settings: do it at ${page}`;
  if (application.label !== label) {
    drift.push({
      aspect: "label",
      message: `The application is labelled "${application.label}" in Okta, and "${label}" in the spec.`,
      help: `${help}, or change the spec.`,
    });
  }
  const wanted = watchedSettings(carrier, userNameTemplate);
  for (const wrong of wrongSettings(readSettings(application, wanted), wanted)) {
    drift.push({
      aspect: "settings",
      message: `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`,
      help: `${help}.`,
    });
  }
  const { iOS, web } = application.visibility.hide;
  if (carrier.kind === "swa" && !(iOS && web)) {
    drift.push({
      aspect: "visibility",
      message: `The application's icon is shown to users ${[web ? "" : "on the web", iOS ? "" : "on mobile"].filter(Boolean).join(" and ")}, and should be hidden: nobody signs in through it.`,
      help: `${help}.`,
    });
  }
  return drift;
}

async function assignmentsOf({ desired, assignments }: OktaPlan, appId: string, { context }: Tenants) {
  const inputs = {
    appId,
    assignments,
    exclusive: true,
    maxRemovals: desired.maxRemovals,
    pinned: [],
    provisioning: "on" as const,
    application: desired.name,
  };
  const observed = await appAssignments.read({ id: appId, inputs }, context);
  return compareAssignments(Object.keys(assignments), Object.keys(observed?.inputs.assignments ?? {}), {
    exclusive: desired.exclusive,
    endInRole: false,
  });
}

/** What of the declared profile mappings is otherwise in Okta, one finding for each attribute. */
export function compareProfile(
  declared: DesiredOktaApplication["profileMappings"],
  live: Record<string, ProfileMappingProperty>,
): Finding[] {
  return Object.entries(declared).flatMap(([name, { expression, push }]): Finding[] => {
    const found = live[name];
    const say = (message: string): Finding[] => [{ aspect: "profile", message, help: REPAIRED_BY_UP }];
    if (!found)
      return say(`The profile attribute ${name} is mapped from nothing; it should be ${expression}.`);
    if (found.expression !== expression) {
      return say(
        `The profile attribute ${name} is mapped from ${found.expression}; it should be ${expression}.`,
      );
    }
    if ((found.pushStatus === "PUSH") !== push) {
      return say(
        `The profile attribute ${name} is written ${push ? "at creation only, and should be at every change" : "at every change, and should be at creation only"}.`,
      );
    }
    return [];
  });
}

/** The second application, which people sign in through, with the same people. */
async function compareSignOn(plan: OktaPlan, tenants: Tenants): Promise<Finding[]> {
  const { oidc } = plan.desired;
  if (!oidc) return [];
  const application = plan.namesakes.find(
    ({ label, signOnMode }) => label === oidc.label && signOnMode === "OPENID_CONNECT",
  );
  if (!application) {
    const message = `There is no sign-on application labelled "${oidc.label}" in Okta.`;
    return [{ aspect: "application", message, help: "`up` makes it." }];
  }
  const { drift } = await assignmentsOf(plan, application.id, tenants);
  return drift.map((finding) => ({ ...finding, message: `${oidc.label}: ${finding.message}` }));
}
