import type { Json, JsonObject } from "../document/json.ts";
import { isObject } from "../document/json.ts";

export const REDACTED = "[redacted]";

/** Journaled bodies are cut off here, in UTF-16 units. */
export const MAX_JOURNALED_BODY = 65_536;

const SECRET = /pass(?:word|wd|phrase)|secret|token/i;

/**
 * A body as the journal keeps it: JSON text without passwords, and without the caller's token wherever it stands.
 *
 * @param text The body as received, known to be JSON.
 */
export function redactBody(text: string, token: string | undefined): string {
  if (text.length > MAX_JOURNALED_BODY) return JSON.stringify({ omitted: `${text.length} characters` });
  const safe =
    SECRET.test(text) || text.includes("\\u") ? JSON.stringify(redact(JSON.parse(text) as Json)) : text;
  return withoutToken(safe, token);
}

/** A path and query without what is compared with a password, and without the caller's token. */
export function redactPath(path: string, token: string | undefined): string {
  if (!SECRET.test(path) && !(token && path.includes(token))) return path;
  const [pathname, ...query] = path.split("?");
  const kept = query.join("?").replace(/[^&]*pass(?:word|wd|phrase)[^&]*/gi, REDACTED);
  return withoutToken(query.length > 0 ? `${pathname}?${kept}` : path, token);
}

export function withoutToken(text: string, token: string | undefined): string {
  return token && text.includes(token) ? text.replaceAll(token, REDACTED) : text;
}

function redact(value: Json): Json {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === "string") return redactText(value);
  if (!isObject(value)) return value;
  const namesSecret = typeof value.path === "string" && SECRET.test(value.path);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === "__proto__") continue;
    const hide = SECRET.test(key) || (namesSecret && key === "value");
    result[key] = hide ? REDACTED : redact(item);
  }
  return result;
}

/** A text that may hold a body or a filter of its own which names a password. */
function redactText(text: string): string {
  return /pass(?:word|wd|phrase)/i.test(text) && /[{"]/.test(text) ? REDACTED : text;
}
