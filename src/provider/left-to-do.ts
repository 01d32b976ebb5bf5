import { listed } from "./removal-limit.ts";

/**
 * Says of a change that failed half way why it did, and what is still to come.
 * @param left what each change that was not made is about
 */
export function leftToDo(application: string, failure: unknown, left: string[]): string {
  const reason = failure instanceof Error ? failure.message : String(failure);
  return [`${application}: ${reason}`, "Left to do, for the next `up`:", ...listed(left)].join("\n");
}
