import type { DeclaredApplicationsInputs } from "./contract.ts";
import type { Resource } from "./engine/resource.ts";
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

  async plan({ inputs, next }, { env, warn }) {
    const kept = identities(next);
    for (const [name, { idp, principals, maxRemovals }] of Object.entries(inputs.applications)) {
      if (kept.has(identity(name, idp))) continue;
      assertRemovalsAllowed(principals, name, maxRemovals, env);
      if (principals.length === 0) continue;
      warn([`${name} leaves the spec, and these lose it:`, ...listed([...principals].sort())].join("\n"));
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
