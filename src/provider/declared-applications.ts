import type { DeclaredApplication, DeclaredApplicationsInputs } from "./contract.ts";
import type { Context, Resource } from "./engine/resource.ts";
import { assertRemovalsAllowed, listed } from "./removal-limit.ts";
import { whoLoses } from "./who-loses.ts";

type Inputs = DeclaredApplicationsInputs;
type Named = [name: string, application: DeclaredApplication];

const ID = "applications";

/**
 * Remembers which applications the spec declares and who is in. There is nothing of it in a tenant: without it, taking a whole
 * application out of the spec would be a mere deletion, in which nobody counts whom it takes out.
 */
export const declaredApplications: Resource<Inputs, Inputs> = {
  replaceOn: [],
  policies: ["applications"],

  // Who is in is told by the assignments' own diff; here only an application that comes or goes is a change.
  comparable: (inputs, next) => (sameApplications(inputs, next) ? next : inputs),

  async plan({ inputs, next }, context) {
    const leaving = without(inputs, next);
    refuseNewKeys(leaving, without(next, inputs));
    for (const [name, application] of leaving) {
      const losing = await whoLoses(application, context);
      const stays = next.applications[name]?.idp === application.idp;
      tell(stays ? `${name} becomes another application in Okta` : `${name} leaves the spec`, losing, {
        name,
        maxRemovals: next.applications[name]?.maxRemovals ?? application.maxRemovals,
        context,
      });
    }
    for (const [name, { signOn, principals }] of Object.entries(inputs.applications)) {
      const kept = next.applications[name];
      if (!kept || signOn === undefined || kept.signOn !== undefined) continue;
      const what = `${name} loses its application for signing in, "${signOn}"`;
      tell(what, [...principals], { name, maxRemovals: kept.maxRemovals, context });
    }
    return [];
  },

  create: async (inputs) => ({ id: ID, outputs: inputs }),
  read: async ({ inputs, outputs }) => {
    const known = inputs ?? outputs;
    return known && { inputs: known, outputs: outputs ?? known };
  },
  update: async (_known, next) => next,
  delete: async () => {},
};

/** @throws when more lose something than one run may take out */
function tell(
  what: string,
  losing: string[],
  { name, maxRemovals, context }: { name: string; maxRemovals: number; context: Context },
): void {
  assertRemovalsAllowed(losing, name, maxRemovals, context.env);
  if (losing.length > 0) context.warn([`${what}, and these lose it:`, ...listed(losing.sort())].join("\n"));
}

/**
 * The key is part of every resource's name: under another one, the tenant's application would be deleted, or emptied where it
 * was there before, also once it has been imported as the other's.
 */
function refuseNewKeys(leaving: Named[], coming: Named[]): void {
  for (const [old, application] of leaving) {
    const heir = coming.find(([name, one]) => name !== old && isOneInTenant(one, application));
    if (!heir) continue;
    const what =
      heir[1].appId === undefined
        ? `the same name in the tenant, "${application.displayName}"`
        : "the same application of Okta";
    throw new Error(
      [
        `${old} leaves the spec, and ${heir[0]} comes with ${what}. Under another key it is another application: this one would be deleted, and everybody would lose it.`,
        `Give it the key ${old} again. If a new application is meant, give ${heir[0]} another name, or take ${old} out in an \`up\` of its own first.`,
      ].join("\n"),
    );
  }
}

function isOneInTenant(a: DeclaredApplication, b: DeclaredApplication): boolean {
  if (a.idp !== b.idp) return false;
  if (a.appId !== undefined && b.appId !== undefined) return a.appId === b.appId;
  return a.displayName !== undefined && a.displayName === b.displayName;
}

/** The applications of one that the other has not. */
function without(these: Inputs, others: Inputs): Named[] {
  return Object.entries(these.applications).filter(([name, one]) => {
    const other = Object.hasOwn(others.applications, name) ? others.applications[name] : undefined;
    return !other || !isKept(one, other);
  });
}

/** One that moves to the other identity provider, or to another carrier, goes there as much as it comes here. */
function isKept(one: DeclaredApplication, other: DeclaredApplication): boolean {
  if (one.idp !== other.idp) return false;
  // Older states do not tell the carrier.
  if (one.carrier === undefined || other.carrier === undefined) return true;
  return one.carrier === other.carrier && one.appId === other.appId;
}

function sameApplications(a: Inputs, b: Inputs): boolean {
  return without(a, b).length + without(b, a).length === 0 && sameSignOns(a, b);
}

/** What an older state does not tell is no change. */
function sameSignOns(a: Inputs, b: Inputs): boolean {
  return Object.entries(a.applications).every(([name, one]) => {
    const other = b.applications[name];
    if (one.carrier === undefined || other?.carrier === undefined) return true;
    return (one.signOn === undefined) === (other.signOn === undefined);
  });
}
