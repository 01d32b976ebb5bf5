import type { Finding } from "./finding.ts";

/** How keys are to be read and taken. */
interface Comparison {
  /** Whether the undeclared are a difference, or only worth knowing. */
  exclusive: boolean;
  /** Whether each key ends in a role, as Entra's do: names have spaces too. */
  endInRole: boolean;
}

/** Compares who is assigned with who should be, by the keys that diffs use: `group:governance-team Reader`, `user:sid@acme.com`. */
export function compareAssignments(
  declared: readonly string[],
  live: readonly string[],
  { exclusive, endInRole }: Comparison,
): { drift: Finding[]; notes: string[] } {
  const there = new Set(live);
  const wanted = new Set(declared);
  const drift: Finding[] = [];
  const notes: string[] = [];
  for (const key of declared) {
    if (there.has(key)) continue;
    drift.push({
      aspect: "assignment",
      message: `${spoken(key, endInRole)} is not assigned, and should be.`,
      help: "`up` assigns it again. If it was taken out on purpose, take it out of the spec.",
    });
  }
  for (const key of live) {
    if (wanted.has(key)) continue;
    if (exclusive) {
      drift.push({
        aspect: "assignment",
        message: `${spoken(key, endInRole)} is assigned, and nobody declared it.`,
        help: "`up` takes it out. If it is meant, declare it in the spec.",
      });
    } else {
      notes.push(
        `${spoken(key, endInRole)} is assigned beside the spec, which is not exclusive and leaves it alone.`,
      );
    }
  }
  return { drift, notes };
}

/** `group:governance-team Reader` as "Group governance-team (Reader)". */
function spoken(key: string, endsInRole: boolean): string {
  const [kind = "", rest = ""] = splitOnce(key, ":");
  const space = endsInRole ? rest.lastIndexOf(" ") : -1;
  const who = space < 0 ? rest : `${rest.slice(0, space)} (${rest.slice(space + 1)})`;
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${who}`;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}
