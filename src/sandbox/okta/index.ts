export type { AdminConsole, ScimForm } from "./admin.ts";
export type { ServiceClient } from "./auth.ts";
export type { OktaOrg } from "./handle.ts";
export { type OktaOrgOptions, startOktaOrg } from "./org.ts";
export type { SettleReport } from "./provisioner.ts";
