import { expectedArrivals } from "../desired/expected-arrivals.ts";
import type { DesiredApplication } from "../desired/model.ts";
import type { Directories } from "../directory/load.ts";
import { findProduct } from "../products/registry.ts";
import type { ExplainedAttribute } from "./explanation.ts";

interface Arrival {
  id: string;
  attributes: ExplainedAttribute[];
}

/**
 * What becomes of somebody who does not arrive.
 * @param ifIn what the provider does about one who is in the product already; "failing": nothing, since a mapping fails for this
 * person; "linked": updates, since only finding or creating the account takes the value that is missing
 */
export function outcomeForAbsent(
  { product }: DesiredApplication,
  ifIn: "deactivated" | "untouched" | "failing" | "linked",
): string[] {
  const never = "Nothing is sent for somebody who was never in.";
  switch (ifIn) {
    case "deactivated": {
      const status = product === "datahub" ? " (DataHub shows SUSPENDED)" : "";
      return [`${never} Whoever is in already is deactivated${status}, and not deleted.`];
    }
    case "untouched":
      return [`${never} Whoever is in already stays as they are, active.`];
    case "failing":
      return [
        `${never} Whoever is in already keeps the access and the role they have, until this is put right or they leave.`,
      ];
    case "linked":
      return [`${never} Whoever is in already stays, and is kept up to date.`];
  }
}

/** What the product makes of a person who arrives, after the vendors' guides. */
export function outcomeForUser(
  application: DesiredApplication,
  directories: Directories,
  { id, attributes }: Arrival,
): string[] {
  const groups = groupsOf(application, directories, id);
  const value = (target: string) => attributes.find((attribute) => attribute.target === target)?.value;
  switch (application.product) {
    case "datahub":
      return datahub(application, groups, attributes);
    case "data-mesh-manager":
      return dataMeshManager(application, groups, value("userName"), value('emails[type eq "work"].value'));
    case "collate":
      return [
        "Becomes an active user; signs in by SSO.",
        ...groups.map((group) => `Joins the team ${group}, wherever in Collate it stands.`),
      ];
    default:
      return [
        "What this product makes of it is its own affair: rollcall has no guide for it.",
        ...groups.map((group) => `Becomes a member of the group ${group}.`),
      ];
  }
}

export function outcomeForGroup(
  application: DesiredApplication,
  directories: Directories,
  group: string,
  arrives: boolean,
): string[] {
  if (!arrives) return ["Nothing is sent for it."];
  const { memberships } = expectedArrivals(application, directories);
  const members = memberships
    .filter((membership) => membership.group === group)
    .map(({ userName }) => userName);
  return [
    members.length === 0
      ? "It arrives without members."
      : `It arrives with ${members.length === 1 ? "one member" : `${members.length} members`}: ${members.join(", ")}.`,
    ...(application.product === "collate"
      ? [
          "A team of this name is reused wherever it stands; without one, a team of type group is made under Organization.",
        ]
      : []),
    ...mappedTo(application, [group]).map((what) => `Its members become ${what}.`),
  ];
}

function datahub(
  application: DesiredApplication,
  groups: string[],
  attributes: ExplainedAttribute[],
): string[] {
  const known = findProduct("datahub")?.entra.roles.map(({ value }) => value) ?? [];
  const role = attributes.find(({ target }) => target.startsWith("roles["))?.value;
  return [
    `Becomes a user with the status ACTIVE. ${application.idp === "entra" ? "No password is sent" : "Only a placeholder is sent as password"}: the person signs in by SSO, or an admin resets it.`,
    typeof role === "string"
      ? known.includes(role)
        ? `Has the role ${role}.`
        : `The role ${role} is dropped without an error: DataHub knows ${known.join(", ")} only.`
      : "No role is sent, so the person has none of their own: grant one to the group in DataHub.",
    ...groups.map((group) => `Becomes a member of the group ${group}.`),
    ...(application.idp === "okta"
      ? ["Okta's updates clear roles that were granted to the person in DataHub: grant them to the group."]
      : []),
  ];
}

function dataMeshManager(
  application: DesiredApplication,
  groups: string[],
  userName: ExplainedAttribute["value"] | undefined,
  email: ExplainedAttribute["value"] | undefined,
): string[] {
  const same = String(userName).toLowerCase() === String(email ?? "").toLowerCase();
  return [
    `Joins the organization as Organization Member, with ${String(userName)} as e-mail address, for good: the userName cannot be changed later.`,
    same
      ? "The e-mail address counts as validated, since the work address is the same."
      : `The e-mail address does not count as validated: the work address is ${email ? String(email) : "empty"}.`,
    ...mappedTo(application, groups).map((what) => `Becomes ${what}.`),
  ];
}

/** What the product's own scimGroupMappings make of members of these groups. */
function mappedTo({ scimGroupMappings }: DesiredApplication, groups: string[]): string[] {
  return scimGroupMappings
    .filter(({ scimGroup }) => groups.includes(scimGroup))
    .map((mapping) =>
      mapping.type === "organizationOwner"
        ? `Organization Owner (by ${mapping.scimGroup})`
        : `${mapping.teamMemberRole} of the team ${mapping.teamId} (by ${mapping.scimGroup})`,
    );
}

function groupsOf(application: DesiredApplication, { entra, okta }: Directories, id: string): string[] {
  const arriving = new Set(expectedArrivals(application, { entra, okta }).groups);
  const all =
    application.idp === "entra"
      ? entra.groups.map(({ displayName, members }) => ({ name: displayName, members }))
      : okta.groups.map(({ profile, members }) => ({ name: profile.name, members }));
  return all
    .filter(({ name, members }) => arriving.has(name) && members.includes(id))
    .map(({ name }) => name);
}
