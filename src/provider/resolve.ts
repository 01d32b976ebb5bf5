import type { ResolvedPrincipal, ResolveEntraPrincipalsArgs } from "./contract.ts";

type Asked = ResolveEntraPrincipalsArgs["principals"][number];

/** A user or group that somebody may have meant. */
export interface Candidate {
  id: string;
  name: string;
  displayName: string;
  description?: string;
  disabled: boolean;
}

/**
 * The one candidate that was asked for: by its id where the spec pins one, otherwise by its exact name. Both providers take
 * a user's name without regard to case, and a group's as it is written. A pinned user of another name is missing, and the
 * candidate; a pinned group of another name is found, since names of groups change and `displayName` says which it is.
 */
export function resolve(asked: Asked, all: Candidate[]): ResolvedPrincipal {
  const { kind, name } = asked;
  const candidates = [...new Map(all.map((candidate) => [candidate.id, candidate])).values()];
  const matches = candidates.filter((candidate) => isMeant(asked, candidate));
  const [match, ...others] = matches;
  if (match && others.length === 0) {
    const resolved = { kind, name, id: match.id, displayName: match.displayName, candidates: [] };
    return match.disabled ? { ...resolved, problem: "disabled" } : resolved;
  }
  const near = match
    ? matches
    : candidates.filter((one) => one.id === asked.id || sameLetters(one.name, name));
  const problem = match ? "ambiguous" : "missing";
  return { kind, name, id: "", displayName: "", problem, candidates: near.map(shown) };
}

function isMeant({ kind, id, name }: Asked, candidate: Candidate): boolean {
  const named = kind === "user" ? sameLetters(candidate.name, name) : candidate.name === name;
  return id ? candidate.id === id && (kind === "group" || named) : named;
}

const sameLetters = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

export function shown({ id, name, description }: Candidate) {
  return { id, name, ...(description ? { description } : {}) };
}
