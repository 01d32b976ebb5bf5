import { concernsCredentials } from "../clients/credentials-error.ts";

/** Why something could not be looked at. */
export interface Failure {
  /** For a person. */
  failure: string;
  /** Whether it was a matter of signing in or of permissions. */
  credentials: boolean;
}

/** Looks at one application of several; an error is a result, so that the others are looked at all the same. */
export async function attempt<T>(look: () => Promise<T>): Promise<T | Failure> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { failure: error.message, credentials: concernsCredentials(error) };
  }
}
