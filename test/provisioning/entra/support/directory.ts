import { type EntraGroup, type EntraUser, UNSET_USER } from "../../../../src/directory/entra.ts";
import type { EntraCycleInput } from "../../../../src/provisioning/entra/input.ts";
import { emptyMemory } from "../../../../src/provisioning/entra/memory.ts";
import { dataHubSchema } from "./schema.ts";

export function person(id: string, properties: Partial<EntraUser> = {}): EntraUser {
  return {
    ...UNSET_USER,
    id,
    userPrincipalName: `${id}@contoso.com`,
    displayName: id.charAt(0).toUpperCase() + id.slice(1),
    mail: `${id}@contoso.com`,
    mailNickname: id,
    ...properties,
  };
}

export function group(id: string, members: string[], properties: Partial<EntraGroup> = {}): EntraGroup {
  return {
    id,
    displayName: id,
    description: null,
    mailNickname: id,
    mailEnabled: false,
    securityEnabled: true,
    members,
    deletedDateTime: null,
    ...properties,
  };
}

export const ROLES = ["Admin", "Editor", "Reader"].map((name) => ({
  id: `role-${name}`,
  displayName: name,
  value: name,
}));

export const assignUser = (principalId: string, role: string) =>
  ({ principalId, principalType: "User", appRoleId: `role-${role}` }) as const;
export const assignGroup = (principalId: string, role: string) =>
  ({ principalId, principalType: "Group", appRoleId: `role-${role}` }) as const;

/** The guide's example: governance-team with john and sid as Readers, editors with eve, ada as Admin. */
export function guideInput(changes: Partial<EntraCycleInput> = {}): EntraCycleInput {
  return {
    directory: {
      users: [person("john"), person("sid"), person("eve"), person("ada"), person("nobody")],
      groups: [group("governance-team", ["john", "sid"]), group("editors", ["eve"])],
    },
    assignments: [
      assignGroup("governance-team", "Reader"),
      assignGroup("editors", "Editor"),
      assignUser("ada", "Admin"),
    ],
    appRoles: ROLES,
    schema: dataHubSchema(),
    syncAll: false,
    memory: emptyMemory(),
    patchFlavor: "default",
    now: "2026-01-05T08:00:00Z",
    ...changes,
  };
}
