/**
 * Names a spec's entries for diffs and for the state. Names in a directory need not be unique: entries that would be called the
 * same carry the id that the spec pins too, as in `group:Team (1111…) Reader`, so that none takes another's place.
 * @param describe an entry's name, and what follows it
 */
export function distinctKeys<Entry extends { id?: string }>(
  entries: readonly Entry[],
  describe: (entry: Entry) => { name: string; role?: string },
): ReadonlyMap<Entry, string> {
  const plain = (entry: Entry) => {
    const { name, role = "" } = describe(entry);
    return name + role;
  };
  const times = new Map<string, number>();
  for (const entry of entries) times.set(plain(entry), (times.get(plain(entry)) ?? 0) + 1);
  return new Map(
    entries.map((entry) => {
      const { name, role = "" } = describe(entry);
      const isShared = entry.id !== undefined && (times.get(plain(entry)) ?? 0) > 1;
      return [entry, isShared ? `${name} (${entry.id})${role}` : plain(entry)];
    }),
  );
}

/** Keys of the entries whose id the spec gives. */
export function pinnedKeys(keys: ReadonlyMap<{ id?: string }, string>): string[] {
  return [...keys].flatMap(([{ id }, key]) => (id === undefined ? [] : [key]));
}
