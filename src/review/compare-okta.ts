import type { DesiredOktaApplication } from "../desired/model.ts";
import type { Subject } from "./change.ts";
import { comparePushes } from "./compare-pushes.ts";

/** What two versions of one application of Okta differ in, access and endpoint aside. */
export function compareOkta(
  before: DesiredOktaApplication,
  after: DesiredOktaApplication,
  { label, say, isNew }: Subject,
): void {
  if (JSON.stringify(before.carrier) !== JSON.stringify(after.carrier))
    say(
      "warning",
      `${label} gets another application in Okta (${after.carrier.kind}): a person has to switch SCIM on there again`,
    );
  comparePushes(before.pushGroups, after.pushGroups, label, say);
  if (before.scim !== after.scim) {
    if (after.scim === "enabled")
      say(
        "change",
        `SCIM of ${label} counts as switched on: from now on people are assigned and groups pushed`,
      );
    else if (after.scim === "paused")
      say("warning", `SCIM of ${label} is paused: nobody is created, changed or deactivated`);
    else
      say("warning", `SCIM of ${label} counts as not switched on: assignments and pushes wait for a person`);
  }
  for (const name of keysOf(before.profileMappings, after.profileMappings)) {
    const [old, now] = [before.profileMappings[name], after.profileMappings[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    say(
      "warning",
      `${label}: the profile's ${name} is ${now ? `mapped from ${now.expression} at ${now.push ? "every change" : "creation only"}` : "not mapped"}${isNew ? "" : ", so Okta sends everybody again"}`,
    );
  }
  if (before.userNameTemplate !== after.userNameTemplate)
    say(
      "warning",
      `${label}: userName comes from ${after.userNameTemplate} instead of ${before.userNameTemplate}${isNew ? "" : ", which makes new people of those who are there"}`,
    );
  if (before.label !== after.label)
    say(
      "other",
      `the application ${before.label} is to be called ${after.label}; a person renames it, since an update by API may wipe SCIM`,
    );
  if (JSON.stringify(before.oidc) !== JSON.stringify(after.oidc))
    say(
      "warning",
      `the sign-on application beside ${label} ${after.oidc ? (before.oidc ? "changes" : "is made") : "is removed: people can no longer sign in through it"}`,
    );
}

const keysOf = (...records: object[]) => [...new Set(records.flatMap((record) => Object.keys(record)))];
