import type { AttributeMapping, DesiredEntraApplication } from "../desired/model.ts";
import { count, type Say } from "./change.ts";

/** What two versions of one application of Entra differ in, access and endpoint aside. */
export function compareEntra(
  before: DesiredEntraApplication,
  after: DesiredEntraApplication,
  label: string,
  say: Say,
  /** How many people are in, where that is known. */
  population?: number,
): void {
  if (before.scope !== after.scope) {
    if (after.scope === "all")
      say("gain", `everybody in the tenant gains access to ${label}: its scope becomes all`);
    else
      say("removal", `everybody without an assignment loses access to ${label}: its scope becomes assigned`);
  }
  compareRoles(before, after, label, say);
  compareMappings(before, after, label, say, population);
  compareProvisioning(before, after, label, say);
  if (before.displayName !== after.displayName)
    say("other", `the enterprise application ${before.displayName} is renamed to ${after.displayName}`);
  if (before.tenantUrl !== after.tenantUrl && before.scimUrl === after.scimUrl)
    say(
      "warning",
      `Entra writes to ${label} in another form of PATCH (aadOptscim062020): try it with one person before all`,
    );
}

function compareRoles(
  before: DesiredEntraApplication,
  after: DesiredEntraApplication,
  label: string,
  say: Say,
): void {
  const values = (application: DesiredEntraApplication) => application.roles.map(({ value }) => value);
  for (const role of values(before).filter((value) => !values(after).includes(value)))
    say(
      "removal",
      `the role ${role} is removed from ${label}: whoever holds it loses it, assignments made by hand included`,
    );
  for (const role of values(after).filter((value) => !values(before).includes(value)))
    say("other", `${label} gets the role ${role}`);
}

function compareMappings(
  before: DesiredEntraApplication,
  after: DesiredEntraApplication,
  label: string,
  say: Say,
  population: number | undefined,
): void {
  const lines = [
    ...(before.mappings.base === after.mappings.base
      ? []
      : [
          after.mappings.base === "exact"
            ? "the template's mappings go"
            : "the template's mappings come back",
        ]),
    ...mappingLines(before.mappings.user, after.mappings.user),
    ...mappingLines(before.mappings.group ?? {}, after.mappings.group ?? {}).map(
      (line) => `${line} (groups)`,
    ),
  ];
  if (lines.length === 0) return;
  for (const line of lines) say("warning", `${label}: ${line}`);
  say(
    "warning",
    `the mappings of ${label} change, so Entra evaluates all ${population === undefined ? "users" : count(population, "user")} of the application again`,
  );
}

function mappingLines(
  before: Record<string, AttributeMapping>,
  after: Record<string, AttributeMapping>,
): string[] {
  const targets = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return targets.flatMap((target) => {
    const [old, now] = [before[target], after[target]];
    if (!now) return [`${target} is no longer mapped from ${old?.expression}`];
    if (!old) return [`${target} is mapped from ${now.expression}`];
    if (old.expression !== now.expression)
      return [`${target} is mapped from ${now.expression} instead of ${old.expression}`];
    return JSON.stringify(settings(old)) === JSON.stringify(settings(now))
      ? []
      : [`the mapping of ${target} is now ${describe(now)}`];
  });
}

const settings = ({ matchingPriority, apply, defaultValue }: AttributeMapping) => [
  matchingPriority,
  apply,
  defaultValue ?? "",
];

const describe = ({ matchingPriority, apply, defaultValue }: AttributeMapping) =>
  [
    matchingPriority > 0 ? `matched on (${matchingPriority})` : "not matched on",
    apply === "always" ? "applied always" : "applied on creation only",
    defaultValue ? `with ${JSON.stringify(defaultValue)} where there is no value` : "without a default value",
  ].join(", ");

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
