import type { DeclaredApplicationsInputs } from "./contract.ts";
import type { Context, Resource } from "./engine/resource.ts";
import { observeGrants } from "./entra/assignments/observe.ts";
import { splitKey } from "./entra/assignments/plan.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { assertRemovalsAllowed, listed } from "./removal-limit.ts";

type Inputs = DeclaredApplicationsInputs;
type Application = Inputs["applications"][string];

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
      assertRemovalsAllowed(losing, name, application.maxRemovals, context.env);
      if (losing.length === 0) continue;
      context.warn([`${name} leaves the spec, and these lose it:`, ...listed(losing.sort())].join("\n"));
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

/** Who is assigned now, whoever declared it: they go with the application. Where it cannot be found, those of the spec. */
async function whoLoses({ idp, principals, displayName }: Application, context: Context): Promise<string[]> {
  if (idp !== "entra" || displayName === undefined) return [...principals];
  const { applications } = await findEntraApplications({ displayNames: [displayName] }, context);
  const ids = applications.flatMap(({ servicePrincipalObjectId: id }) => (id ? [id] : []));
  if (ids.length === 0) return [...principals];
  const graph = await context.graph();
  const present = await Promise.all(ids.map((id) => observeGrants(graph, id, { grants: [], roles: {} }, 0)));
  return [...new Set(present.flat().map(({ key }) => splitKey(key).name.replace(":", " ")))];
}

/**
 * The key is part of every resource's name: under another one, the tenant's application would be deleted, also once it has been
 * imported as the other's.
 */
function refuseNewKeys(leaving: [string, Application][], coming: [string, Application][]): void {
  for (const [old, { idp, displayName }] of leaving) {
    const heir = coming.find(([, one]) => one.idp === idp && one.displayName === displayName);
    if (!heir || displayName === undefined) continue;
    throw new Error(
      [
        `${old} leaves the spec, and ${heir[0]} comes with the same name in the tenant, "${displayName}". Under another key it is another application: this one would be deleted, and everybody would lose it.`,
        `Give it the key ${old} again. If a new application is meant, give ${heir[0]} another name, or take ${old} out in an \`up\` of its own first.`,
      ].join("\n"),
    );
  }
}

/** The applications of one that the other has not. */
function without(these: Inputs, others: Inputs): [string, Application][] {
  const kept = identities(others);
  return Object.entries(these.applications).filter(([name, { idp }]) => !kept.has(identity(name, idp)));
}

function sameApplications(a: Inputs, b: Inputs): boolean {
  return [...identities(a)].sort().join("\n") === [...identities(b)].sort().join("\n");
}

function identities({ applications }: Inputs): Set<string> {
  return new Set(Object.entries(applications).map(([name, { idp }]) => identity(name, idp)));
}

/** An application that moves to the other identity provider goes there as much as it comes here. */
function identity(name: string, idp: string): string {
  return `${name} (${idp})`;
}
