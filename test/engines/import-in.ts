import type { ImportFile } from "../../src/sandbox/engine/index.ts";

const COMMAND =
  /echo '([^']+)' > import\.json && pulumi import --stack \S+ --file import\.json --protect=(true|false) /;

/** What the command in a message takes in; undefined where there is none. */
export function importIn(text: string): ImportFile | undefined {
  const found = COMMAND.exec(text);
  return found ? { ...JSON.parse(found[1] ?? ""), protect: found[2] === "true" } : undefined;
}
