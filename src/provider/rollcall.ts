import { TOKEN } from "./contract.ts";
import { declaredApplications } from "./declared-applications.ts";
import type { Provider } from "./engine/provider.ts";
import { appRoleAssignments } from "./entra/assignments/resource.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { findRoleOverlaps } from "./entra/find-role-overlaps.ts";
import { provisioningJob } from "./entra/job/resource.ts";
import { resolveEntraPrincipals } from "./entra/resolve-principals.ts";
import { appAssignments } from "./okta/assignments.ts";
import { findOktaApplications } from "./okta/find-applications.ts";
import { findOktaGroups } from "./okta/find-groups.ts";
import { findPushProblems } from "./okta/find-push-problems.ts";
import { groupPushes } from "./okta/group-pushes.ts";
import { resolveOktaPrincipals } from "./okta/resolve-principals.ts";
import { scimSettings } from "./okta/scim-settings.ts";
import { packageSpec } from "./package.ts";

/** The rollcall provider: what azuread and okta lack. */
export const rollcall: Provider = {
  package: packageSpec,
  resources: {
    [TOKEN.appRoleAssignments]: appRoleAssignments,
    [TOKEN.provisioningJob]: provisioningJob,
    [TOKEN.appAssignments]: appAssignments,
    [TOKEN.groupPushes]: groupPushes,
    [TOKEN.scimSettings]: scimSettings,
    [TOKEN.declaredApplications]: declaredApplications,
  },
  invokes: {
    [TOKEN.resolveEntraPrincipals]: resolveEntraPrincipals,
    [TOKEN.findRoleOverlaps]: findRoleOverlaps,
    [TOKEN.findEntraApplications]: findEntraApplications,
    [TOKEN.resolveOktaPrincipals]: resolveOktaPrincipals,
    [TOKEN.findOktaGroups]: findOktaGroups,
    [TOKEN.findOktaApplications]: findOktaApplications,
    [TOKEN.findPushProblems]: findPushProblems,
  },
};
