import { type Difference, joined } from "./engine/difference.ts";
import type { Context } from "./engine/resource.ts";
import { ALLOW_REMOVALS, allowedRemovals, listed } from "./removal-limit.ts";

/** What an import found has no rules yet; the first `up` gives it the spec's. */
export function isImported({ exclusive }: { exclusive?: boolean }): boolean {
  return exclusive === undefined;
}

/**
 * What rollcall gave, and with it may take away. A set that is not to be exclusive, and was until now or was imported, also
 * holds what others gave: of that it is what the spec declares, or declared when it was last written.
 */
export function ownEntries<Value>(
  inputs: { exclusive?: boolean },
  found: Record<string, Value>,
  next: { exclusive: boolean },
  declared: Record<string, unknown>,
  before: readonly string[] = [],
): Record<string, Value> {
  if (next.exclusive || inputs.exclusive === false) return found;
  const own = new Set([...Object.keys(declared), ...(isImported(inputs) ? [] : before)]);
  return Object.fromEntries(Object.entries(found).filter(([key]) => own.has(key)));
}

/**
 * Adoption deletes nothing: what stood in the tenant before rollcall has to be declared, or its removal asked for.
 * @param what "assignments", "pushed groups"
 */
export function assertTakeOverMeant(
  undeclared: string[],
  what: string,
  application: string,
  context: Context,
): void {
  if (undeclared.length === 0 || allowedRemovals(application, context.env) >= undeclared.length) return;
  throw new Error(
    [
      `${application} has ${what} that the spec does not declare:`,
      ...listed([...undeclared].sort()),
      "None of them was removed. Declare them, or set `exclusive: false` to leave them alone, or remove them once and for all:",
      `${ALLOW_REMOVALS}=${application}=${undeclared.length}`,
    ].join("\n"),
  );
}

/** What came in between preview and update stays until a preview has shown it. */
export function warnOfUnseen(unseen: string[], what: string, application: string, context: Context): void {
  if (unseen.length === 0) return;
  context.warn(
    [
      `${application} got ${what} while this ran, so that no preview has shown them; the next \`up\` removes them unless they are declared:`,
      ...listed([...unseen].sort()),
    ].join("\n"),
  );
}

/**
 * Removals that are still to be made, to be kept among the outputs: a set that is not exclusive would forget them otherwise.
 * They go by their keys, unless the spec means another object by one.
 * @param apart a key for an object whose own is taken
 */
export function owedRemovals<Value>(
  owed: { key: string; id: string; value: Value }[],
  next: Record<string, unknown>,
  apart: (key: string, id: string) => string = (key, id) => `${key} (${id})`,
): Record<string, Value> {
  return Object.fromEntries(owed.map(({ key, id, value }) => [key in next ? apart(key, id) : key, value]));
}

/** What the state has of a set: as it was last seen, and what is still to be taken out of it. */
export const withOwed = <Value>(
  found: Record<string, Value>,
  { owed }: { owed?: Record<string, Value> },
): Record<string, Value> => ({ ...owed, ...found });

/**
 * Differences of owed removals that the spec takes back. Nothing is to be done for them in the tenant; an update forgets them,
 * so that they count when they are taken out after all.
 */
export function takenBack(
  { owed = {} }: { owed?: Record<string, string> },
  declared: Record<string, string>,
): Difference[] {
  return Object.entries(owed)
    .filter(([key, id]) => declared[key] === id)
    .map(([key]) => ({ path: joined("assignments", key), kind: "update" }));
}

/** Leaves out who is owed: they were counted, and allowed, when their removal was first tried. */
export function notOwed<Item extends { key: string }>(
  items: Item[],
  { owed = {} }: { owed?: Record<string, string> },
  idOf: (item: Item) => string,
): Item[] {
  return items.filter((item) => owed[item.key] !== idOf(item));
}

/** A set that is no longer exclusive leaves whoever nobody has declared; said once, since no diff shows it. */
export function warnOfLeft(
  inputs: { exclusive?: boolean },
  found: string[],
  own: Record<string, unknown>,
  { exclusive, application }: { exclusive: boolean; application: string },
  context: Context,
): void {
  const left = found.filter((key) => !(key in own));
  if (exclusive || inputs.exclusive !== true || left.length === 0) return;
  context.warn(
    [
      `${application} is no longer exclusive, and these stay as they are, since rollcall did not put them there:`,
      ...listed([...left].sort()),
    ].join("\n"),
  );
}

const NAMED = 10;

/**
 * What a shared application has beside the spec; also what a run that was killed had granted, if the spec no longer says so.
 * @param strangers neither in the state nor, as far as is known, in the spec
 */
export function mentionStrangers(
  strangers: string[],
  what: string,
  application: string,
  context: Context,
): void {
  if (strangers.length === 0) return;
  const more = strangers.length - NAMED;
  context.info(
    `${application} has ${what} that this stack has not made, and leaves alone (exclusive: false) unless the spec declares them: ${[...strangers].sort().slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
  );
}
