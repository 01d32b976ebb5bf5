import type { GraphClient } from "./client.ts";
import { chunks, IN_CLAUSE_VALUES, literal, query } from "./odata.ts";

export interface GraphApplication {
  id: string;
  appId: string;
  displayName: string;
  applicationTemplateId: string | null;
}

export interface GraphAppRole {
  id: string;
  displayName: string;
  /** null for the roles a template brings along. */
  value: string | null;
  description?: string | null;
  isEnabled: boolean;
  allowedMemberTypes: string[];
}

export interface GraphServicePrincipal {
  id: string;
  appId: string;
  displayName: string;
  appRoles: GraphAppRole[];
}

/** All applications with one of these names; Graph compares without regard to case. */
export async function applicationsByName(
  graph: GraphClient,
  displayNames: string[],
): Promise<GraphApplication[]> {
  const found: GraphApplication[] = [];
  for (const names of chunks([...new Set(displayNames)], IN_CLAUSE_VALUES)) {
    const filter = `displayName in (${names.map(literal).join(",")})`;
    const select = "id,appId,displayName,applicationTemplateId";
    found.push(...(await graph.list<GraphApplication>(query("/applications", { filter, select, top: 999 }))));
  }
  return found;
}

/** The service principals of these client ids. */
export async function servicePrincipalsByAppId(
  graph: GraphClient,
  appIds: string[],
): Promise<{ id: string; appId: string }[]> {
  const found: { id: string; appId: string }[] = [];
  for (const ids of chunks([...new Set(appIds)], IN_CLAUSE_VALUES)) {
    const filter = `appId in (${ids.map(literal).join(",")})`;
    found.push(
      ...(await graph.list<{ id: string; appId: string }>(
        query("/servicePrincipals", { filter, select: "id,appId", top: 999 }),
      )),
    );
  }
  return found;
}

export function servicePrincipal(
  graph: GraphClient,
  id: string,
  options: { awaitCreation?: number } = {},
): Promise<GraphServicePrincipal> {
  return graph.get(query(`/servicePrincipals/${id}`, { select: "id,appId,displayName,appRoles" }), options);
}
