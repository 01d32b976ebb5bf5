import type { DesiredApplication } from "../desired/model.ts";
import type { Status } from "./status.ts";
import { entraStatus } from "./status-entra.ts";
import { oktaStatus } from "./status-okta.ts";
import type { Tenants } from "./tenants.ts";

/** @param knownId of the application, when the stack has told it */
export function readStatus(
  application: DesiredApplication,
  tenants: Tenants,
  knownId?: string,
): Promise<Status> {
  return application.idp === "entra"
    ? entraStatus(application, tenants, knownId)
    : oktaStatus(application, tenants, knownId);
}
