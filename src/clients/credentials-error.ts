import { hasStatus } from "./http-error.ts";

/** Nobody could be signed in: credentials are missing, incomplete or refused. The message says which, and what to set. */
export class CredentialsError extends Error {
  override name = "CredentialsError";
}

/** Whether an error says that nobody could be signed in, or that a permission is missing. */
export function concernsCredentials(error: unknown): boolean {
  return error instanceof CredentialsError || hasStatus(error, 401, 403);
}
