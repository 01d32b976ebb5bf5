import { existsSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineEvent, type EngineOptions, type EngineResult, runEngine } from "./engine/index.ts";

/** The folder with Pulumi.yaml, where stacks name their specs from: dist/ in a package, and the clone's own. */
export const PROJECT_DIRECTORY = fileURLToPath(
  new URL(existsSync(new URL("../Pulumi.yaml", import.meta.url)) ? ".." : "../..", import.meta.url),
);

export interface OperateOptions extends Pick<EngineOptions, "operation" | "expectNoChanges" | "imports"> {
  /** Path of the spec as people name it. */
  spec: string;
  stateFile: string;
  /** The sandbox's environment; it stands over this process's own. */
  env: Record<string, string>;
  onEvent?: (event: EngineEvent) => void;
}

/** Runs the project's own program on a sandbox with the offline engine. */
export function operate({ spec, env, ...options }: OperateOptions): Promise<EngineResult> {
  return runEngine({
    ...options,
    projectDir: PROJECT_DIRECTORY,
    stackName: "sandbox",
    spec: specPath(spec),
    env: { ...process.env, ...env },
    passphrase: env.PULUMI_CONFIG_PASSPHRASE ?? "",
  });
}

/** Messages name the file as people do, if it lies in the project. */
function specPath(spec: string): string {
  const path = relative(PROJECT_DIRECTORY, resolve(spec));
  return path.startsWith("..") || isAbsolute(path) ? resolve(spec) : path;
}
