import { readFileSync } from "node:fs";
import { CredentialsError } from "./credentials-error.ts";

/**
 * A credential from the file that a variable of the environment names, without blanks around it.
 * @throws CredentialsError naming the variable only: what it holds may be the credential itself, put there by mistake
 */
export function readCredentialFile(variable: string, path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new CredentialsError(
      `${variable} names a file that cannot be read (${code}): it must be the path of a file, not what is in it.`,
    );
  }
}
