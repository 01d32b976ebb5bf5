import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");
const requirements = join(import.meta.dirname, "requirements.txt");

/** Why the Python suites cannot run here; undefined when they can. */
export function missingPython(): string | undefined {
  const { status } = spawnSync("python3", ["-c", "import sys, venv; sys.exit(sys.version_info < (3, 10))"]);
  return status === 0 ? undefined : "python3 (3.10 or newer, with venv) is not installed";
}

/** The `bin` of a virtual environment with the suites in it, made the first time and whenever they change. */
export async function suites(): Promise<string> {
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const directory = join(root, ".venv", `suites-${version}`);
  const ready = join(directory, "bin", "scim-sanity");
  if (!existsSync(ready)) {
    rmSync(directory, { recursive: true, force: true });
    await run("python3", ["-m", "venv", directory]);
    await run(join(directory, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
  }
  return join(directory, "bin");
}

/** Runs a suite; a failing one is a result, not an error. */
export async function runSuite(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await run(command, args, {
      env: { ...process.env, ...environment },
      maxBuffer: 64 * 1024 * 1024,
      timeout: 150_000,
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { code: typeof code === "number" ? code : -1, output: stdout + stderr };
  }
}
