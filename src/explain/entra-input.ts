import type { MappingSource, SynchronizationSchema } from "../clients/graph/synchronization-schema.ts";
import { defaultSchema } from "../defaults/entra-schema.ts";
import type { DesiredEntraApplication } from "../desired/model.ts";
import type { EntraDirectory } from "../directory/entra.ts";
import { mergeSchema, unknownSources } from "../provider/entra/job/merge.ts";
import type { AppRoleAssignment, EntraCycleInput } from "../provisioning/entra/input.ts";
import { emptyMemory } from "../provisioning/entra/memory.ts";

/** The role that the template brings along. It has no value. */
const TEMPLATE_ROLE = { id: "template-user", displayName: "User", value: null };

/** What the provisioning job would read in its first cycle if the tenant were as the spec says. */
export function entraInput(
  application: DesiredEntraApplication,
  directory: EntraDirectory,
  now: Date,
): EntraCycleInput {
  return {
    directory,
    assignments: assignmentsOf(application, directory),
    appRoles: [...application.roles, TEMPLATE_ROLE],
    schema: declaredSchema(application),
    syncAll: application.scope === "all",
    memory: emptyMemory(),
    patchFlavor: application.tenantUrl === application.scimUrl ? "default" : "aadOptscim062020",
    now: now.toISOString(),
  };
}

function assignmentsOf(
  { assignments, roles }: DesiredEntraApplication,
  { users, groups }: EntraDirectory,
): AppRoleAssignment[] {
  return assignments.flatMap(({ kind, name, id, role }) => {
    const wanted = name.toLowerCase();
    const found =
      kind === "user"
        ? users.filter((user) => (id ? user.id === id : user.userPrincipalName.toLowerCase() === wanted))
        : groups.filter(
            (group) =>
              group.deletedDateTime === null &&
              (id ? group.id === id : group.displayName.toLowerCase() === wanted),
          );
    const [principal] = found;
    // Nobody, or several of that name: `up` refuses it, so nothing is assigned.
    if (!principal || found.length > 1) return [];
    const appRoleId = roles.find(({ value }) => value === role)?.id ?? TEMPLATE_ROLE.id;
    return [{ principalId: principal.id, principalType: kind === "user" ? "User" : "Group", appRoleId }];
  });
}

/** The template's schema with the spec's mappings in it. */
function declaredSchema({ mappings }: DesiredEntraApplication): SynchronizationSchema {
  const template = defaultSchema("offline", "1");
  const wanted = {
    base: mappings.base,
    user: mappings.user,
    group: mappings.group ?? {},
    targetAttributes: mappings.targetAttributes,
  };
  // A tenant's parseExpression would give the parameters too; who provisions reads the text alone.
  const sources = unknownSources(template, template, wanted).map((expression): [string, MappingSource] => [
    expression,
    { expression, name: expression, type: "Function", parameters: [] },
  ]);
  return mergeSchema(template, template, wanted, new Map(sources)) ?? template;
}
