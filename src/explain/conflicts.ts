import type { Expectation } from "../desired/expected-arrivals.ts";

/** The conflicts of an application that concern somebody, by any of the names that this person has; letter case does not count. */
export function conflictsOf({ conflicts }: Expectation, names: (string | null)[]): string[] {
  const own = new Set(names.flatMap((name) => name?.toLowerCase() ?? []));
  return conflicts.filter(({ who }) => own.has(who.toLowerCase())).map(({ message }) => message);
}

/** Another person of the application with the same e-mail address, which many products know people by. */
export function sameEmail(email: string | null, others: { name: string; email: string | null }[]): string[] {
  if (email === null) return [];
  const twins = others.filter((other) => other.email?.toLowerCase() === email.toLowerCase());
  if (twins.length === 0) return [];
  return [
    `${twins.map(({ name }) => name).join(" and ")} ${twins.length === 1 ? "has" : "have"} the e-mail address ${email} too: a product that knows people by it refuses one of them`,
  ];
}
