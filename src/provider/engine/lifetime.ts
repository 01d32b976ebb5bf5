import { fstatSync } from "node:fs";

const LOOK_EVERY_MS = 500;

/**
 * Ends this process when the one that started it is gone, however it went: a plugin that outlives its engine would go on
 * changing the tenant with nobody to record it. What it was about to write is found by the next `up`.
 * @param parent the engine's process id, as it was before this process began to load
 */
export function endWithParent(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, LOOK_EVERY_MS).unref();
  if (isPipe(0)) {
    process.stdin.on("end", () => process.exit(0));
    process.stdin.on("error", () => process.exit(1));
    process.stdin.resume();
  }
}

/** A terminal or /dev/null says nothing about the parent. */
function isPipe(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
