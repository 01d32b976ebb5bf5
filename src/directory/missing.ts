interface People<User, Group> {
  users: readonly User[];
  groups: readonly Group[];
}

/**
 * What a tenant lacks of a directory: the groups that are not there, their members, and people who are in no group.
 * Members of a group that is there already are left out, for somebody may have taken them away.
 */
export function missingFrom<User extends { id: string }, Group extends { members: readonly string[] }>(
  { users, groups }: People<User, Group>,
  isThere: { user(user: User): boolean; group(group: Group): boolean },
): { users: User[]; groups: Group[] } {
  const absent = groups.filter((group) => !isThere.group(group));
  const joining = new Set(absent.flatMap(({ members }) => members));
  const grouped = new Set(groups.flatMap(({ members }) => members));
  return {
    users: users.filter((user) => !isThere.user(user) && (joining.has(user.id) || !grouped.has(user.id))),
    groups: absent,
  };
}
