import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { ScimError } from "../errors.ts";

/** Seconds for which a cursor can be used. */
export const CURSOR_TIMEOUT = 3600;

/** Where a page begins. */
export interface Position {
  /** After (or, going back, before) the resource with this seq; for sorted lists, the number of resources to skip. */
  at: number;
  back: boolean;
}

/** What a cursor belongs to: using it with another question is an error. */
export function questionOf(parts: (string | number | boolean | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** An opaque cursor of RFC 9865, encrypted and authenticated under the tenant's key, so that it cannot be read or made up. */
export function sealCursor(key: Buffer, question: string, position: Position, now = Date.now()): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = JSON.stringify([question, position.at, position.back, now + CURSOR_TIMEOUT * 1000]);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** @throws ScimError 400 invalidCursor or expiredCursor. */
export function openCursor(key: Buffer, question: string, cursor: string, now = Date.now()): Position {
  const invalid = () => new ScimError(400, "invalidCursor", "The cursor is none of this list's.");
  let parts: unknown;
  try {
    const bytes = Buffer.from(cursor, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    parts = JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8"),
    );
  } catch {
    throw invalid();
  }
  const [asked, at, back, expires] = parts as [string, number, boolean, number];
  if (asked !== question) throw invalid();
  if (expires < now)
    throw new ScimError(400, "expiredCursor", "The cursor has expired: begin again with an empty one.");
  return { at, back };
}
