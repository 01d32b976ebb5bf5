import { concernsCredentials } from "../clients/credentials-error.ts";
import type { DesiredApplication } from "../desired/model.ts";
import { inspectEntra } from "./entra-application.ts";
import type { Inspection } from "./finding.ts";
import type { KnownIds } from "./known-ids.ts";
import { inspectOkta } from "./okta-application.ts";
import type { Tenants } from "./tenants.ts";

/** An application that could not be looked at. */
export interface NotInspected extends Pick<Inspection, "name" | "idp" | "product"> {
  /** Why, for a person. */
  failure: string;
  /** Whether it was a matter of signing in or of permissions. */
  credentials: boolean;
}

/** Looks at one application; a failure is a result, so that the others are looked at all the same. */
export async function inspect(
  application: DesiredApplication,
  tenants: Tenants,
  known: KnownIds = {},
): Promise<Inspection | NotInspected> {
  try {
    const id = known[application.name];
    return await (application.idp === "entra"
      ? inspectEntra(application, tenants, id)
      : inspectOkta(application, tenants, id));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, idp, product } = application;
    return { name, idp, product, failure: error.message, credentials: concernsCredentials(error) };
  }
}
