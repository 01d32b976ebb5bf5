/** Nobody could be signed in: credentials are missing, incomplete or refused. The message says which, and what to set. */
export class CredentialsError extends Error {
  override name = "CredentialsError";
}
