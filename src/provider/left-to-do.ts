import { listed } from "./removal-limit.ts";

/**
 * Says of a change that failed half way what did, and why, and what was not even tried.
 * @param reasons one for each failure
 * @param untried what each change is about that was held back or not come to
 */
export function leftToDo(application: string, reasons: string[], untried: string[]): string {
  return [
    `${application}: not all of it could be done; the next \`up\` goes on from here.`,
    ...listed(reasons),
    ...(untried.length > 0 ? ["Left as they are until then:", ...listed(untried)] : []),
  ].join("\n");
}
