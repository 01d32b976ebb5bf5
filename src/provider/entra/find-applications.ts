import { applicationsByName, servicePrincipalsByAppId } from "../../clients/graph/applications.ts";
import type { FindEntraApplicationsArgs, FindEntraApplicationsResult } from "../contract.ts";
import type { Context } from "../engine/resource.ts";

/** Applications whose displayName is exactly one of those asked for, with their service principals ("" where there is none). */
export async function findEntraApplications(
  args: FindEntraApplicationsArgs,
  context: Context,
): Promise<FindEntraApplicationsResult> {
  const graph = await context.graph();
  const asked = new Set(args.displayNames);
  const found = (await applicationsByName(graph, args.displayNames)).filter(({ displayName }) =>
    asked.has(displayName),
  );
  const principals = await servicePrincipalsByAppId(
    graph,
    found.map(({ appId }) => appId),
  );
  const principalIds = new Map(principals.map(({ appId, id }) => [appId, id]));
  return {
    applications: found.map((application) => ({
      displayName: application.displayName,
      applicationObjectId: application.id,
      servicePrincipalObjectId: principalIds.get(application.appId) ?? "",
      appId: application.appId,
      applicationTemplateId: application.applicationTemplateId,
    })),
  };
}
