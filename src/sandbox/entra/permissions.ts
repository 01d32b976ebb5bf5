/** Application permissions of Microsoft Graph: name -> id of the app role on Graph's service principal. */
export const PERMISSIONS = {
  "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  "Application.ReadWrite.All": "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
  "Application.ReadWrite.OwnedBy": "18a4783c-866b-4cc7-a460-3d5e5662c884",
  "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
  "AuditLog.Read.All": "b0afded3-3588-46d8-8b3d-9842eff778da",
  "Directory.Read.All": "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
  "Directory.ReadWrite.All": "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
  "Group.Read.All": "5b567255-7703-4780-807c-7be8301ae99b",
  "Group.ReadWrite.All": "62a82d76-70ea-41e2-9197-370581804d09",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
  "GroupMember.ReadWrite.All": "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
  "Organization.Read.All": "498476ce-e0fe-48b0-b801-37ba7e2685c6",
  "Synchronization.Read.All": "5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce",
  "Synchronization.ReadWrite.All": "9b50c33d-700f-43b1-b2eb-87e89b703581",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
  "User.ReadWrite.All": "741f803b-c850-494e-b5df-cde7c675a1ca",
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** What holding one permission allows besides. */
const IMPLIED: Partial<Record<Permission, readonly Permission[]>> = {
  "Application.ReadWrite.All": ["Application.Read.All", "Application.ReadWrite.OwnedBy"],
  "Application.ReadWrite.OwnedBy": ["Application.Read.All"],
  "Directory.Read.All": ["Application.Read.All", "Group.Read.All", "User.Read.All", "Organization.Read.All"],
  "Directory.ReadWrite.All": ["Directory.Read.All", "Application.ReadWrite.All", "Group.ReadWrite.All"],
  "Group.Read.All": ["GroupMember.Read.All"],
  "Group.ReadWrite.All": ["Group.Read.All", "GroupMember.ReadWrite.All"],
  "GroupMember.ReadWrite.All": ["GroupMember.Read.All"],
  "Synchronization.ReadWrite.All": ["Synchronization.Read.All"],
  "User.ReadWrite.All": ["User.Read.All"],
};

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

/** The permissions given and all that they imply. */
export function effectivePermissions(granted: Iterable<string>): Set<Permission> {
  const effective = new Set<Permission>();
  const add = (permission: Permission) => {
    if (effective.has(permission)) return;
    effective.add(permission);
    IMPLIED[permission]?.forEach(add);
  };
  for (const name of granted) if (isPermission(name)) add(name);
  return effective;
}

/** What a call needs: one of the sets, in full; or ownership of the object named in its path together with OwnedBy. */
export interface Access {
  anyOf: readonly (readonly Permission[])[];
  /** Whether Application.ReadWrite.OwnedBy suffices for an owner of the application or service principal `:id`. */
  orOwner?: boolean;
  /** How a missing permission is answered: 403 with a message, or the synchronization API's 401 without any. */
  refusal: "denied" | "silent";
}

const needs = (...anyOf: (readonly Permission[])[]): Access => ({ anyOf, refusal: "denied" });

/** Least permissions as Microsoft documents them for each group of calls. */
export const ACCESS = {
  readUsers: needs(["User.Read.All"]),
  writeUsers: needs(["User.ReadWrite.All"]),
  readGroups: needs(["GroupMember.Read.All"]),
  writeGroups: needs(["Group.ReadWrite.All"]),
  writeMembers: needs(["GroupMember.ReadWrite.All"]),
  readDirectory: needs(
    ["Directory.Read.All"],
    ["User.Read.All"],
    ["GroupMember.Read.All"],
    ["Application.Read.All"],
  ),
  restoreDeleted: needs(["User.ReadWrite.All"], ["Group.ReadWrite.All"]),
  readApplications: needs(["Application.Read.All"]),
  createApplications: needs(["Application.ReadWrite.OwnedBy"]),
  writeApplications: { ...needs(["Application.ReadWrite.All"]), orOwner: true },
  /** With AppRoleAssignment.ReadWrite.All alone the real service refuses. */
  writeAssignments: needs(["AppRoleAssignment.ReadWrite.All", "Application.Read.All"]),
  readOrganization: needs(["Organization.Read.All"]),
  readLogs: needs(["AuditLog.Read.All"]),
  readSynchronization: { anyOf: [["Synchronization.Read.All"]], orOwner: true, refusal: "silent" },
  writeSynchronization: { anyOf: [["Synchronization.ReadWrite.All"]], orOwner: true, refusal: "silent" },
  provisionOnDemand: { anyOf: [["Synchronization.ReadWrite.All"]], refusal: "silent" },
} as const satisfies Record<string, Access>;

/** @param ownsObject whether the caller owns the object named in the path */
export function isAllowed(
  access: Access,
  permissions: ReadonlySet<Permission>,
  ownsObject: () => boolean,
): boolean {
  if (access.anyOf.some((set) => set.every((permission) => permissions.has(permission)))) return true;
  return access.orOwner === true && permissions.has("Application.ReadWrite.OwnedBy") && ownsObject();
}
