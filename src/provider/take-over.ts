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
