import { TOKEN } from "./contract.ts";
import type { Provider } from "./engine/provider.ts";
import { appRoleAssignments } from "./entra/assignments/resource.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { findRoleOverlaps } from "./entra/find-role-overlaps.ts";
import { provisioningJob } from "./entra/job/resource.ts";
import { resolveEntraPrincipals } from "./entra/resolve-principals.ts";
import { packageSpec } from "./package.ts";

/** The rollcall provider: what azuread and okta lack. */
export const rollcall: Provider = {
  package: packageSpec,
  resources: {
    [TOKEN.appRoleAssignments]: appRoleAssignments,
    [TOKEN.provisioningJob]: provisioningJob,
  },
  invokes: {
    [TOKEN.resolveEntraPrincipals]: resolveEntraPrincipals,
    [TOKEN.findRoleOverlaps]: findRoleOverlaps,
    [TOKEN.findEntraApplications]: findEntraApplications,
  },
};
