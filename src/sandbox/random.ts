import { createHash } from "node:crypto";
import type { Collection, Store } from "./store.ts";

/** A repeatable stream of numbers and identifiers: the same seed gives the same run. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** An RFC 9562 version 4 shaped UUID. */
  uuid(): string;
  /** `prefix` followed by base-62 characters up to `length`, as Okta's identifiers are. */
  id(prefix: string, length: number): string;
  /** How many draws were made; store it and hand it back to continue after a restart. */
  readonly drawn: number;
}

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export function seededRandom(seed: string, drawn = 0): Random {
  let draws = drawn;
  const bytes = () => createHash("sha256").update(`${seed}\0${draws++}`).digest();
  return {
    next: () => bytes().readUInt32BE(0) / 2 ** 32,
    uuid: () => {
      const hex = bytes().toString("hex");
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    id: (prefix, length) => {
      const digest = bytes();
      let text = prefix;
      for (let i = 0; text.length < length; i++) text += BASE62.charAt((digest[i % 32] ?? 0) % 62);
      return text;
    },
    get drawn() {
      return draws;
    },
  };
}

/** {@link seededRandom} that goes on after a restart where it stopped: its draws are counted in `store`. */
export function storedRandom(store: Store, seed: string): Random {
  const draws: Collection<number> = store.collection("random");
  const random = seededRandom(seed, draws.get(seed));
  const counted = <R>(drawn: R): R => {
    draws.put(seed, random.drawn);
    return drawn;
  };
  return {
    next: () => counted(random.next()),
    uuid: () => counted(random.uuid()),
    id: (prefix, length) => counted(random.id(prefix, length)),
    get drawn() {
      return random.drawn;
    },
  };
}
