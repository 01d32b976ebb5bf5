import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Who works on a stack: written beside its state file. */
export interface LockHolder {
  pid: number;
  /** ISO time. */
  started: string;
  operation: string;
}

export class StackLocked extends Error {
  override name = "StackLocked";
  readonly holder: LockHolder;

  constructor(holder: LockHolder, path: string) {
    super(
      `The stack is locked: \`${holder.operation}\` has been working on it since ${holder.started} (process ${holder.pid}). ` +
        `Two runs at once would undo each other's work. Wait for it to end; if no such run is alive any more, remove ${path}.`,
    );
    this.holder = holder;
  }
}

export function lockPath(stateFile: string): string {
  return `${stateFile}.lock`;
}

/**
 * Takes the stack's lock.
 * @returns who was killed while holding it, if somebody was.
 * @throws StackLocked while another process that is alive holds it.
 */
export function acquireLock(stateFile: string, operation: string): LockHolder | undefined {
  const path = lockPath(stateFile);
  mkdirSync(dirname(path), { recursive: true });
  if (tryWrite(path, operation)) return undefined;
  const holder = JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  if (isAlive(holder.pid)) throw new StackLocked(holder, path);
  clearLock(stateFile);
  if (!tryWrite(path, operation))
    throw new StackLocked(JSON.parse(readFileSync(path, "utf8")) as LockHolder, path);
  return holder;
}

/** Releases the lock, or clears one that a killed run left behind. */
export function clearLock(stateFile: string): void {
  rmSync(lockPath(stateFile), { force: true });
}

function tryWrite(path: string, operation: string): boolean {
  const holder: LockHolder = { pid: process.pid, started: new Date().toISOString(), operation };
  try {
    const handle = openSync(path, "wx", 0o600);
    writeSync(handle, JSON.stringify(holder));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
