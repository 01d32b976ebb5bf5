import {
  applicationIfAny,
  applicationsByLabel,
  type OktaApplication,
} from "../../clients/okta/applications.ts";
import type { FindOktaApplicationsArgs, FindOktaApplicationsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

/** Applications whose label is exactly one of those asked for, or whose id is. */
export async function findOktaApplications(
  args: FindOktaApplicationsArgs,
  context: Context,
): Promise<FindOktaApplicationsResult> {
  const okta = context.okta();
  const found = new Map<string, OktaApplication>();
  for (const label of new Set(args.labels)) {
    for (const application of await applicationsByLabel(okta, label)) found.set(application.id, application);
  }
  for (const id of args.ids) {
    const application = await applicationIfAny(okta, id);
    if (application) found.set(id, application);
  }
  return {
    applications: [...found.values()].map(({ id, label, name, status, signOnMode, features }) => ({
      id,
      label,
      name,
      status,
      signOnMode: signOnMode ?? "",
      features,
    })),
  };
}
