import type { Context } from "./engine/resource.ts";
import { isUnknown } from "./engine/values.ts";
import { assertRemovalsAllowed, listed } from "./removal-limit.ts";

/**
 * Another application in the tenant takes the place of the one so far. Whoever is in the old one loses it, and with it what
 * they have in the product, even if the spec lets them into the new one.
 * @param ids of the old application and of the new one
 * @param losing what each principal of the old application is called
 */
export function assertReplacementAllowed(
  ids: { old: string; next: string },
  losing: string[],
  { application, maxRemovals }: { application: string; maxRemovals: number },
  context: Context,
): void {
  if (losing.length === 0) return;
  const next = isUnknown(ids.next) ? "a new one" : ids.next;
  const replaced = `${application}: the application ${ids.old} gives way to ${next}`;
  assertRemovalsAllowed(losing, application, maxRemovals, context.env, replaced);
  context.warn(
    [`${replaced}, and these are taken out of the old one:`, ...listed([...losing].sort())].join("\n"),
  );
}
