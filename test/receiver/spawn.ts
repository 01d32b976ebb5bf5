import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { client, TOKEN } from "./harness.ts";

const children: ChildProcess[] = [];

/** A receiver in a process of its own, which can be killed. */
export async function spawnReceiver(directory: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "child-receiver.ts"), directory, TOKEN], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the receiver ended with ${code}`)));
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { child, gone, baseUrl, ...client(baseUrl) };
}

export function killAll(): void {
  for (const child of children) child.kill("SIGKILL");
  children.length = 0;
}
