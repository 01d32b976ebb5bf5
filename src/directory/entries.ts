import { type EntraGroup, type EntraUser, UNSET_USER } from "./entra.ts";
import type { DirectoryFile, EntraUserEntry, OktaUserEntry } from "./file-schema.ts";
import { entraObjectId, oktaId } from "./identifiers.ts";
import type { OktaGroup, OktaUser } from "./okta.ts";

/** When the people of directory files were deleted. */
const DELETED = "2026-01-01T00:00:00Z";

/** A user as a tenant would have it: what a person would not write is filled in. */
export function toEntraUser(entry: EntraUserEntry): EntraUser {
  const { deleted, manager, ...given } = entry;
  const [local = ""] = entry.userPrincipalName.split("@");
  return {
    ...UNSET_USER,
    ...given,
    id: entraObjectId("user", entry.userPrincipalName),
    displayName: entry.displayName ?? ([entry.givenName, entry.surname].filter(Boolean).join(" ") || local),
    mail: entry.mail === undefined ? entry.userPrincipalName : entry.mail,
    mailNickname: entry.mailNickname === undefined ? local : entry.mailNickname,
    manager: manager === undefined ? null : entraObjectId("user", manager),
    deletedDateTime: deleted ? DELETED : null,
  };
}

export function toEntraGroup(
  entry: DirectoryFile["entra"]["groups"][number],
  isUser: (member: string) => boolean,
): EntraGroup {
  return {
    id: entraObjectId("group", entry.displayName),
    displayName: entry.displayName,
    description: entry.description ?? null,
    mailNickname: entry.displayName.replace(/[^A-Za-z0-9_-]/g, ""),
    mailEnabled: false,
    securityEnabled: true,
    members: entry.members.map((member) => entraObjectId(isUser(member) ? "user" : "group", member)),
    deletedDateTime: null,
  };
}

export function toOktaUser({ login, status, ...profile }: OktaUserEntry): OktaUser {
  return {
    id: oktaId("user", login.toLowerCase()),
    status,
    profile: {
      login,
      email: profile.email === undefined ? login : profile.email,
      firstName: profile.firstName ?? null,
      lastName: profile.lastName ?? null,
      displayName: profile.displayName ?? null,
    },
  };
}

export function toOktaGroup(entry: DirectoryFile["okta"]["groups"][number]): OktaGroup {
  return {
    id: oktaId("group", entry.name),
    type: entry.type,
    profile: { name: entry.name, description: entry.description ?? null },
    members: entry.members.map((login) => oktaId("user", login.toLowerCase())),
  };
}
