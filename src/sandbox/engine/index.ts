import { setTimeout } from "node:timers/promises";
import { Deployment } from "./deployment.ts";
import { Hooks } from "./hooks.ts";
import { type ImportFile, importResources } from "./import.ts";
import { Journal } from "./journal.ts";
import { acquireLock, clearLock } from "./lock.ts";
import { type Monitor, startMonitor } from "./monitor.ts";
import { PluginHost } from "./plugin-host.ts";
import { type RunningProgram, startProgram } from "./program.ts";
import { type Project, readProject } from "./project.ts";
import { Providers } from "./providers.ts";
import { refresh } from "./refresh.ts";
import { type EngineEvent, type EngineResult, StepFailed } from "./result.ts";
import { Snapshot } from "./snapshot.ts";
import { standInFor } from "./stand-ins/index.ts";
import { loadState, saveState } from "./state.ts";
import { STACK_TYPE } from "./urn.ts";
import { errorText } from "./wire.ts";

export type { ImportFile } from "./import.ts";
export { clearLock } from "./lock.ts";
export { type PrinterOptions, renderEvent, renderSummary } from "./render.ts";
export type { Diagnostic, EngineEvent, EngineResult, Operation, PropertyChange, Step } from "./result.ts";

export interface EngineOptions {
  operation: "preview" | "up" | "refresh" | "destroy" | "import";
  /** Where Pulumi.yaml is. */
  projectDir: string;
  stackName: string;
  /** Path of a spec that stands over the stack's own. */
  spec?: string;
  /** A Pulumi deployment as JSON; made when it is not there. The lock lies beside it. */
  stateFile: string;
  /** The environment of the program and of the plugins: where the sandbox is, credentials, ROLLCALL_SECRET_*. */
  env: NodeJS.ProcessEnv;
  /** Encrypts the secrets of the state. */
  passphrase: string;
  /** Exit code 7 when anything would change, or has drifted. */
  expectNoChanges?: boolean;
  /** What to take into the state; for `import` alone. */
  imports?: ImportFile;
  /** Ends the run after the operation in flight, as SIGINT does. */
  signal?: AbortSignal;
  onEvent?: (event: EngineEvent) => void;
}

/** How long a program may take to end once everything is done. */
const LET_GO_AFTER_MS = 5_000;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs one operation of the offline engine: the program of a Pulumi project, unchanged, without the Pulumi CLI, against
 * tenants on this machine. Problems are diagnostics of the result, never exceptions.
 */
export async function runEngine(options: EngineOptions): Promise<EngineResult> {
  const journal = new Journal(options.onEvent ?? (() => undefined));
  const locks = options.operation !== "preview";
  const interruption = new AbortController();
  const interrupt = () => {
    journal.say("warning", "Interrupted: the operation in flight is let through, then the run ends.");
    interruption.abort();
  };
  try {
    const killed = locks ? acquireLock(options.stateFile, options.operation) : undefined;
    if (killed) {
      journal.say(
        "warning",
        `An earlier \`${killed.operation}\` (process ${killed.pid}, since ${killed.started}) was killed; its lock is taken over.`,
      );
    }
  } catch (error) {
    journal.say("error", errorText(error));
    return journal.result({}, 1);
  }
  for (const signal of SIGNALS) process.once(signal, interrupt);
  options.signal?.addEventListener("abort", interrupt, { once: true });
  try {
    return await new Run(options, journal, interruption.signal).execute();
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    options.signal?.removeEventListener("abort", interrupt);
    if (locks) clearLock(options.stateFile);
  }
}

/** One operation, from the reading of the state to its last saving. */
class Run {
  readonly #options: EngineOptions;
  readonly #journal: Journal;
  readonly #interruption: AbortSignal;
  readonly #hooks = new Hooks();
  /** Resolves, after the refresh, with what takes the program's registrations. */
  readonly #ready = Promise.withResolvers<Deployment>();
  /** What to stop in the end, in the order it was started. */
  readonly #ends: (() => void | Promise<void>)[] = [];
  /** Resolves at the first failure or interruption. */
  readonly #stopped = Promise.withResolvers<void>();
  #snapshot: Snapshot | undefined;
  #failed = false;

