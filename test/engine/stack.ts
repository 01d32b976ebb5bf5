import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineOptions, type EngineResult, runEngine } from "../../src/sandbox/engine/index.ts";

/** A thing of the fixture's program; see fixture/program.js. */
export interface Thing {
  name: string;
  value?: unknown;
  kind?: string;
  secret?: string;
  objection?: string;
  onFailure?: string;
  fail?: string;
  invalid?: string;
  single?: boolean;
  slow?: number;
  protect?: boolean;
  /** Name of the thing that takes this one along. */
  deletedWith?: string;
  options?: Record<string, unknown>;
}

export interface Plan {
  things?: Thing[];
  print?: string;
  ask?: string;
  refuse?: string;
  /** The program does not end by itself. */
  linger?: boolean;
}

interface StoredResource {
  urn: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  dependencies: string[];
}

/** The fixture's project with a state, a world and a journal of its own. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), "rollcall-engine-"));
  readonly stateFile = join(this.folder, "state.json");
  readonly #world = join(this.folder, "world.json");
  readonly #journal = join(this.folder, "journal");

  run(
    operation: EngineOptions["operation"],
    plan: Plan = {},
    options: Partial<EngineOptions> = {},
  ): Promise<EngineResult> {
    return runEngine({ ...this.options(operation, plan), ...options });
  }

  options(operation: EngineOptions["operation"], plan: Plan): EngineOptions {
    return {
      operation,
      projectDir: join(import.meta.dirname, "fixture"),
      stackName: "dev",
      stateFile: this.stateFile,
      env: {
        ...process.env,
        FIXTURE_PLAN: JSON.stringify(plan),
        FAKE_WORLD: this.#world,
        FAKE_JOURNAL: this.#journal,
      },
      passphrase: "correct horse",
    };
  }

  /** Runs the engine in a process of its own, to be killed. */
  start(operation: EngineOptions["operation"], plan: Plan, env: NodeJS.ProcessEnv = {}): ChildProcess {
    const options = this.options(operation, plan);
    return spawn(
      process.execPath,
      [join(import.meta.dirname, "run-engine.ts"), JSON.stringify({ ...options, env: {} })],
      {
        env: { ...options.env, ...env },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
  }

  /** The things that exist, by name. */
  world(): Record<string, Record<string, unknown>> {
    if (!existsSync(this.#world)) return {};
    const things = JSON.parse(readFileSync(this.#world, "utf8")) as Record<
      string,
      { name: string; inputs: Record<string, unknown> }
    >;
    return Object.fromEntries(Object.values(things).map(({ name, inputs }) => [name, inputs]));
  }

  /** What the provider was asked to change since the last call, as `create a`. */
  writes(): string[] {
    const lines = existsSync(this.#journal)
      ? readFileSync(this.#journal, "utf8").split("\n").filter(Boolean)
      : [];
    rmSync(this.#journal, { force: true });
    return lines.filter((line) => /^(create|update|delete) /.test(line));
  }

  state(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  resources(): StoredResource[] {
    return JSON.parse(this.state()).deployment.resources;
  }

  pending(): { type: string; resource: StoredResource }[] {
    return JSON.parse(this.state()).deployment.pending_operations;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function lines({ steps }: EngineResult): string[] {
  return steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
}

export function errors({ diagnostics }: EngineResult): string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}
