import type { DesiredOktaApplication, OktaAssignment, OktaPush } from "../desired/model.ts";
import {
  type FindOktaApplicationsArgs,
  type FindOktaApplicationsResult,
  type FindOktaGroupsArgs,
  type FindOktaGroupsResult,
  type GroupPush,
  type ResolvedPrincipal,
  type ResolveOktaPrincipalsArgs,
  type ResolveOktaPrincipalsResult,
  TOKEN,
} from "../provider/contract.ts";
import type { Ask } from "./ask.ts";
import { describeDuplicates } from "./duplicates.ts";
import { oktaAssignmentKeys } from "./okta-inputs.ts";
import { checkPushes } from "./okta-push-problems.ts";
import type { Problem } from "./problems.ts";
import { describeRenamed, describeUnresolved, type Named } from "./unresolved.ts";

export type FoundApplication = FindOktaApplicationsResult["applications"][number];

/** How people sign in to each kind of application that rollcall makes, in Okta's words. */
const SIGN_ON_MODE = { swa: "AUTO_LOGIN", saml: "SAML_2_0", oidc: "OPENID_CONNECT" } as const;

/** Those that bear the label and that people sign in to as to the kind that rollcall makes. */
export function ofKind(
  namesakes: readonly FoundApplication[],
  kind: keyof typeof SIGN_ON_MODE,
  label: string,
): FoundApplication[] {
  return namesakes.filter((one) => one.signOnMode === SIGN_ON_MODE[kind] && one.label === label);
}

/** What the org said about one application before anything is made. */
export interface OktaPlan {
  desired: DesiredOktaApplication;
  /** `group:datahub-users` -> id. */
  assignments: Record<string, string>;
  /** Source group id -> push. */
  pushes: Record<string, GroupPush>;
  /** The application to be used as it is, when the spec names an existing one. */
  existing?: FoundApplication;
  /** Applications that bear one of its labels already. */
  namesakes: FoundApplication[];
}

export interface OktaPlans {
  plans: OktaPlan[];
  problems: Problem[];
  warnings: Problem[];
}

/** What the org answered, for all applications together. */
interface Answers {
  principals: ReadonlyMap<OktaAssignment | OktaPush, ResolvedPrincipal | undefined>;
  /** Prefix -> groups. */
  groups: ReadonlyMap<string, { id: string; name: string }[]>;
  applications: FoundApplication[];
}

/** More groups than this under one prefix are taken for a mistake: each costs requests of Okta's 100 a minute. */
const MOST_GROUPS_OF_A_PREFIX = 100;

/** Looks up everything that the applications name in the org. */
export async function planOkta(
  applications: readonly DesiredOktaApplication[],
  ask: Ask,
): Promise<OktaPlans> {
  if (applications.length === 0) return { plans: [], problems: [], warnings: [] };
  const answers = await lookUp(applications, ask);
  const plans = applications.map((desired) => toPlan(desired, answers));
  const pushes = await Promise.all(plans.map((plan) => checkPushes(plan, ask)));
  return {
    plans,
    problems: [
      ...applications.flatMap((desired) => describeNames(desired, answers, describeUnresolvedInOkta)),
      ...plans.flatMap((plan) => describeExisting(plan, answers)),
      ...plans.flatMap((plan, index) => describeShared(plan, plans.slice(0, index))),
      ...applications.flatMap((desired) => describePrefixes(desired, answers, "error")),
      ...pushes.flatMap(({ problems }) => problems),
    ],
    warnings: [
      ...applications.flatMap((desired) => describePrefixes(desired, answers, "warning")),
      ...applications.flatMap((desired) => describeInactive(desired, answers)),
      ...applications.flatMap((desired) => describeNames(desired, answers, describeRenamed)),
      ...pushes.flatMap(({ warnings }) => warnings),
      ...plans.flatMap(describeNamesakes),
    ],
  };
}

async function lookUp(applications: readonly DesiredOktaApplication[], ask: Ask): Promise<Answers> {
  const sources = applications.flatMap(({ assignments, pushGroups }) => [
    ...assignments,
    ...pushGroups.filter((push) => push.by === "name"),
  ]);
  const prefixes = [
    ...new Set(
      applications.flatMap(({ pushGroups }) =>
        pushGroups.flatMap((push) => (push.by === "prefix" ? [push.startsWith] : [])),
      ),
    ),
  ];
  const carriers = applications.map(({ carrier }) => carrier);
  const labels = [
    ...applications.flatMap(({ label, oidc }) => (oidc ? [label, oidc.label] : [label])),
    ...carriers.flatMap((carrier) => (carrier.kind === "existing" && carrier.label ? [carrier.label] : [])),
  ];
  const { principals } = await ask<ResolveOktaPrincipalsArgs, ResolveOktaPrincipalsResult>(
    TOKEN.resolveOktaPrincipals,
    {
      principals: sources.map((source) => ({
        kind: kindOf(source),
        name: source.name,
        ...(source.id && { id: source.id }),
      })),
    },
  );
  const { matches } = await ask<FindOktaGroupsArgs, FindOktaGroupsResult>(TOKEN.findOktaGroups, { prefixes });
  const found = await ask<FindOktaApplicationsArgs, FindOktaApplicationsResult>(TOKEN.findOktaApplications, {
    labels: [...new Set(labels)],
    ids: carriers.flatMap((carrier) => (carrier.kind === "existing" && carrier.id ? [carrier.id] : [])),
  });
  return {
    principals: new Map(sources.map((source, index) => [source, principals[index]])),
    groups: new Map(matches.map(({ prefix, groups }) => [prefix, groups])),
    applications: found.applications,
  };
}

