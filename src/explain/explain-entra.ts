import { expectedArrivals } from "../desired/expected-arrivals.ts";
import { inScope } from "../desired/expected-entra.ts";
import type { DesiredEntraApplication, EntraAssignment } from "../desired/model.ts";
import type { EntraGroup, EntraUser } from "../directory/entra.ts";
import type { Directories } from "../directory/load.ts";
import { attributesRead } from "../expressions/ast.ts";
import { unevaluableParts } from "../expressions/check.ts";
import type { AttributeValues } from "../expressions/evaluate.ts";
import { printExpression } from "../expressions/print.ts";
import { groupsInScope, scopeGroup } from "../provisioning/entra/groups.ts";
import type { AttributePlan, ObjectPlan } from "../provisioning/entra/plan.ts";
import { type Run, startRun } from "../provisioning/entra/run.ts";
import { groupAttributes, userAttributes } from "../provisioning/entra/source-attributes.ts";
import { type SourceObject, synchronizeObject } from "../provisioning/entra/synchronize.ts";
import { type ScopedUser, scopeUser, scopeUsers, syncOptions } from "../provisioning/entra/users.ts";
import { conflictsOf, sameEmail } from "./conflicts.ts";
import { entraInput } from "./entra-input.ts";
import { everybodyIn, referenceRequests } from "./entra-references.ts";
import {
  type ExplainedAttribute,
  type Explanation,
  NO_VALUE,
  NOBODY_THERE,
  REFERENCE,
} from "./explanation.ts";
import { firstContact } from "./first-contact.ts";
import { joinKeys } from "./join-keys.ts";
import { outcomeForAbsent, outcomeForGroup, outcomeForUser } from "./outcome.ts";

const EMAIL = 'emails[type eq "work"].value';

/** What Entra would send for a person, with the spec's mappings over the template's. */
export function explainEntraUser(
  application: DesiredEntraApplication,
  directories: Directories,
  user: EntraUser,
  now: Date,
): Explanation {
  const run = startRun(entraInput(application, directories.entra, now));
  const plan = planOf(run.userPlan);
  const scoped = scopeUser(run, plan, user);
  const { entitlement, source } = scoped;
  const roles = application.scope === "all" ? [] : (run.access.users.get(user.id) ?? []);
  const entitled = entitlement.state === "entitled";
  const matched = plan.matching.some((attribute) => source.mapped.values.has(attribute));
  const arrives = entitled && matched && source.mapped.failure === null;
  const values = userAttributes(user, !entitled, roles);
  const userName = mappedText(scoped, "userName");
  const requests = arrives ? requestsFor(run, plan, source) : [];
  const names = everybodyIn(run, plan, planOf(run.groupPlan));
  const attributes = arrives ? explainAttributes(plan, source, values, names) : [];
  const role = [...new Set(roles.flatMap((one) => one.value ?? []))].join(" and ");
  return {
    ...heading(application),
    subject: { kind: "user", name: user.userPrincipalName, displayName: user.displayName, id: user.id },
    access: {
      arrives,
      via: grantsOf(application, directories, user),
      why: [...whyUser(application, directories, user, entitlement.state), ...pausedNote(application)],
      ...(role ? { role } : {}),
    },
    attributes,
    requests: arrives ? [...requests, ...referenceRequests(run, user.id)] : [],
    joinKeys: joinKeys(application, attributes, {
      value: user.id,
      from: "the claim oid of Entra's tokens (the claim sub differs for each application)",
    }),
    outcome: arrives
      ? outcomeForUser(application, directories, { id: user.id, attributes })
      : outcomeForAbsent(
          application,
          !entitled ? "deactivated" : source.mapped.failure ? "failing" : "linked",
        ),
    conflicts: [
      ...(source.mapped.failure ? [source.mapped.failure.message] : []),
      ...conflictsOf(expectedArrivals(application, directories), [
        user.userPrincipalName,
        userName,
        ...directories.entra.groups
          .filter(({ members }) => members.includes(user.id))
          .map(({ displayName }) => displayName),
      ]),
      ...(arrives ? sameEmail(mappedText(scoped, EMAIL), othersIn(run, user)) : []),
    ],
  };
}

export function explainEntraGroup(
  application: DesiredEntraApplication,
  directories: Directories,
  group: EntraGroup,
  now: Date,
): Explanation {
  const run = startRun(entraInput(application, directories.entra, now));
  const plan = planOf(run.groupPlan);
  const { source } = scopeGroup(plan, group);
  const assigned = application.scope === "all" || run.access.groups.has(group.id);
  const arrives = groupsInScope(run, plan).includes(group) && source.mapped.failure === null;
  const inside = directories.entra.groups.filter((one) => group.members.includes(one.id));
  const requests = arrives ? requestsFor(run, plan, source) : [];
  const names = everybodyIn(run, planOf(run.userPlan), plan);
  return {
    ...heading(application),
    subject: { kind: "group", name: group.displayName, displayName: group.displayName, id: group.id },
    access: {
      arrives,
      via: ownAssignments(application, directories, group).map(
        ({ role }) => `its own assignment${role === undefined ? "" : ` as ${role}`}`,
      ),
      why: [
        assigned
          ? "It is assigned, and Entra sends assigned groups with those members who are in."
          : "It is not assigned. That a group it stands in is assigned would not count: Entra does not expand groups.",
        ...pausedNote(application),
        ...inside.map(
          ({ displayName }) =>
            `The group ${displayName} inside it gives nobody access: Entra does not expand it.`,
        ),
      ],
    },
    attributes: arrives ? explainAttributes(plan, source, groupAttributes(group), names) : [],
    requests: arrives ? [...requests, ...referenceRequests(run, group.id)] : [],
    outcome: outcomeForGroup(application, directories, group.displayName, arrives),
    conflicts: [
      ...(source.mapped.failure ? [source.mapped.failure.message] : []),
      ...conflictsOf(expectedArrivals(application, directories), [group.displayName]),
    ],
  };
}

