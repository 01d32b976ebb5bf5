import type { EntraUser } from "../../directory/entra.ts";
import type { GroupDocument } from "./documents.ts";
import { deleteGroup, deleteUser, restore, softDeleteGroup, softDeleteUser } from "./lifecycle.ts";
import type { TenantState } from "./tenant-state.ts";

/** What administrators do to people and groups. Users go by userPrincipalName or id, groups by displayName or id. */
export type DirectoryChange =
  | { change: "addMember" | "removeMember"; group: string; user: string }
  | { change: "disable" | "enable"; user: string }
  | { change: "softDelete" | "restore" | "delete"; user: string }
  | { change: "update"; user: string; set: Partial<Omit<EntraUser, "id">> }
  | { change: "create"; user: string; set: EntraUser }
  | { change: "createGroup"; group: string; members?: string[] }
  | { change: "renameGroup"; group: string; displayName: string }
  | { change: "softDeleteGroup" | "restoreGroup" | "deleteGroup"; group: string };

/** @throws RangeError when the user or group is not there, or the change is none of those above */
export function applyChange(tenant: TenantState, change: DirectoryChange): void {
  const { users, groups } = tenant.documents;
  switch (change.change) {
    case "addMember":
    case "removeMember": {
      const group = findGroup(tenant, change.group);
      const { id } = findUser(tenant, change.user);
      const others = group.members.filter((member) => member !== id);
      groups.put(group.id, { ...group, members: change.change === "addMember" ? [...others, id] : others });
      return;
    }
    case "disable":
    case "enable":
      update(tenant, change.user, { accountEnabled: change.change === "enable" });
      return;
    case "update":
      update(tenant, change.user, change.set);
      return;
    case "create":
      users.put(change.set.id, { ...change.set, userPrincipalName: change.user });
      return;
    case "softDelete":
      softDeleteUser(tenant, findUser(tenant, change.user).id);
      return;
    case "restore":
      restore(tenant, findUser(tenant, change.user).id);
      return;
    case "delete":
      deleteUser(tenant, findUser(tenant, change.user).id);
      return;
    case "createGroup":
      createGroup(tenant, change.group, change.members ?? []);
      return;
    case "renameGroup": {
      const group = findGroup(tenant, change.group);
      groups.put(group.id, { ...group, displayName: change.displayName });
      return;
    }
    case "softDeleteGroup":
      softDeleteGroup(tenant, findGroup(tenant, change.group).id);
      return;
    case "restoreGroup":
      restore(tenant, findGroup(tenant, change.group).id);
      return;
    case "deleteGroup":
      deleteGroup(tenant, findGroup(tenant, change.group).id);
      return;
    default:
      throw new RangeError(`There is no change '${(change as { change: unknown }).change}' of a directory.`);
  }
}

function update(tenant: TenantState, user: string, set: Partial<EntraUser>): void {
  const found = findUser(tenant, user);
  tenant.documents.users.put(found.id, { ...found, ...set, id: found.id });
}

function createGroup(tenant: TenantState, displayName: string, members: string[]): void {
  const group: GroupDocument = {
    id: tenant.random.uuid(),
    displayName,
    description: null,
    mailNickname: displayName.replace(/\W/g, ""),
    mailEnabled: false,
    securityEnabled: true,
    members: members.map((user) => findUser(tenant, user).id),
    owners: [],
    deletedDateTime: null,
  };
  tenant.documents.groups.put(group.id, group);
}

function findUser({ documents }: TenantState, key: string): EntraUser {
  const name = key.toLowerCase();
  const user =
    documents.users.get(key) ??
    documents.users.values().find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === name);
  if (!user) throw new RangeError(`There is no user '${key}' in the tenant.`);
  return user;
}

function findGroup({ documents }: TenantState, key: string): GroupDocument {
  const found = documents.groups.get(key);
  const named = documents.groups.values().filter(({ displayName }) => displayName === key);
  const [group] = found ? [found] : named;
  if (!group) throw new RangeError(`There is no group '${key}' in the tenant.`);
  if (!found && named.length > 1)
    throw new RangeError(`${named.length} groups are named '${key}'; give the id.`);
  return group;
}
