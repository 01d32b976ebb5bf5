import { readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** Writes an environment that a shell can `source`. Only the owner may read it: it holds the sandbox's throw-away secrets. */
export function writeEnvFile(file: string, env: Record<string, string>): void {
  const lines = Object.entries(env).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
  );
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

/** @throws when there is no such file */
export function readEnvFile(file: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      `There is no ${file}. \`rollcall sandbox serve --env-file ${file}\` writes it, and keeps it true while it runs.`,
    );
  }
}
