import type { DeclaredApplicationsInputs } from "./contract.ts";
import type { Context, Resource } from "./engine/resource.ts";
import { observeGrants } from "./entra/assignments/observe.ts";
import { splitKey } from "./entra/assignments/plan.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { assertRemovalsAllowed, listed } from "./removal-limit.ts";

type Inputs = DeclaredApplicationsInputs;

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
    const kept = identities(next);
    for (const [name, application] of Object.entries(inputs.applications)) {
      if (kept.has(identity(name, application.idp))) continue;
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
async function whoLoses(
  { principals, displayName }: Inputs["applications"][string],
  context: Context,
): Promise<string[]> {
  if (displayName === undefined) return [...principals];
  const { applications } = await findEntraApplications({ displayNames: [displayName] }, context);
  const ids = applications.flatMap(({ servicePrincipalObjectId: id }) => (id ? [id] : []));
  if (ids.length === 0) return [...principals];
  const graph = await context.graph();
  const present = await Promise.all(ids.map((id) => observeGrants(graph, id, { grants: [], roles: {} }, 0)));
  return [...new Set(present.flat().map(({ key }) => splitKey(key).name.replace(":", " ")))];
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
