import type { Directories } from "../directory/load.ts";
import type { Expectation } from "./expectation.ts";
import { expectedFromEntra } from "./expected-entra.ts";
import { expectedFromOkta } from "./expected-okta.ts";
import type { DesiredApplication } from "./model.ts";

export type { Conflict, Expectation } from "./expectation.ts";

/**
 * What must be in the product once provisioning has settled, whether or not it is switched on, from the spec and the
 * directory alone. It shares no code with what simulates the providers, so that one wrong idea cannot be on both sides.
 *
 * @param previously userNames that were in the product as active before; whoever of them is out now is expected
 * inactive (both providers deactivate and do not delete). Nobody is expected inactive who was never in.
 */
export function expectedArrivals(
  application: DesiredApplication,
  directories: Directories,
  previously: ReadonlySet<string> = new Set(),
): Expectation {
  return application.idp === "entra"
    ? expectedFromEntra(application, directories.entra, previously)
    : expectedFromOkta(application, directories.okta, previously);
}
