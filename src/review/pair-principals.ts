import type { Change } from "./change.ts";

/** A principal as a spec names it: by its name, or by an id that it is pinned to. */
export interface Named {
  /** How people call what it is: `group`, `user`. */
  kind: string;
  name: string;
  id?: string;
}

export interface Pairs<T> {
  /** Of the earlier and the later version. */
  kept: [T, T][];
  gone: T[];
  come: T[];
}

/**
 * Finds the same principals in two lists. Ids decide where both versions have one; a name that has been pinned, or is no
 * longer, is taken for the same principal.
 * @param nameKey what of a name counts: letter case does in Okta, and does not in Entra
 */
export function pairPrincipals<T extends Named>(
  before: T[],
  after: T[],
  nameKey: (name: string) => string,
): Pairs<T> {
  const sameName = (a: T, b: T) => a.kind === b.kind && nameKey(a.name) === nameKey(b.name);
  const same = (a: T, b: T) => (a.id === undefined ? sameName(a, b) : a.kind === b.kind) && a.id === b.id;
  const pinned = (a: T, b: T) => sameName(a, b) && (a.id === undefined) !== (b.id === undefined);

  const kept: [T, T][] = [];
  const come = [...after];
  const withoutPartner = (list: T[], matches: (a: T, b: T) => boolean) =>
    list.filter((old) => {
      const now = come.find((one) => matches(old, one));
      if (now === undefined) return true;
      come.splice(come.indexOf(now), 1);
      kept.push([old, now]);
      return false;
    });
  const gone = withoutPartner(withoutPartner(before, same), pinned);
  return { kept, gone, come };
}

/**
 * What is said of whom a name stands for.
 * @param where goes after the name: `on DataHub`
 */
export function describeIdentities<T extends Named>(
  { kept, gone, come }: Pairs<T>,
  where: string,
  nameKey: (name: string) => string,
): Change[] {
  const changes = kept.flatMap(([old, now]): Change[] => {
    const who = `${old.kind} ${old.name} ${where}`;
    if (old.id === now.id)
      return old.id === undefined || old.name === now.name
        ? []
        : [{ effect: "other", sentence: `${who} is called ${now.name}, with the same id ${now.id}` }];
    return now.id === undefined
      ? [
          {
            effect: "warning",
            sentence: `${who} is no longer pinned to ${old.id}: whichever bears the name is meant`,
          },
        ]
      : [{ effect: "change", sentence: `${who} is pinned to ${now.id}, whichever else bears the name` }];
  });
  const others = gone.flatMap((old): Change[] => {
    const heir = come.find((now) => now.kind === old.kind && nameKey(now.name) === nameKey(old.name));
    return heir
      ? [
          {
            effect: "warning",
            sentence: `${old.kind} ${old.name} ${where} is another object now: ${heir.id} instead of ${old.id}`,
          },
        ]
      : [];
  });
  return [...changes, ...others];
}

/** `group analysts`, with its id where another one of that name is about. */
export function nameAmong<T extends Named>(
  { kept, gone, come }: Pairs<T>,
  nameKey: (name: string) => string,
): (principal: T) => string {
  const all = [...kept.flat(), ...gone, ...come];
  return ({ kind, name, id }) => {
    const namesake = all.some(
      (one) => one.kind === kind && nameKey(one.name) === nameKey(name) && one.id !== id,
    );
    return `${kind} ${name}${namesake && id !== undefined ? ` (${id})` : ""}`;
  };
}

/** Letter case does not count in Entra's names. */
export const nameKeyOf = (idp: "entra" | "okta") => (name: string) =>
  idp === "entra" ? name.toLowerCase() : name;
