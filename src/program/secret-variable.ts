/** The environment variable that stands in for a stack secret: `datahubScimToken` -> `ROLLCALL_SECRET_DATAHUB_SCIM_TOKEN`. */
export function secretVariable(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replaceAll("-", "_");
  return `ROLLCALL_SECRET_${words.toUpperCase()}`;
}
