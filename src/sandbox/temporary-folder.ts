import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder {
  path: string;
  remove(): void;
}

const present = new Set<string>();

/** A new folder that nobody else may read. Unless it is removed before, it goes when the process exits; only a kill leaves it. */
export function temporaryFolder(prefix: string): TemporaryFolder {
  if (!process.listeners("exit").includes(removeAll)) process.on("exit", removeAll);
  const path = mkdtempSync(join(tmpdir(), prefix));
  present.add(path);
  return { path, remove: () => remove(path) };
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
  present.delete(path);
}

function removeAll(): void {
  for (const path of present) remove(path);
}
