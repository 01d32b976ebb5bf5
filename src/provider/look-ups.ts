import { TOKEN } from "./contract.ts";
import type { Invoke } from "./engine/resource.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { findRoleOverlaps } from "./entra/find-role-overlaps.ts";
import { resolveEntraPrincipals } from "./entra/resolve-principals.ts";
import { findOktaApplications } from "./okta/find-applications.ts";
import { findOktaGroups } from "./okta/find-groups.ts";
import { findPushProblems } from "./okta/find-push-problems.ts";
import { resolveOktaPrincipals } from "./okta/resolve-principals.ts";

/** What can be asked of the tenants, by token. */
// biome-ignore lint/suspicious/noExplicitAny: look-ups of different types meet here.
export const LOOK_UPS: Record<string, Invoke<any, any>> = {
  [TOKEN.resolveEntraPrincipals]: resolveEntraPrincipals,
  [TOKEN.findRoleOverlaps]: findRoleOverlaps,
  [TOKEN.findEntraApplications]: findEntraApplications,
  [TOKEN.resolveOktaPrincipals]: resolveOktaPrincipals,
  [TOKEN.findOktaGroups]: findOktaGroups,
  [TOKEN.findOktaApplications]: findOktaApplications,
  [TOKEN.findPushProblems]: findPushProblems,
};
