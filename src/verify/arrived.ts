import { z } from "zod";
import { groupMember } from "../desired/group-member.ts";

/** What a SCIM server holds, reduced to what an expectation speaks of. */
export interface Arrived {
  users: ArrivedUser[];
  groups: string[];
  memberships: { group: string; userName: string }[];
  roles: { userName: string; role: string }[];
}

export interface ArrivedUser {
  userName: string;
  displayName: string | undefined;
  active: boolean;
}

/** Lists every resource of a type, following pages. `src/clients/scim.ts` implements it. */
export interface ScimReader {
  list(type: "Users" | "Groups"): Promise<unknown[]>;
}

const userShape = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string().optional(),
  // Products that answer with strings exist; an absent `active` means nothing was ever switched off.
  active: z.union([z.boolean(), z.stringbool()]).default(true),
  roles: z.array(z.object({ value: z.string() })).default([]),
});

const groupShape = z.object({
  id: z.string(),
  displayName: z.string(),
  members: z.array(z.object({ value: z.string() })).default([]),
});

/**
 * Reads all users and groups of a SCIM server.
 * @throws when the server answers with something that is no SCIM resource; transport errors pass through.
 */
export async function readArrived(server: ScimReader): Promise<Arrived> {
  const users = z.array(userShape).parse(await server.list("Users"));
  const groups = z.array(groupShape).parse(await server.list("Groups"));
  const nameOf = new Map([
    ...users.map((user) => [user.id, user.userName] as const),
    ...groups.map((group) => [group.id, groupMember(group.displayName)] as const),
  ]);
  return {
    users: users.map(({ userName, displayName, active }) => ({ userName, displayName, active })),
    groups: groups.map((group) => group.displayName),
    memberships: groups.flatMap((group) =>
      group.members.map((member) => ({
        group: group.displayName,
        userName: nameOf.get(member.value) ?? `unknown id ${member.value}`,
      })),
    ),
    roles: users.flatMap((user) => user.roles.map((role) => ({ userName: user.userName, role: role.value }))),
  };
}
