import type { ImportFile } from "../../src/sandbox/engine/index.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

/** One resource that a run changes, or would change. */
export interface Change {
  /** The resource's name in the program. */
  name: string;
  op: "create" | "update" | "replace" | "delete";
  /** Property paths as Pulumi writes them: `assignments["group:a Reader"]`. Of updates and replacements only. */
  paths: string[];
}

/** What one run of an engine came to. */
export interface Run {
  /** 0 fine, 7 changes where none were expected, anything else a failure. */
  exitCode: number;
  /** In the order of the resources' names. */
  changes: Change[];
  /** Resources in which a refresh found something else than the state has, and the paths. */
  drifted: { name: string; paths: string[] }[];
  warnings: string[];
  errors: string[];
  /** Everything that it printed. */
  text: string;
}

/** The two engines, as the tests want to see them. */
export interface Engine {
  readonly kind: "offline" | "real";
  /** Refreshes, and expects no changes. */
  preview(): Promise<Run>;
  up(): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  import(file: ImportFile): Promise<Run>;
  /**
   * Starts `up` and returns how to end it as `kill -9` does, alone or with the plugins it has started.
   * `ended` resolves when it is gone, however it went, and `pluginsGone` when the rollcall plugin that it had started is; it rejects after 15 s.
   */
  startUp(): StartedUp;
  /** After a kill: what a person does before the next run. */
  unlock(): Promise<void>;
  /** The stack's outputs, secrets masked. */
  outputs(): Promise<unknown>;
  /** The state as it is stored. */
  state(): string;
  dispose(): void;
}

export interface EngineSettings {
  sandbox: Sandbox;
  /** Path of the spec; read anew by each run. */
  spec: string;
  /** Stands over the sandbox's environment. */
  env: NodeJS.ProcessEnv;
  /** An empty folder of its own. */
  folder: string;
}

export interface StartedUp {
  kill(withPlugins: boolean): void;
  ended: Promise<void>;
  pluginsGone(): Promise<void>;
}
