/** A group or user who is assigned, under the key that says which: `group:datahub-users`, `user:ada@acme.com Reader`. */
interface Keyed {
  key: string;
}

/**
 * Who is to go, and keeps what they have until whoever could not be let in is: it may be the same person by another way, who would be
 * out in between. A group may hold anybody.
 * @param missing were to be let in, and could not be
 * @param staying ids of those who have a way in all the same
 */
export function keepsWayIn<Missing extends Keyed, Leaving extends Keyed>(
  missing: Missing[],
  idOf: (one: Missing | Leaving) => string,
  staying: ReadonlySet<string> = new Set(),
): (leaving: Leaving) => boolean {
  return (leaving) =>
    missing.some((one) => {
      if (idOf(one) === idOf(leaving)) return true;
      return !staying.has(idOf(leaving)) && (isGroup(one) || isGroup(leaving));
    });
}

const isGroup = ({ key }: Keyed) => !key.startsWith("user:");
