/** What the program keeps for itself in the configuration of a stack, as `rollcall:entra`: credentials of the tenants, not tokens. */
const PROGRAM_KEYS: readonly string[] = ["spec", "entra", "okta"];

/** Whether a name means the program's own configuration, which must never be sent to a product as its token. */
export function isProgramKey(name: string): boolean {
  return PROGRAM_KEYS.includes(name);
}

/** The environment variable that stands in for a stack secret: `datahubScimToken` -> `ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN`. */
export function secretVariable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll("-", "_");
  return `ROLLCALL_SECRET_${words.toUpperCase()}`;
}
