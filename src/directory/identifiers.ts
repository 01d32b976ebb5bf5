import { createHash } from "node:crypto";
import { v5 as uuidv5 } from "uuid";

const NAMESPACE = "c3b1d9a4-7d0e-4b63-8a55-2f6f4e8c9d10";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An object id for somebody in a directory file, the same whenever the file is read. */
export function entraObjectId(kind: "user" | "group", name: string): string {
  return uuidv5(`entra/${kind}/${name.toLowerCase()}`, NAMESPACE);
}

/** Okta's form of the same: `00u` or `00g` and 17 letters and digits. */
export function oktaId(kind: "user" | "group", name: string): string {
  const digest = createHash("sha256").update(`okta/${kind}/${name}`).digest();
  const tail = [...digest.subarray(0, 17)].map((byte) => BASE62.charAt(byte % 62)).join("");
  return `${kind === "user" ? "00u" : "00g"}${tail}`;
}
