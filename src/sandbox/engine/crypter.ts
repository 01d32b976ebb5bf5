import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import {
  isMap,
  isSecret,
  mapEntries,
  type PropertyMap,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
  secret,
  type Value,
} from "./values.ts";

/** Encrypts what a state file must not hold in clear. */
export interface Crypter {
  /** What the state file keeps to find the same key again: `v1:<salt>:<a known text, encrypted>`. */
  readonly salt: string;
  encrypt(text: string): string;
  decrypt(text: string): string;
}

const KNOWN_TEXT = "pulumi";
const stretch = promisify(pbkdf2);
/** By salt and passphrase: deriving one takes half a second, and one process runs many operations on a stack. */
const keys = new Map<string, Promise<Buffer>>();

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = `${salt.toString("base64")} ${passphrase}`;
  const key = keys.get(name) ?? stretch(passphrase, salt, 1_000_000, 32, "sha256");
  keys.set(name, key);
  return key;
}

/**
 * The key of Pulumi's own passphrase secrets provider (PBKDF2-SHA-256, 1,000,000 rounds, then AES-256-GCM), so that a state
 * file written here can be read by Pulumi.
 * @param salt of an existing state file; a new one is made without it.
 * @throws when `passphrase` is not the one the file was written with.
 */
export async function passphraseCrypter(passphrase: string, salt?: string): Promise<Crypter> {
  const parts = salt?.split(":");
  const bytes = parts ? Buffer.from(parts[1] ?? "", "base64") : randomBytes(8);
  const key = await deriveKey(passphrase, bytes);

  const encrypt = (text: string) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  const decrypt = (text: string) => {
    const [, nonce = "", sealed = ""] = text.split(":");
    const bytes = Buffer.from(sealed, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  };

  if (parts) {
    try {
      decrypt(parts.slice(2).join(":"));
    } catch {
      throw new Error(
        "The passphrase is not the one the state was written with, so its secrets cannot be read. Give the passphrase of the first `up`.",
      );
    }
  }
  return { salt: salt ?? `v1:${bytes.toString("base64")}:${encrypt(KNOWN_TEXT)}`, encrypt, decrypt };
}

/** The map with each secret encrypted, as a state file holds it. */
export function seal(map: PropertyMap, crypter: Crypter): PropertyMap {
  const visit = (value: Value): Value => {
    if (isSecret(value)) {
      return {
        [SIGNATURE_KEY]: SECRET_SIGNATURE,
        ciphertext: crypter.encrypt(JSON.stringify(value.value ?? null)),
      };
    }
    if (Array.isArray(value)) return value.map(visit);
    return isMap(value) ? mapEntries(value, visit) : value;
  };
  return mapEntries(map, visit);
}

/** Undoes {@link seal}. */
export function unseal(map: PropertyMap, crypter: Crypter): PropertyMap {
  const visit = (value: Value): Value => {
    if (isSecret(value)) return secret(JSON.parse(crypter.decrypt(String(value.ciphertext))) as Value);
    if (Array.isArray(value)) return value.map(visit);
    return isMap(value) ? mapEntries(value, visit) : value;
  };
  return mapEntries(map, visit);
}
