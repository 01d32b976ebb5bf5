import { makeSource, type Source, type Span } from "./source.ts";
import type { Node } from "./tree.ts";

/**
 * Finds what looks like a secret in a text, comments included, wherever it stands. Names people give to groups must not be
 * found, random strings of 24 characters and more must: a random string changes between upper case, lower case and digits
 * at about two of three characters, a name seldom does.
 */
export function findSecrets(source: Source): Span[] {
  const spans: Span[] = [];
  for (const { pattern, group, accept } of PATTERNS) {
    for (const match of source.text.matchAll(pattern)) {
      const text = match[group] ?? "";
      const offset = match[0].lastIndexOf(text);
      if (text && (accept?.(text) ?? true)) {
        spans.push({ source, start: match.index + offset, end: match.index + offset + text.length });
      }
    }
  }
  return union(spans);
}

const BLOT = "•";

/** The same source with the spans blotted out, so that neither excerpts nor messages can show them. Offsets stay. */
export function blotOut(source: Source, spans: Span[]): Source {
  let text = "";
  let at = 0;
  for (const { start, end } of union(spans)) {
    text += source.text.slice(at, start) + source.text.slice(start, end).replace(/[^\r\n]/g, BLOT);
    at = end;
  }
  text += source.text.slice(at);
  return makeSource(source.file, text);
}

const SECRET_KEY = /token|passw|api[-_]?key|bearer|credential|client[-_]?secret/i;

/** Values of keys named like a secret, however they look: `token: abc`. */
export function findNamedSecrets(root: Node, key = ""): Span[] {
  if (root.kind === "scalar") {
    const named = SECRET_KEY.test(key) && typeof root.value === "string" && !root.value.includes(BLOT);
    return named && root.value !== "" ? [root.span] : [];
  }
  if (root.kind === "list") return root.items.flatMap((item) => findNamedSecrets(item, key));
  return [...root.entries].flatMap(([name, entry]) => findNamedSecrets(entry.value, name));
}

/** The same for a text that is no YAML, so that an error about its syntax does not quote a secret. */
export function findNamedSecretsInText(source: Source): Span[] {
  const pattern =
    /(?:token|passw|api[-_]?key|bearer|credential|client[-_]?secret)[\w-]{0,40}["']?[ \t]*:[ \t]*([^\s{[#|>][^\n#]*)/gi;
  return [...source.text.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length;
    return { source, start: end - (match[1] ?? "").length, end };
  });
}

interface Pattern {
  pattern: RegExp;
  group: number;
  accept?: (text: string) => boolean;
}

const PATTERNS: Pattern[] = [
  // JSON web tokens: DataHub's personal access tokens and OpenMetadata's bot tokens are such.
  { pattern: /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g, group: 0 },
  { pattern: /\b[0-9a-fA-F]{32,}\b/g, group: 0 },
  { pattern: /(?:Bearer|SSWS)[ \t]+([A-Za-z0-9._~+/=-]{12,})/gi, group: 1, accept: looksRandom },
  // The password of a URL, and query values named like a secret.
  { pattern: /:\/\/[^\s/@:"'?#]*:([^\s/@"'?#]+)@/g, group: 1 },
  {
    pattern: /[?&][^\s=&?"']{0,60}(?:token|key|secret|password|sig)[^\s=&?"']{0,60}=([^\s&"'#]+)/gi,
    group: 1,
  },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END|$)/g, group: 0 },
  {
    pattern: /[A-Za-z0-9+/_-]{24,}={0,2}/g,
    group: 0,
    accept: (text) => text.split(/[-_/]/).some(looksRandom),
  },
];

/** A run of letters and digits that no person made up. */
function looksRandom(run: string): boolean {
  if (run.length < 20 || !/\d/.test(run) || !/[A-Za-z]/.test(run)) return false;
  const kinds = [...run].map((character) =>
    /[A-Z]/.test(character) ? "A" : /[a-z]/.test(character) ? "a" : "0",
  );
  const changes = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  const mixedCase = /[A-Z]/.test(run) && /[a-z]/.test(run);
  return changes / (run.length - 1) >= (mixedCase ? 0.4 : 0.3);
}

function union(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}
