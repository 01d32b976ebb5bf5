import { TOKEN } from "../contract.ts";
import {
  anything,
  count,
  flag,
  listOf,
  mapOf,
  object,
  type PackagePart,
  record,
  resource,
  text,
} from "../engine/package-schema.ts";
import { application, resolvePrincipals } from "../shared-types.ts";

/** The Entra half of the package's description. */
export const entraPackage: PackagePart = {
  types: {
    "rollcall:entra:Notifications": record({}, { recipient: text(), deleteThreshold: count() }),
    "rollcall:entra:TargetAttribute": record({ name: text(), type: text() }),
    "rollcall:entra:JobMappings": record(
      {
        base: text(),
        user: mapOf(anything, "Target attribute -> mapping."),
        group: mapOf(anything, "Target attribute -> mapping."),
        targetAttributes: listOf(object("rollcall:entra:TargetAttribute")),
      },
      { objects: mapOf(text()), imported: mapOf(anything) },
    ),
    "rollcall:entra:Cycled": record({ endpoint: text(), scope: text() }),
    "rollcall:entra:RoleGrant": record({ key: text(), kind: text(), id: text(), role: text() }),
    "rollcall:entra:RoleOverlap": record({
      userPrincipalName: text(),
      via: listOf(object("rollcall:entra:Way")),
    }),
    "rollcall:entra:Way": record({ key: text(), role: text() }),
    "rollcall:entra:NestedGroups": record({ key: text(), groups: listOf(text()) }),
    "rollcall:entra:Application": record(
      { displayName: text(), applicationObjectId: text(), servicePrincipalObjectId: text(), appId: text() },
      { applicationTemplateId: text() },
    ),
  },
  resources: {
    [TOKEN.appRoleAssignments]: resource(
      "The authoritative set of who has which role of one service principal.",
      {
        servicePrincipalId: { ...text("Object id."), willReplaceOnChanges: true },
        roles: mapOf(text(), "Role value -> app role id."),
        assignments: mapOf(text(), "`group:governance-team Reader` -> principal object id."),
        exclusive: flag("Remove what is not declared."),
        maxRemovals: count("Principals that one update may take out."),
        pinned: listOf(text(), "Keys whose id the spec gives."),
        application,
      },
      {},
      {
        assignmentIds: mapOf(text(), "Key -> app role assignment id."),
        knownPrincipals: mapOf(text(), "Name -> principal object id at the first grant."),
        declared: listOf(text(), "Keys that were declared at the last write."),
        owed: mapOf(text(), "Key -> principal id of roles that are still to be taken."),
        uncounted: listOf(text(), "Keys of those whose principals were to have another role."),
      },
    ),
    [TOKEN.provisioningJob]: resource(
      "Credentials, scope, mappings and state of one service principal's provisioning job.",
      {
        servicePrincipalId: { ...text("Object id."), willReplaceOnChanges: true },
        templateId: { ...text("Synchronization template."), willReplaceOnChanges: true },
        baseAddress: text("Tenant URL of the SCIM endpoint."),
        secretToken: { ...text("Bearer token of the SCIM endpoint."), secret: true },
        scope: text("assigned or all."),
        notifications: object("rollcall:entra:Notifications"),
        status: text("running or paused."),
        mappings: object("rollcall:entra:JobMappings"),
        onDelete: text("What becomes of the schema: reset or leave."),
        maxRemovals: count("People whom a narrower scope may take out."),
        application,
      },
      {},
      {
        jobId: text(),
        statusCode: text("NotConfigured, NotRun, Active, Paused or Quarantine."),
        cycled: object("rollcall:entra:Cycled", "What the job's store of ids belongs to."),
      },
      { quarantine: text("Why the job is in quarantine.") },
    ),
  },
  functions: {
    [TOKEN.resolveEntraPrincipals]: resolvePrincipals,
    [TOKEN.findRoleOverlaps]: {
      description: "People with several roles, and groups inside assigned groups.",
      inputs: record({ assignments: listOf(object("rollcall:entra:RoleGrant")) }),
      outputs: record({
        people: listOf(object("rollcall:entra:RoleOverlap")),
        nested: listOf(object("rollcall:entra:NestedGroups")),
      }),
    },
    [TOKEN.findEntraApplications]: {
      description: "Applications by their exact display names.",
      inputs: record({ displayNames: listOf(text()) }),
      outputs: record({ applications: listOf(object("rollcall:entra:Application")) }),
    },
  },
};
