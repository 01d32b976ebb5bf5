/**
 * Property values in Pulumi's wire forms: JSON with marks in it for what is unknown, secret, an output or a reference.
 * Inside the provider a value is plain JSON, in which {@link UNKNOWN} stands for what an `up` will tell.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

export function isMap(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function secret(value: Value): PropertyMap {
  return { [SIGNATURE]: SECRET, value };
}

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** The plain form of a wire value; `secrets` gathers the texts that were marked secret in it. */
export function plain(value: Value | undefined, secrets: Set<string>): Value {
  return plainWithin(value ?? null, secrets, false);
}

function plainWithin(value: Value, secrets: Set<string>, hidden: boolean): Value {
  if (typeof value === "string") {
    if (hidden && value !== "" && value !== UNKNOWN) secrets.add(value);
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => plainWithin(item, secrets, hidden));
  if (!isMap(value)) return value;
  switch (value[SIGNATURE]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, plainWithin(item, secrets, hidden)]),
      );
    case SECRET:
      return plainWithin(value.value ?? null, secrets, true);
    case OUTPUT:
      return plainWithin(value.value ?? UNKNOWN, secrets, hidden || value.secret === true);
    case RESOURCE:
      return value.id || UNKNOWN;
    default:
      throw new TypeError("An asset or archive was given where rollcall takes none.");
  }
}

/** The wire form: every text that holds one of `secrets` is marked, wherever it stands. `undefined` members are dropped. */
export function protect(value: unknown, secrets: ReadonlySet<string>): Value {
  if (typeof value === "string") return holdsSecret(value, secrets) ? secret(value) : value;
  if (Array.isArray(value)) return value.map((item) => protect(item, secrets));
  if (isMap(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, protect(item, secrets)]));
  }
  return value === undefined ? null : (value as Value);
}

/** Shorter ones are looked for as a whole value only, since `a` would hide every text. */
const SHORTEST_PART = 6;

function holdsSecret(text: string, secrets: ReadonlySet<string>): boolean {
  if (secrets.has(text)) return true;
  for (const hidden of secrets) if (hidden.length >= SHORTEST_PART && text.includes(hidden)) return true;
  return false;
}

/** For messages, which carry no marks. */
export function redact(text: string, secrets: ReadonlySet<string>): string {
  let redacted = text;
  for (const hidden of secrets) if (hidden.length > 3) redacted = redacted.replaceAll(hidden, "[secret]");
  return redacted;
}
