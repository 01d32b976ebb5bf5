import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const cli = join(import.meta.dirname, "../../bin/rollcall.js");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs `rollcall` as a process of its own.
 * @param environment stands over this process's own
 * @param watch is given the process as soon as it runs
 */
export function runCli(
  args: string[],
  environment: Record<string, string> = {},
  watch: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  watch(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