  constructor(options: EngineOptions, journal: Journal, interruption: AbortSignal) {
    this.#options = options;
    this.#journal = journal;
    this.#interruption = interruption;
    this.#ready.promise.catch(() => undefined);
    interruption.addEventListener("abort", () => this.#stopped.resolve(), { once: true });
  }

  async execute(): Promise<EngineResult> {
    try {
      await this.#work();
    } catch (error) {
      this.#fail(error);
      this.#ready.reject(error);
    }
    try {
      this.#snapshot?.save();
    } catch (error) {
      this.#fail(error);
    }
    for (const end of this.#ends.reverse()) await end();
    const stack = this.#snapshot?.resources.find((resource) => resource.type === STACK_TYPE);
    return this.#journal.result(stack?.outputs ?? {}, this.#exitCode());
  }

  async #work(): Promise<void> {
    const { operation, projectDir, stackName, spec, imports } = this.#options;
    const project = readProject(projectDir, stackName, spec ? { "rollcall:spec": spec } : {});
    const preview = operation === "preview";
    const monitor = await this.#startMonitor(preview);
    // What takes long to start is started first; nothing is asked of it before the refresh is over.
    const providers = this.#startProviders(project, monitor);
    const runsProgram = operation === "preview" || operation === "up";
    const program = runsProgram ? this.#startProgram(project, monitor, preview) : undefined;
    const snapshot = await this.#loadSnapshot(preview);

    const context = { project, preview, snapshot, providers, hooks: this.#hooks, journal: this.#journal };
    if (operation === "import") return await importResources(context, imports ?? { resources: [] });
    await refresh(context, this.#isStopped);
    if (operation === "refresh") return;
    const deployment = new Deployment(context);
    this.#ready.resolve(deployment);
    if (program) await this.#untilRegistered(monitor, program.ended);
    await deployment.deleteLeftovers(this.#isStopped);
    monitor.release();
    if (program) await this.#untilEnded(program);
  }

  readonly #isStopped = () => this.#failed || this.#journal.failed || this.#interruption.aborted;

  #fail(error: unknown): void {
    this.#failed = true;
    this.#stopped.resolve();
    this.#journal.say("error", errorText(error), error instanceof StepFailed ? error.urn : undefined);
  }

  #exitCode(): EngineResult["exitCode"] {
    if (this.#isStopped()) return 1;
    const changed =
      this.#options.operation === "refresh" ? ["drifted", "gone"] : ["create", "update", "replace", "delete"];
    const differs = this.#journal.steps.some(({ op }) => changed.includes(op));
    return this.#options.expectNoChanges && differs ? 7 : 0;
  }

  async #startMonitor(preview: boolean): Promise<Monitor> {
    const monitor = await startMonitor({
      deployment: this.#ready.promise,
      hooks: this.#hooks,
      journal: this.#journal,
      preview,
      isStopped: this.#isStopped,
      onFailure: (error) => this.#fail(error),
    });
    this.#ends.push(
      () => monitor.close(),
      () => this.#hooks.close(),
    );
    return monitor;
  }

  #startProviders(project: Project, { address }: Monitor): Providers {
    const { env } = this.#options;
    const plugins = new PluginHost(project, address, env, (line) => this.#journal.say("info", line));
    const providers = new Providers(project, env, async (name) =>
      project.plugins[name] ? await plugins.take(name) : standInFor(name, env),
    );
    this.#ends.push(
      () => plugins.close(),
      () => providers.close(),
    );
    this.#interruption.addEventListener("abort", () => void providers.cancel(), { once: true });
    return providers;
  }

  #startProgram(project: Project, { address }: Monitor, preview: boolean): RunningProgram {
    const program = startProgram({
      project,
      address,
      preview,
      env: this.#options.env,
      // A program that is stopped complains that its engine is gone.
      onLine: (line) => {
        if (!this.#isStopped()) this.#journal.say("info", line);
      },
    });
    this.#ends.push(() => program.kill());
    return program;
  }

  async #loadSnapshot(preview: boolean): Promise<Snapshot> {
    const { stateFile, passphrase } = this.#options;
    const saved = await loadState(stateFile, passphrase);
    for (const { type, resource } of saved.pending) {
      this.#journal.say(
        "warning",
        `An earlier run was killed while ${type} this, so it may be half done. What is there is looked at before anything is made.`,
        resource.urn,
      );
    }
    this.#snapshot = new Snapshot(saved.resources, (resources, pending) => {
      if (!preview) saveState(stateFile, resources, pending, saved.crypter);
    });
    return this.#snapshot;
  }

  /** Waits until the program has registered everything, has ended without, or there is nothing more to wait for. */
  async #untilRegistered(monitor: Monitor, ended: Promise<number>): Promise<void> {
    const stopped = this.#stopped.promise.then(() => monitor.idle());
    const code = await Promise.race([monitor.programDone, stopped, ended]);
    this.#assertEndedWell(code);
  }

  /** A program that has registered everything may still have something to say, but not to keep the run from ending. */
  async #untilEnded({ ended }: RunningProgram): Promise<void> {
    const patience = new AbortController();
    const code = await Promise.race([
      ended,
      this.#stopped.promise,
      setTimeout(LET_GO_AFTER_MS, 0, { signal: patience.signal }),
    ]);
    patience.abort();
    this.#assertEndedWell(code);
  }

  #assertEndedWell(code: unknown): void {
    if (code && !this.#isStopped()) throw new Error(`The program ended with exit code ${code}.`);
  }
}
