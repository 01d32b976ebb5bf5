import { servicePrincipal } from "../clients/graph/applications.ts";
import type { GraphClient } from "../clients/graph/client.ts";
import { hasStatus } from "../clients/http-error.ts";
import type { EntraPlan } from "../program/entra-plan.ts";
import type { Finding } from "./finding.ts";

/** The service principal that an inspection is about, or why there is none to look at. */
export type Located = { servicePrincipalId: string; renamed?: Finding } | { problem: Finding };

/**
 * Finds the enterprise application: by the id that the stack has for it, where that is known, otherwise by its name.
 * @param knownId object id of its service principal
 */
export async function locateEntra(
  graph: GraphClient,
  { desired, namesakes }: EntraPlan,
  knownId: string | undefined,
): Promise<Located> {
  const { displayName } = desired;
  if (knownId) return byId(graph, displayName, knownId);
  const found = namesakes.filter((one) => one.servicePrincipalObjectId !== "");
  const [only, ...others] = found;
  if (!only) {
    return missing(
      `There is no enterprise application named "${displayName}" in Entra.`,
      "`up` makes it. If somebody deleted it, Entra keeps it for 30 days under Deleted applications: restoring it there keeps its assignments.",
    );
  }
  if (others.length > 0) {
    return {
      problem: {
        aspect: "application",
        message: `There are ${found.length} applications named "${displayName}" in Entra: ${found.map(({ applicationObjectId }) => applicationObjectId).join(", ")}. Which of them is rollcall's cannot be told by name.`,
        help: "Delete the one that is not in the stack, or say which it is: `pulumi stack output --json > outputs.json`, and --outputs outputs.json.",
      },
    };
  }
  return { servicePrincipalId: only.servicePrincipalObjectId };
}

async function byId(graph: GraphClient, displayName: string, id: string): Promise<Located> {
  try {
    const found = await servicePrincipal(graph, id);
    if (found.displayName === displayName) return { servicePrincipalId: id };
    return {
      servicePrincipalId: id,
      renamed: {
        aspect: "label",
        message: `The application is called "${found.displayName}" in Entra, and "${displayName}" in the spec.`,
        help: "Rename it in the portal, or change `displayName` in the spec: a new name there makes a new application.",
      },
    };
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    return missing(
      `The application that the stack knows (service principal ${id}) is gone from Entra.`,
      "Entra keeps what was deleted for 30 days under Deleted applications: restoring it there keeps its assignments. Otherwise delete its app registration as well, if that is still there, and `up` makes both anew.",
    );
  }
}

function missing(message: string, help: string): Located {
  return { problem: { aspect: "application", message, help } };
}