function toPlan(desired: DesiredOktaApplication, { principals, groups, applications }: Answers): OktaPlan {
  const assignments = [...oktaAssignmentKeys(desired.assignments)].flatMap(([assignment, key]) => {
    const id = principals.get(assignment)?.id;
    return id ? [[key, id]] : [];
  });
  const pushes = new Map<string, GroupPush>();
  // A group that the spec names counts as named, whatever prefix it begins with too.
  for (const push of desired.pushGroups.toSorted((one, other) => one.by.localeCompare(other.by))) {
    const common = { status: "ACTIVE", deleteTargetGroup: push.deleteTargetGroup } as const;
    if (push.by === "name") {
      const found = principals.get(push);
      // One that is pinned may be called otherwise by now, and arrives under the name that it has.
      if (found?.id) pushes.set(found.id, { name: found.displayName || push.name, ...common });
    } else {
      for (const { id, name } of groups.get(push.startsWith) ?? []) {
        if (!pushes.has(id)) pushes.set(id, { name, prefix: push.startsWith, ...common });
      }
    }
  }
  const candidates = existingCandidates(desired, applications);
  const [existing] = candidates.length === 1 ? candidates : [];
  return {
    desired,
    assignments: Object.fromEntries(assignments),
    pushes: Object.fromEntries(pushes),
    ...(existing && { existing }),
    namesakes: applications.filter(({ label }) => label === desired.label || label === desired.oidc?.label),
  };
}

function existingCandidates(
  { carrier }: DesiredOktaApplication,
  applications: FoundApplication[],
): FoundApplication[] {
  if (carrier.kind !== "existing") return [];
  return applications.filter(({ id, label }) => (carrier.id ? id === carrier.id : label === carrier.label));
}

function kindOf(source: OktaAssignment | OktaPush): Named["kind"] {
  return "kind" in source ? source.kind : "group";
}

const describeUnresolvedInOkta = (named: Named, principal: ResolvedPrincipal | undefined) =>
  describeUnresolved("okta", named, principal);

function describeNames(
  { assignments, pushGroups }: DesiredOktaApplication,
  { principals }: Answers,
  describe: typeof describeRenamed,
): Problem[] {
  const pushes = pushGroups.filter((push) => push.by === "name");
  return [
    ...assignments.flatMap((one) => describe(one, principals.get(one))),
    ...pushes.flatMap((one) => describe({ ...one, kind: "group" }, principals.get(one))),
  ];
}

function describeExisting({ desired, existing }: OktaPlan, { applications }: Answers): Problem[] {
  const { carrier, at } = desired;
  if (carrier.kind !== "existing" || existing) return [];
  const candidates = existingCandidates(desired, applications);
  const meant = carrier.id ? `with the id ${carrier.id}` : `"${carrier.label}"`;
  return candidates.length === 0
    ? [
        {
          code: "unknown-application",
          at,
          message: `there is no application ${meant} in Okta`,
          why: "a label counts letter by letter",
          help: "write it as Applications in Okta's console has it, or the id from the application's address there",
        },
      ]
    : [
        {
          code: "ambiguous-application",
          at,
          message: `there are ${candidates.length} applications ${meant} in Okta`,
          why: "rollcall does not guess which of them people sign in through",
          help: `pin one of them with id: ${candidates.map(({ id, signOnMode }) => `${id} (${signOnMode})`).join(", or ")}`,
        },
      ];
}

function describeShared({ desired, existing }: OktaPlan, others: OktaPlan[]): Problem[] {
  const other = existing && others.find((one) => one.existing?.id === existing.id);
  if (!other) return [];
  return [
    {
      code: "shared-application",
      at: desired.at,
      message: `${desired.name} uses the same application of Okta as ${other.desired.name}, "${existing.label}"`,
      why: "what one of them takes out of it, the other may be meant to keep in",
      help: "name another application, or write both as one",
    },
  ];
}

function describeNamesakes({ desired, namesakes }: OktaPlan): Problem[] {
  const { at, label, carrier, oidc } = desired;
  const describe = (kind: keyof typeof SIGN_ON_MODE, name: string) =>
    describeDuplicates(
      at,
      `label "${name}"`,
      ofKind(namesakes, kind, name).map(({ id }) => id),
    );
  return [
    ...(carrier.kind === "existing" ? [] : describe(carrier.kind, label)),
    ...(oidc ? describe("oidc", oidc.label) : []),
  ];
}

function describePrefixes(
  { pushGroups }: DesiredOktaApplication,
  { groups }: Answers,
  severity: "error" | "warning",
): Problem[] {
  return pushGroups.flatMap((push): Problem[] => {
    if (push.by !== "prefix") return [];
    const { at, startsWith } = push;
    const { length } = groups.get(startsWith) ?? [];
    if (severity === "warning" && length === 0) {
      return [
        {
          code: "empty-prefix",
          at,
          message: `no group's name begins with "${startsWith}", so none is pushed`,
        },
      ];
    }
    if (severity === "error" && length > MOST_GROUPS_OF_A_PREFIX) {
      return [
        {
          code: "wide-prefix",
          at,
          message: `${length} groups begin with "${startsWith}"`,
          why: `more than ${MOST_GROUPS_OF_A_PREFIX} are taken for a mistake: each push costs requests, and a push is hard to take back`,
          help: "write a longer prefix, or several",
        },
      ];
    }
    return [];
  });
}

function describeInactive({ assignments }: DesiredOktaApplication, { principals }: Answers): Problem[] {
  return assignments
    .filter((assignment) => principals.get(assignment)?.problem === "disabled")
    .map(({ at, name }) => ({
      code: "inactive-user",
      at,
      message: `${name} is not ACTIVE in Okta`,
      why: "Okta provisions only people who are: this one arrives once they are activated",
    }));
}