function ownAssignments(
  application: DesiredEntraApplication,
  directories: Directories,
  group: EntraGroup,
): EntraAssignment[] {
  if (application.scope === "all" || !scopeOf(application, directories).groups.includes(group)) return [];
  const wanted = group.displayName.toLowerCase();
  return application.assignments.filter(
    ({ kind, name, id }) =>
      kind === "group" && (id === undefined ? name.toLowerCase() === wanted : id === group.id),
  );
}

const heading = ({ name, product }: DesiredEntraApplication) =>
  ({ application: name, product, idp: "entra" }) as const;

function planOf(plan: ObjectPlan | null): ObjectPlan {
  if (!plan) throw new TypeError("the template of custom applications maps users and groups");
  return plan;
}

/** Whom the spec means, as an expectation has it; conflicts are told from there. */
const scopeOf = (application: DesiredEntraApplication, { entra }: Directories) =>
  inScope(application, entra, []);

function grantsOf(application: DesiredEntraApplication, directories: Directories, user: EntraUser): string[] {
  return (scopeOf(application, directories).grants.get(user.id) ?? []).map(({ via }) => via);
}

function whyUser(
  application: DesiredEntraApplication,
  directories: Directories,
  user: EntraUser,
  state: "entitled" | "disabled" | "soft-deleted" | "unassigned" | "filtered",
): string[] {
  switch (state) {
    case "entitled":
      return [`In by ${grantsOf(application, directories, user).join(", and by ")}.`];
    case "disabled":
      return [
        "Blocked from signing in (accountEnabled is false): Entra does not create such a person, and deactivates one who is in.",
      ];
    case "soft-deleted":
      return ["In the recycle bin of the tenant: Entra deactivates such a person."];
    case "filtered":
      return ["The mapping's scoping filter leaves this person out."];
    case "unassigned":
      return ["No assignment of the spec reaches this person.", ...nestedIn(application, directories, user)];
  }
}

/** Groups inside assigned groups are the usual reason for somebody who should be in and is not. */
function nestedIn(application: DesiredEntraApplication, directories: Directories, user: EntraUser): string[] {
  const own = directories.entra.groups.filter(({ members }) => members.includes(user.id));
  return scopeOf(application, directories).groups.flatMap(({ displayName, members }) =>
    own
      .filter((inner) => members.includes(inner.id))
      .map(
        (inner) =>
          `A member of ${inner.displayName}, which stands inside the assigned ${displayName}: Entra does not expand groups, so assign ${inner.displayName} if that is meant.`,
      ),
  );
}

function explainAttributes(
  plan: ObjectPlan,
  { mapped }: SourceObject,
  source: AttributeValues,
  names: Map<string, string>,
): ExplainedAttribute[] {
  const references = plan.references.map(({ target, sourceAttribute }): ExplainedAttribute => {
    const referred = source[sourceAttribute] ?? null;
    const value = Array.isArray(referred)
      ? referred.flatMap((id) => names.get(id) ?? [])
      : (names.get(String(referred)) ?? null);
    const none = value === null || value.length === 0;
    const expression = `[${sourceAttribute}]`;
    const given = { [sourceAttribute]: referred };
    if (none)
      return {
        target,
        expression,
        source: given,
        value: null,
        note: referred === null ? NO_VALUE : NOBODY_THERE,
      };
    return { target, expression, source: given, value, note: REFERENCE };
  });
  return [
    ...plan.attributes.map((attribute) => explainAttribute(attribute, mapped.values.get(attribute), source)),
    ...references,
  ];
}

function explainAttribute(
  attribute: AttributePlan,
  mapped: string | string[] | boolean | undefined,
  source: AttributeValues,
): ExplainedAttribute {
  const { target, expression, defaultValue, apply, matchingPriority } = attribute;
  const value = mapped ?? defaultValue;
  const names = expression ? attributesRead(expression) : [];
  const tenantOnly = expression ? unevaluableParts(expression) : [];
  const notes = [
    ...(tenantOnly.length > 0
      ? [`not evaluable offline: only a tenant evaluates ${tenantOnly.join(", ")}`]
      : value === null
        ? [NO_VALUE]
        : []),
    ...(mapped === undefined && defaultValue !== null ? ["the mapping's default value"] : []),
    ...(apply === "on-create" ? ["when the person is created, and not later"] : []),
    ...(matchingPriority > 0 ? [`matched on (${matchingPriority})`] : []),
  ];
  return {
    target,
    expression: expression ? printExpression(expression) : null,
    source: Object.fromEntries(names.map((name) => [name, source[name] ?? null])),
    value,
    ...(notes.length > 0 ? { note: notes.join("; ") } : {}),
  };
}

const requestsFor = (run: Run, plan: ObjectPlan, source: SourceObject) =>
  firstContact(source.displayName, synchronizeObject(source, undefined, syncOptions(run, plan)));

function othersIn(run: Run, user: EntraUser): { name: string; email: string | null }[] {
  return scopeUsers(run)
    .filter((other) => other.user.id !== user.id && other.entitlement.state === "entitled")
    .map((other) => ({ name: other.user.userPrincipalName, email: mappedText(other, EMAIL) }));
}

function mappedText({ source }: ScopedUser, target: string): string | null {
  const found = [...source.mapped.values].find(([attribute]) => attribute.target === target);
  return typeof found?.[1] === "string" ? found[1] : null;
}

const pausedNote = ({ provisioning }: DesiredEntraApplication) =>
  provisioning.status === "paused"
    ? ["The job is paused in the spec: nothing is sent until it says status: running."]
    : [];
