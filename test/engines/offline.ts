import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  clearLock,
  type EngineOptions,
  type EngineResult,
  runEngine,
} from "../../src/sandbox/engine/index.ts";
import { PROJECT_DIRECTORY } from "../../src/sandbox/operate.ts";
import type { Change, Engine, EngineSettings, Run } from "./engine.ts";
import { startedUp } from "./started-up.ts";

const CHANGES: readonly string[] = ["create", "update", "replace", "delete"];

/** The offline engine on a stack of its own. */
export function offlineEngine({ sandbox, spec, env, folder }: EngineSettings): Engine {
  const stateFile = join(folder, "state.json");
  const options = (operation: EngineOptions["operation"]): EngineOptions => ({
    operation,
    projectDir: PROJECT_DIRECTORY,
    stackName: "sandbox",
    spec,
    stateFile,
    env: { ...process.env, ...sandbox.env, ...env },
    passphrase: sandbox.env.PULUMI_CONFIG_PASSPHRASE ?? "",
  });
  let last: EngineResult | undefined;
  const run = async (operation: EngineOptions["operation"], more: Partial<EngineOptions> = {}) => {
    last = await runEngine({ ...options(operation), ...more });
    return asRun(last);
  };
  return {
    kind: "offline",
    preview: () => run("preview", { expectNoChanges: true }),
    up: () => run("up"),
    refresh: () => run("refresh"),
    destroy: () => run("destroy"),
    import: (imports) => run("import", { imports }),
    startUp: () => {
      const { env: environment, ...rest } = options("up");
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, "../engine/run-engine.ts"), JSON.stringify({ ...rest, env: {} })],
        { env: environment, stdio: "ignore" },
      );
      return startedUp(child);
    },
    unlock: async () => clearLock(stateFile),
    outputs: async () => last?.outputs,
    state: () => (existsSync(stateFile) ? readFileSync(stateFile, "utf8") : ""),
    dispose: () => undefined,
  };
}

function asRun({ steps, diagnostics, exitCode }: EngineResult): Run {
  const said = (severity: string) =>
    diagnostics.filter((one) => one.severity === severity).map(({ message }) => message);
  const pathsOf = (diff: { path: string }[]) => diff.map(({ path }) => path).sort();
  return {
    exitCode,
    changes: steps
      .filter(({ op }) => CHANGES.includes(op))
      .map(({ name, op, diff }) => ({
        name,
        op: op as Change["op"],
        paths: op === "update" || op === "replace" ? pathsOf(diff) : [],
      }))
      .sort(byName),
    drifted: steps
      .filter(({ op }) => op === "drifted" || op === "gone")
      .map(({ name, diff }) => ({ name, paths: pathsOf(diff) }))
      .sort(byName),
    warnings: said("warning"),
    errors: said("error"),
    text: diagnostics.map(({ message }) => message).join("\n"),
  };
}

export const byName = (a: { name: string }, b: { name: string }) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
