/** A group or user who is assigned, under the key that says which: `group:datahub-users`, `user:ada@acme.com Reader`. */
interface Keyed {
  key: string;
}

/**
 * Who is to go, and keeps what they have until whoever could not be let in is: it may be the same person by another way, who would be
 * without in between. A group may hold anybody.
 * @param missing were to be let in, and could not be
 */
export function keepsWayIn<Item extends Keyed>(
  missing: Item[],
  idOf: (item: Item) => string,
): (leaving: Item) => boolean {
  return (leaving) => missing.some((one) => isGroup(one) || isGroup(leaving) || idOf(one) === idOf(leaving));
}

const isGroup = ({ key }: Keyed) => !key.startsWith("user:");

/** Heads a list of those who keep a way in. */
export const KEPT = "Not taken out, since whoever could not be let in may be among them";
