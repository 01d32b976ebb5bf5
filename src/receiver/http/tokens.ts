import { hash, timingSafeEqual } from "node:crypto";

/** The tokens of one tenant, as SHA-256 hashes: the tokens themselves are not kept. */
export class Tokens {
  #hashes: Buffer[];

  constructor(tokens: string[]) {
    this.#hashes = tokens.map(hashOf);
  }

  /** Takes the place of all tokens; give the old and the new one to rotate. */
  replace(tokens: string[]): void {
    this.#hashes = tokens.map(hashOf);
  }

  /** Compares with every token, in a time that tells nothing about them. */
  accepts(token: string): boolean {
    const given = hash("sha256", token, "buffer");
    let accepted = false;
    for (const known of this.#hashes) accepted = timingSafeEqual(known, given) || accepted;
    return accepted;
  }
}

const HASHED = /^sha256:([0-9a-f]{64})$/i;

/** A token, or its hash written as `sha256:<64 hex digits>`. */
function hashOf(token: string): Buffer {
  const hashed = HASHED.exec(token)?.[1];
  return hashed ? Buffer.from(hashed, "hex") : hash("sha256", token, "buffer");
}

/** The token of an Authorization header; undefined when there is none. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([^\s]+)\s*$/i.exec(header ?? "")?.[1];
}
