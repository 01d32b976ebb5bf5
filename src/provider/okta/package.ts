import { TOKEN } from "../contract.ts";
import {
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

const appId = { ...text("The application's id."), willReplaceOnChanges: true };

/** The Okta half of the package's description. */
export const oktaPackage: PackagePart = {
  types: {
    "rollcall:okta:GroupPush": record(
      {
        name: text("The source group's name."),
        status: text("ACTIVE; a refresh also finds INACTIVE and ERROR."),
        deleteTargetGroup: flag("Delete the group in the product when the push is removed."),
      },
      { prefix: text("The prefix it was found by.") },
    ),
    "rollcall:okta:GroupMatches": record({ prefix: text(), groups: listOf(object("rollcall:okta:Group")) }),
    "rollcall:okta:Group": record({ id: text(), name: text() }),
    "rollcall:okta:Application": record({
      id: text(),
      label: text(),
      name: text(),
      status: text(),
      signOnMode: text(),
      features: listOf(text()),
    }),
    "rollcall:okta:Assignment": record({ key: text(), kind: text(), id: text() }),
    "rollcall:okta:EmptyGroup": record({ id: text(), name: text(), members: count() }),
  },
  resources: {
    [TOKEN.appAssignments]: resource(
      "The authoritative set of groups and users assigned to one application.",
      {
        appId,
        assignments: mapOf(text(), "`group:datahub-users` or `user:sid@acme.com` -> id."),
        exclusive: flag("Remove what is not declared."),
        maxRemovals: count("Principals that one update may take out."),
        pinned: listOf(text(), "Keys whose id the spec gives."),
        provisioning: text("on, paused, or none where people only sign on."),
        application,
      },
      {},
      {
        declared: listOf(text(), "Keys that were declared at the last write."),
        owed: mapOf(text(), "Key -> id of those who are still to be taken out."),
        knownPrincipals: mapOf(text(), "Key -> id at the first assignment."),
        notProvisioned: listOf(text(), 'Logins that need "Provision User".'),
      },
    ),
    [TOKEN.groupPushes]: resource(
      "The authoritative set of groups that one application pushes.",
      {
        appId,
        pushes: mapOf(object("rollcall:okta:GroupPush"), "Source group id -> push."),
        prefixes: listOf(text(), "Prefixes that the spec pushes by."),
        exclusive: flag("Remove what is not declared."),
        pinned: listOf(text(), "Source group ids that the spec gives."),
        application,
      },
      {},
      {
        mappingIds: mapOf(text(), "Source group id -> mapping id."),
        prefixOf: mapOf(text(), "Source group id -> prefix it was found by."),
        knownGroups: mapOf(text(), "Name of a group pushed by name -> id at the first push."),
        declared: listOf(text(), "Source group ids that were declared at the last write."),
        owed: mapOf(object("rollcall:okta:GroupPush"), "Source group id -> push that is still to end."),
      },
    ),
    [TOKEN.scimSettings]: resource(
      "Whether a person has switched SCIM on in Okta's console. It reads and never writes.",
      {
        appId,
        scim: text("pending, enabled or paused."),
        switches: mapOf(flag(), "Switch -> how it has to be."),
        application,
      },
      {
        label: text("Reported when it differs."),
        hidden: flag("Reported when it differs."),
        foundBy: text("The label that the spec knows an existing application by."),
        settings: mapOf(text(), "Reported when they differ."),
      },
      {
        status: text("ACTIVE or INACTIVE."),
        features: listOf(text(), "As Okta lists them."),
        missing: listOf(text(), "Switches that are not as declared."),
        setupUrl: text("The application's page in Okta's console."),
      },
    ),
  },
  functions: {
    [TOKEN.resolveOktaPrincipals]: resolvePrincipals,
    [TOKEN.findOktaGroups]: {
      description: "Groups of type OKTA_GROUP by the beginnings of their names.",
      inputs: record({ prefixes: listOf(text()) }),
      outputs: record({ matches: listOf(object("rollcall:okta:GroupMatches")) }),
    },
    [TOKEN.findOktaApplications]: {
      description: "Applications by their exact labels, or ids.",
      inputs: record({ labels: listOf(text()), ids: listOf(text()) }),
      outputs: record({ applications: listOf(object("rollcall:okta:Application")) }),
    },
    [TOKEN.findPushProblems]: {
      description: "Pushed groups none of whose members is assigned, and groups both assigned and pushed.",
      inputs: record({
        assignments: listOf(object("rollcall:okta:Assignment")),
        pushes: listOf(object("rollcall:okta:Group")),
      }),
      outputs: record({
        withoutMembers: listOf(object("rollcall:okta:EmptyGroup")),
        alsoAssigned: listOf(text()),
      }),
    },
  },
};
