import { createHash } from "node:crypto";

/** How a tenant treats its callers: kind, or unkind at a rate (default 0.05) from a seed. */
export type Kindness = { kind: true } | { kind?: false; rate?: number; seed?: string };

/**
 * What a real service may do at any time and a test must survive. Each draw depends on the seed, on what it is about and on how
 * often that was asked before, and on nothing else: calls that overtake one another do not change the run.
 */
export interface Unkindness {
  readonly kind: boolean;
  /** Share of new objects that are late, and of calls that are refused; 0 when kind. */
  readonly rate: number;
  readonly seed: string;
  /** Requests for which the new object `id` is not found yet: 0 for most. */
  delayOf(id: string): number;
  /** Seconds for Retry-After when this call is to be answered 429. Never twice in a row for the same `call`. */
  refusal(call: string): number | undefined;
  /** `items` in another order, by the seed, the `list` and each item's key: coming and going of others does not change it. */
  reorder<T>(list: string, items: readonly T[], key: (item: T) => string): T[];
  /** How many items a page of `list` holds when the caller would take `wanted`. */
  pageSize(list: string, wanted: number): number;
  /** One line for a person: the rate, the seed, how to turn it off. */
  describe(): string;
}

export const DEFAULT_RATE = 0.05;
const LONGEST_DELAY = 3;
const RETRY_AFTER_SECONDS = 1;
/** Refusals cost a second each, delays a request each; so they are rarer. */
const REFUSALS_PER_DELAY = 0.25;

/** @throws RangeError when the rate is not within 0 and 1. */
export function unkindness(kindness: Kindness): Unkindness {
  const kind = kindness.kind === true;
  const rate = kindness.kind ? 0 : (kindness.rate ?? DEFAULT_RATE);
  const seed = kindness.kind ? "kind" : (kindness.seed ?? "rollcall");
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`An unkindness rate lies within 0 and 1; got ${rate}.`);

  const asked = new Map<string, number>();
  const refusedLast = new Set<string>();
  const draw = (topic: string): number => {
    const count = asked.get(topic) ?? 0;
    asked.set(topic, count + 1);
    return fraction(`${seed}\0${topic}\0${count}`);
  };

  return {
    kind,
    rate,
    seed,
    delayOf: (id) => (draw(`late ${id}`) < rate ? 1 + Math.floor(draw(`how late ${id}`) * LONGEST_DELAY) : 0),
    refusal: (call) => {
      if (refusedLast.delete(call) || draw(`refuse ${call}`) >= rate * REFUSALS_PER_DELAY) return undefined;
      refusedLast.add(call);
      return RETRY_AFTER_SECONDS;
    },
    reorder: (list, items, key) => {
      if (kind) return [...items];
      return items
        .map((item) => ({ item, rank: fraction(`${seed}\0order ${list}\0${key(item)}`) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
    },
    pageSize: (list, wanted) =>
      kind ? wanted : Math.min(wanted, 3 + Math.floor(fraction(`${seed}\0page ${list}`) * 5)),
    describe: () =>
      kind
        ? "kind: nothing is late, refused or out of order"
        : `unkind: ${(rate * 100).toFixed(rate * 100 < 1 ? 1 : 0)} % of new objects are late, some calls are refused, lists come in another order and in small pages (seed ${seed}; --kind turns it off)`,
  };
}

function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
