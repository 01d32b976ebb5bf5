import * as pulumi from "@pulumi/pulumi";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { pinnedKeys } from "./distinct-keys.ts";
import { OktaApplication } from "./okta-application.ts";
import { oktaAssignmentKeys, pinnedOktaPushes } from "./okta-inputs.ts";
import type { OktaPlan } from "./okta-plan.ts";
import { setupSteps } from "./okta-setup.ts";

/**
 * Makes one application of Okta; returns what people want to know about it.
 * @param file of the spec, for the step that a person does
 */
export function makeOkta(
  { desired, assignments, pushes, existing, namesakes }: OktaPlan,
  file: string,
  options: pulumi.ComponentResourceOptions,
) {
  const { name, label, scimUrl, scim, carrier, oidc, pushGroups } = desired;
  const made = new OktaApplication(
    name,
    {
      label,
      carrier: carrier.kind === "existing" ? { ...named(carrier), id: existing?.id ?? "" } : carrier,
      signOnUrl: new URL(scimUrl).origin,
      ...(oidc && { oidc }),
      scim,
      assignments,
      pinned: pinnedKeys(oktaAssignmentKeys(desired.assignments)),
      pushes,
      prefixes: pushGroups.flatMap((push) => (push.by === "prefix" ? [push.startsWith] : [])),
      pinnedPushes: pinnedOktaPushes(pushGroups),
      exclusive: desired.exclusive,
      maxRemovals: desired.maxRemovals,
      profileMappings: desired.profileMappings,
      userNameTemplate: desired.userNameTemplate,
      namesakes,
    },
    { ...options, protect: desired.protect },
  );
  const toDo = made.setupUrl.apply((setupUrl) => instructions(desired, setupUrl, file));
  made.notProvisioned.apply((logins) => remindToProvision(made, name, logins));
  return {
    identityProvider: "Okta",
    label,
    scimUrl,
    applicationId: made.applicationId,
    setupUrl: made.setupUrl,
    toDo,
  };
}

/** By its label, unless the spec gives its id. */
function named({ id, label }: { id?: string; label?: string }) {
  return { kind: "existing" as const, ...(label !== undefined && id === undefined && { foundBy: label }) };
}

/** What a person has still to do; said once the application is there. */
function instructions(
  { name, oidc, scim, scimUrl, token, pushGroups }: DesiredOktaApplication,
  setupUrl: string,
  file: string,
): string[] {
  if (scim !== "pending") return [];
  const steps = setupSteps({
    setupUrl,
    scimUrl,
    secret: token.secret,
    pushesGroups: pushGroups.length > 0,
    file,
    application: name,
  });
  void pulumi.log.info(
    [
      `${name}: Okta has no API for the next step, so a person does it, once. rollcall assigns nobody before${oidc ? `, but for signing on, to ${oidc.label}` : ""}.`,
      ...steps,
    ].join("\n"),
  );
  return steps;
}

function remindToProvision(made: OktaApplication, name: string, logins: string[] | undefined): void {
  if (!logins || logins.length === 0) return;
  void pulumi.log.warn(
    `${name}: ${some(logins)} ${logins.length === 1 ? "was" : "were"} assigned while SCIM was off, and Okta does not provision them by itself: press "Provision User" in the Assignments tab.`,
    made,
  );
}

const NAMED = 20;

function some(logins: string[]): string {
  const more = logins.length - NAMED;
  return `${logins.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
