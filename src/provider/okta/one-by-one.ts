import { hasStatus } from "../../clients/http-error.ts";

export interface Done<Item> {
  refused: Item[];
  /** It did not come to them. */
  untried: Item[];
  /** One for each that was refused. */
  reasons: string[];
  /** Whether the failure was not one item's, so that nothing else is worth a try. */
  stopped: boolean;
}

/** What Okta answers when it refuses one person or group; 403 also where a right is missing altogether. */
const REFUSALS = [400, 403, 404, 409];

/** Does the same to one after another. What Okta refuses of one keeps it from no other; anything else would befall the others too. */
export async function oneByOne<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  act: (item: Item) => Promise<unknown>,
): Promise<Done<Item>> {
  const refused: Item[] = [];
  const reasons: string[] = [];
  for (const [index, item] of items.entries()) {
    try {
      await act(item);
    } catch (error) {
      refused.push(item);
      reasons.push(`${nameOf(item)}: ${error instanceof Error ? error.message : String(error)}`);
      if (!hasStatus(error, ...REFUSALS))
        return { refused, untried: items.slice(index + 1), reasons, stopped: true };
    }
  }
  return { refused, untried: [], reasons, stopped: false };
}
