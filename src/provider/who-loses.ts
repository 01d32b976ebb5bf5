import type { DeclaredApplication } from "./contract.ts";
import type { Context } from "./engine/resource.ts";
import { observeGrants } from "./entra/assignments/observe.ts";
import { splitKey } from "./entra/assignments/plan.ts";
import { findEntraApplications } from "./entra/find-applications.ts";
import { observe } from "./okta/assignments.ts";
import { findOktaApplications } from "./okta/find-applications.ts";

/**
 * Who is assigned now, whoever declared it: they go with the application. Where it cannot be found, those of the spec; and those
 * alone of one that was there before and is not rollcall's only.
 * @returns `group governance-team`
 */
export async function whoLoses(application: DeclaredApplication, context: Context): Promise<string[]> {
  const { idp, principals, displayName, carrier, exclusive, signOn } = application;
  if (displayName === undefined || (carrier === "existing" && !exclusive)) return [...principals];
  const keys = await (idp === "entra"
    ? grantsOfEntra(displayName, context)
    : grantsOfOkta(application, context));
  // Whom the spec names signs in by an application of its own, though nobody is in this one before SCIM is on.
  const named = keys && signOn === undefined ? [] : principals;
  return [...new Set([...(keys ?? []).map((key) => key.replace(":", " ")), ...named])];
}

async function grantsOfEntra(displayName: string, context: Context): Promise<string[] | undefined> {
  const { applications } = await findEntraApplications({ displayNames: [displayName] }, context);
  const ids = applications.flatMap(({ servicePrincipalObjectId: id }) => (id ? [id] : []));
  if (ids.length === 0) return undefined;
  const graph = await context.graph();
  const present = await Promise.all(ids.map((id) => observeGrants(graph, id, { grants: [], roles: {} }, 0)));
  return present.flat().map(({ key }) => splitKey(key).name);
}

async function grantsOfOkta(
  { displayName, appId }: DeclaredApplication,
  context: Context,
): Promise<string[] | undefined> {
  const wanted =
    appId === undefined
      ? { labels: displayName ? [displayName] : [], ids: [] }
      : { labels: [], ids: [appId] };
  const { applications } = await findOktaApplications(wanted, context);
  if (applications.length === 0) return undefined;
  const present = await Promise.all(applications.map(({ id }) => observe(context.okta(), id, [], 0)));
  return present.flatMap(({ live }) => live.map(({ key }) => key));
}
