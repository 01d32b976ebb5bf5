import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const pool = new Uint8Array(4096);
let used = pool.length;

/** Random bytes are drawn for many ids at once: each draw costs more than all the rest of an id. */
function sixteenBytes(): Uint8Array {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

/** A new id (RFC 9562 version 7). Ids in the order of time keep the writes to their index together. */
export function newId(): string {
  return v7({ rng: sixteenBytes });
}
