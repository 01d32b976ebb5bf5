import type { Conflict } from "./expectation.ts";

interface Wanted<T> {
  kind: "user" | "group";
  name: string;
  /** Pinned: then only it counts. */
  id?: string;
  place: NonNullable<Conflict["place"]>;
  matches: (candidate: T) => boolean;
}

/** The one object that is meant; none or several is a conflict, which goes into `conflicts`. */
export function findPrincipal<T extends { id: string }>(
  wanted: Wanted<T>,
  candidates: T[],
  conflicts: Conflict[],
): T | undefined {
  const { kind, name, id, place, matches } = wanted;
  const found = candidates.filter((candidate) =>
    id === undefined ? matches(candidate) : candidate.id === id,
  );
  if (found.length === 1) return found[0];
  const pinned = id === undefined ? "" : ` with the id ${id}`;
  conflicts.push(
    found.length === 0
      ? {
          kind: "missing-principal",
          who: name,
          message: `${kind} ${name}${pinned} is not in the directory`,
          place,
        }
      : {
          kind: "ambiguous-principal",
          who: name,
          message: `${found.length} ${kind}s are called ${name}`,
          place,
        },
  );
  return undefined;
}
