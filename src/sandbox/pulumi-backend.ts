import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const STACK = "sandbox";

/**
 * Opens the passphrase that the salt in `stacks/Pulumi.sandbox.yaml` belongs to. It is in version control, as the salt is, so
 * that a run changes no file of the project; all that it encrypts are throw-away tokens, which lie beside the state.
 */
export const SANDBOX_PASSPHRASE = "sandbox";

/**
 * Makes a folder into a Pulumi backend that has a project's stack `sandbox` already, so that `pulumi up -s sandbox` works at once and
 * nobody has to sign in. What is there stays.
 * @returns the value for PULUMI_BACKEND_URL
 */
export function ensurePulumiBackend(folder: string, project = "rollcall"): string {
  const stacks = join(folder, ".pulumi", "stacks", project);
  mkdirSync(stacks, { recursive: true });
  writeOnce(join(folder, ".pulumi", "meta.yaml"), "version: 1\n");
  const checkpoint = { stack: `organization/${project}/${STACK}`, latest: null };
  writeOnce(join(stacks, `${STACK}.json`), JSON.stringify({ version: 3, checkpoint }));
  return pathToFileURL(folder).href;
}

function writeOnce(file: string, text: string): void {
  if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
}
