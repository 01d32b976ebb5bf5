import { TOKEN } from "./contract.ts";
import { declaredApplications } from "./declared-applications.ts";
import type { Provider } from "./engine/provider.ts";
import { appRoleAssignments } from "./entra/assignments/resource.ts";
import { provisioningJob } from "./entra/job/resource.ts";
import { LOOK_UPS } from "./look-ups.ts";
import { appAssignments } from "./okta/assignments.ts";
import { groupPushes } from "./okta/group-pushes.ts";
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
  invokes: LOOK_UPS,
};
