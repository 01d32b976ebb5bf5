import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Project } from "./project.ts";

export interface RunningProgram {
  /** The exit code; 1 when a signal ended it. */
  readonly ended: Promise<number>;
  kill(): void;
}

export interface ProgramOptions {
  project: Project;
  /** Where ResourceMonitor and Engine are served. */
  address: string;
  preview: boolean;
  env: NodeJS.ProcessEnv;
  /** A line that the program wrote on its own streams. */
  onLine: (line: string) => void;
}

/** Runs the program as Pulumi's language host does: through the SDK's own runner, which connects back to the engine. */
export function startProgram({ project, address, preview, env, onLine }: ProgramOptions): RunningProgram {
  const runner = createRequire(project.main).resolve("@pulumi/pulumi/cmd/run/index.js");
  const child = spawn(
    process.execPath,
    [
      `--import=${new URL(`./exit-with-parent${extname(import.meta.url)}`, import.meta.url)}`,
      runner,
      `--monitor=${address}`,
      `--engine=${address}`,
      `--project=${project.name}`,
      `--root-directory=${project.directory}`,
      `--stack=${project.stack}`,
      // Requests come one after the other, so that the same program gives the same plan.
      "--parallel=1",
      ...(preview ? ["--dry-run=true"] : []),
      `--pwd=${project.programDirectory}`,
      project.main,
    ],
    {
      env: { ...env, PULUMI_CONFIG: JSON.stringify(project.config), PULUMI_NODEJS_TYPESCRIPT: "false" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Ctrl-C reaches the engine alone, which lets the operation in flight end.
      detached: true,
    },
  );
  for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on("line", onLine);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { ended, kill: () => void child.kill() };
}
