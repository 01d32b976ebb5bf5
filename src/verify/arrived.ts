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

/** RFC 7643, 2.5: null and an empty list are the same as an attribute that is not there. */
const values = z
  .array(z.object({ value: z.string() }))
  .nullish()
  .transform((list) => list ?? []);

const userShape = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z
    .string()
    .nullish()
    .transform((name) => name ?? undefined),
  // Products that answer with strings exist; an absent `active` means nothing was ever switched off.
  active: z
    .union([z.boolean(), z.stringbool()])
    .nullish()
    .transform((active) => active ?? true),
  roles: values,
});

const groupShape = z.object({ id: z.string(), displayName: z.string(), members: values });

/**
 * Reads all users and groups of a SCIM server.
 * @throws when the server answers with something that is no SCIM resource; transport errors pass through.
 */
export async function readArrived(server: ScimReader): Promise<Arrived> {
  const users = (await server.list("Users")).map((user) => read(userShape, user, "user"));
  const groups = (await server.list("Groups")).map((group) => read(groupShape, group, "group"));
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

function read<T>(shape: z.ZodType<T>, resource: unknown, kind: string): T {
  const parsed = shape.safeParse(resource);
  if (parsed.success) return parsed.data;
  const named = z.object({ id: z.string() }).safeParse(resource);
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  throw new Error(
    `The SCIM endpoint's ${kind} ${named.success ? named.data.id : "without an id"} is no SCIM ${kind}: ${where}: ${issue?.message ?? "it cannot be read"}. Is this the product's SCIM address?`,
  );
}
