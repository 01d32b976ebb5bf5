import { expectedArrivals } from "../desired/expected-arrivals.ts";
import type { DesiredApplication, DesiredState, ScimGroupMapping } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import { type Change, count, makeLabel, type Say, type Subject, sortChanges } from "./change.ts";
import { compareAccess } from "./compare-access.ts";
import { compareEntra } from "./compare-entra.ts";
import { compareOkta } from "./compare-okta.ts";
import { comparePeople } from "./compare-people.ts";
import { startingPoint } from "./starting-point.ts";

/** What separates two states of the tenants. Removals first. */
export interface DesiredDiff {
  changes: Change[];
  /** The same for single people; absent where no directory was given. */
  people?: Change[];
}

/**
 * Compares what two specs ask of the tenants. Equal states have no changes.
 * @param directories for what it means for single people
 */
export function compareDesired(
  before: DesiredState | undefined,
  after: DesiredState,
  directories?: Directories,
): DesiredDiff {
  const changes: Change[] = [];
  const people: Change[] = [];
  const old = new Map(before?.applications.map((application) => [application.name, application]));
  const now = new Map(after.applications.map((application) => [application.name, application]));
  const label = makeLabel([...old.values(), ...now.values()]);
  const sayFor =
    (list: Change[], application: string): Say =>
    (effect, sentence) =>
      list.push({ application, effect, sentence });

  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name), now.get(name)];
    const known = is ?? was;
    if (!known) continue;
    const population = is && directories ? peopleIn(is, directories) : undefined;
    compareApplications(was, is, {
      label: label(known),
      say: sayFor(changes, name),
      isNew: false,
      ...(population === undefined ? {} : { population }),
    });
    if (is && !was) warnOfNewKey(is, [...old.values()], now, sayFor(changes, name));
    if (directories) comparePeople(was, is, directories, label(known), sayFor(people, name));
  }
  return {
    changes: sortChanges(changes),
    ...(directories ? { people: sortChanges(people) } : {}),
  };
}

const peopleIn = (application: DesiredApplication, directories: Directories) =>
  expectedArrivals(application, directories).users.filter(({ active }) => active).length;

/** The key is part of every resource's name, so a new one is a new application. */
function warnOfNewKey(
  is: DesiredApplication,
  before: DesiredApplication[],
  now: ReadonlyMap<string, DesiredApplication>,
  say: Say,
): void {
  const was = before.find((one) => !now.has(one.name) && nameInTenant(one) === nameInTenant(is));
  if (!was) return;
  say(
    "warning",
    `${was.name} and ${is.name} are two applications to rollcall, and both are called ${nameInTenant(is)}: \`up\` stops at the one that is there. Keep the key ${was.name} if it is meant to stay`,
  );
}

const nameInTenant = (application: DesiredApplication) =>
  `"${application.idp === "entra" ? application.displayName : application.label}" in ${PROVIDERS[application.idp]}`;

const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" } as const;

function compareApplications(
  before: DesiredApplication | undefined,
  after: DesiredApplication | undefined,
  subject: Subject,
): void {
  const { label, say } = subject;
  const replaced = before && after && (before.idp !== after.idp || before.product !== after.product);
  if (before && (!after || replaced)) {
    say(
      "removal",
      `${label} from ${PROVIDERS[before.idp]} is removed with its ${count(before.assignments.length, "assignment")}: nobody there is provisioned any more, and people stay in the product as they are`,
    );
  }
  if (before && after && !replaced) compareVersions(before, after, subject);
  if (!after || (before && !replaced)) return;
  say(
    "gain",
    `${label} is provisioned from ${PROVIDERS[after.idp]} at ${after.scimUrl}${after.idp === "entra" && after.provisioning.status === "paused" ? ", paused at first" : ""}`,
  );
  compareVersions(startingPoint(after), after, { ...subject, isNew: true });
}

function compareVersions(before: DesiredApplication, after: DesiredApplication, subject: Subject): void {
  compareAccess(before, after, subject.label, subject.say);
  compareCommon(before, after, subject.label, subject.say);
  if (before.idp === "entra" && after.idp === "entra") compareEntra(before, after, subject);
  if (before.idp === "okta" && after.idp === "okta") compareOkta(before, after, subject);
}

function compareCommon(before: DesiredApplication, after: DesiredApplication, label: string, say: Say): void {
  if (before.scimUrl !== after.scimUrl) {
    const what =
      after.idp === "entra"
        ? "the job is restarted in full, and people at the old endpoint stay as they are"
        : "a person has to enter it in Okta, and people at the old endpoint stay as they are";
    say("warning", `${label} moves from ${before.scimUrl} to ${after.scimUrl}: ${what}`);
  }
  if (before.token.secret !== after.token.secret)
    say(
      "warning",
      `${label} signs in with the secret ${after.token.secret} instead of ${before.token.secret}`,
    );
  if (before.token.expires !== after.token.expires)
    say(
      "other",
      `the token of ${label} ${after.token.expires ? `ends on ${after.token.expires}` : "has no end that is known"}`,
    );
  if (before.exclusive !== after.exclusive)
    say(
      after.exclusive ? "removal" : "warning",
      after.exclusive
        ? `whoever is in ${label} and not declared is taken out from now on`
        : `whoever is in ${label} and not declared may stay from now on`,
    );
  if (before.maxRemovals !== after.maxRemovals)
    say(
      "warning",
      `one update may take ${after.maxRemovals} out of ${label} instead of ${before.maxRemovals}`,
    );
  if (before.protect !== after.protect)
    say(
      "warning",
      `${label} is ${after.protect ? "protected from deletion" : "no longer protected from deletion"}`,
    );
  compareGroupMappings(before.scimGroupMappings, after.scimGroupMappings, label, say);
}

function compareGroupMappings(
  before: ScimGroupMapping[],
  after: ScimGroupMapping[],
  label: string,
  say: Say,
): void {
  const old = new Set(before.map(describeMapping));
  const now = new Set(after.map(describeMapping));
  const lost = [...old].filter((one) => !now.has(one));
  const gained = [...now].filter((one) => !old.has(one));
  for (const one of lost) say("removal", `${one} no longer, in ${label}`);
  for (const one of gained) say("gain", `${one}, in ${label}`);
  if (lost.length + gained.length > 0)
    say(
      "warning",
      `the group mappings of ${label} take effect once a person has put what \`rollcall export\` prints into its settings`,
    );
}

const describeMapping = (mapping: ScimGroupMapping) =>
  mapping.type === "organizationOwner"
    ? `members of ${mapping.scimGroup} are Organization Owners`
    : `members of ${mapping.scimGroup} are ${mapping.teamMemberRole} of the team ${mapping.teamId}`;
