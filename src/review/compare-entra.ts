import type { DesiredEntraApplication } from "../desired/model.ts";
import { count, type Say, type Subject } from "./change.ts";
import { compareMappings } from "./compare-mappings.ts";
import { compareRoles } from "./compare-roles.ts";

/** What two versions of one application of Entra differ in, access and endpoint aside. */
export function compareEntra(
  before: DesiredEntraApplication,
  after: DesiredEntraApplication,
  { label, say, isNew, population }: Subject,
): void {
  if (before.scope !== after.scope) {
    if (after.scope === "all")
      say("gain", `everybody in the tenant gains access to ${label}: its scope is all`);
    else say("removal", `everybody without an assignment loses access to ${label}: its scope is assigned`);
  }
  compareRoles(before.roles, after.roles, label, say);
  const mappings = compareMappings(before.mappings, after.mappings);
  for (const line of mappings) say("warning", `${label}: ${line}`);
  if (mappings.length > 0 && !isNew)
    say(
      "warning",
      `the mappings of ${label} change, so Entra evaluates all ${population === undefined ? "users" : count(population, "user")} of the application again`,
    );
  compareProvisioning(before, after, label, say);
  if (before.displayName !== after.displayName)
    say("other", `the enterprise application ${before.displayName} is renamed to ${after.displayName}`);
  if (before.tenantUrl !== after.tenantUrl && before.scimUrl === after.scimUrl)
    say(
      "warning",
      `Entra writes to ${label} in another form of PATCH (aadOptscim062020): try it with one person before all`,
    );
}

function compareProvisioning(
  { provisioning: before }: DesiredEntraApplication,
  { provisioning: after }: DesiredEntraApplication,
  label: string,
  say: Say,
): void {
  if (before.status !== after.status) {
    if (after.status === "paused")
      say("warning", `provisioning of ${label} is paused: nobody is created, changed or deactivated`);
    else say("change", `provisioning of ${label} is started`);
  }
  if (before.accidentalDeletionThreshold !== after.accidentalDeletionThreshold)
    say(
      "warning",
      `${label}: Entra stops and asks above ${threshold(after.accidentalDeletionThreshold)} in one cycle, instead of ${threshold(before.accidentalDeletionThreshold)}`,
    );
  if (before.notify !== after.notify)
    say(
      "other",
      `failures of ${label} are mailed to ${after.notify ?? "nobody"} instead of ${before.notify ?? "nobody"}`,
    );
  if (before.onDelete !== after.onDelete)
    say(
      "other",
      `when the job of ${label} is deleted, its mappings are ${after.onDelete === "reset" ? "reset" : "left"}`,
    );
}

const threshold = (value: number | undefined) =>
  value === undefined ? "no number of deletions" : `${value} deletions`;
