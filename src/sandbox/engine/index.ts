import { Deployment } from "./deployment.ts";
import { Hooks } from "./hooks.ts";
import { importResource, type ResourceImport } from "./import.ts";
import { Journal } from "./journal.ts";
import { acquireLock, clearLock } from "./lock.ts";
import { type Monitor, startMonitor } from "./monitor.ts";
import { startPlugin } from "./plugin.ts";
import { startProgram } from "./program.ts";
import { type Project, readProject } from "./project.ts";
import { type ProviderFactory, Providers } from "./providers.ts";
import { refresh } from "./refresh.ts";
import type { ResourceProvider } from "./resource-provider.ts";
import { type EngineEvent, type EngineResult, StepFailed } from "./result.ts";
import { Snapshot } from "./snapshot.ts";
import { standInFor } from "./stand-ins/index.ts";
import { loadState, saveState } from "./state.ts";
import { STACK_TYPE } from "./urn.ts";
import { errorText } from "./wire.ts";

export type { ResourceImport } from "./import.ts";
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
  resource?: ResourceImport;
  /** Ends the run after the operation in flight, as SIGINT does. */
  signal?: AbortSignal;
  onEvent?: (event: EngineEvent) => void;
}

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
  process.once("SIGINT", interrupt);
  options.signal?.addEventListener("abort", interrupt, { once: true });
  try {
    return await new Run(options, journal, interruption.signal).execute();
  } finally {
    process.off("SIGINT", interrupt);
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
  #failed = false;

  constructor(options: EngineOptions, journal: Journal, interruption: AbortSignal) {
    this.#options = options;
    this.#journal = journal;
    this.#interruption = interruption;
    this.#ready.promise.catch(() => undefined);
  }

  async execute(): Promise<EngineResult> {
    const { operation, stateFile, passphrase, env } = this.#options;
    const ends: (() => void | Promise<void>)[] = [];
    let snapshot: Snapshot | undefined;
    try {
      const project = readProject(
        this.#options.projectDir,
        this.#options.stackName,
        this.#options.spec ? { "rollcall:spec": this.#options.spec } : {},
      );
      const preview = operation === "preview";
      const monitor = await this.#startMonitor(preview);
      ends.push(() => monitor.close());
      // What takes long to start is started first; nothing is asked of it before the refresh is over.
      const providers = new Providers(
        project,
        env,
        providerFactory(project, monitor.address, env, this.#journal),
      );
      ends.push(() => providers.close());
      const program =
        operation === "preview" || operation === "up"
          ? this.#startProgram(project, monitor, preview)
          : undefined;
      if (program) ends.push(program.kill);

      const saved = await loadState(stateFile, passphrase);
      snapshot = new Snapshot(saved.resources, (resources, pending) => {
        if (!preview) saveState(stateFile, resources, pending, saved.crypter);
      });
      for (const { type, resource } of saved.pending) {
        this.#journal.say(
          "warning",
          `An earlier run was killed while ${type} this, so it may be half done. What is there is looked at before anything is made.`,
          resource.urn,
        );
      }
      const context = { project, preview, snapshot, providers, hooks: this.#hooks, journal: this.#journal };
      const deployment = new Deployment(context);
      if (operation === "import") await importResource(context, this.#options.resource);
      else await refresh(context, this.#isStopped);
      this.#ready.resolve(deployment);

      if (program) await this.#untilRegistered(monitor, program.ended);
      if (program || operation === "destroy") await deployment.deleteLeftovers(this.#isStopped);
      snapshot.save();
      monitor.release();
      if (program && !this.#isStopped()) await program.ended;
    } catch (error) {
      this.#fail(error);
      this.#ready.reject(error);
      snapshot?.save();
    }
    for (const end of ends.reverse()) await end();
    this.#hooks.close();
    const stack = snapshot?.resources.find((resource) => resource.type === STACK_TYPE);
    return this.#journal.result(stack?.outputs ?? {}, this.#exitCode());
  }

  readonly #isStopped = () => this.#failed || this.#journal.failed || this.#interruption.aborted;

  #fail(error: unknown): void {
    this.#failed = true;
    this.#journal.say("error", errorText(error), error instanceof StepFailed ? error.urn : undefined);
  }

  #exitCode(): EngineResult["exitCode"] {
    if (this.#isStopped()) return 1;
    const changed =
      this.#options.operation === "refresh" ? ["drifted", "gone"] : ["create", "update", "replace", "delete"];
    const differs = this.#journal.steps.some(({ op }) => changed.includes(op));
    return this.#options.expectNoChanges && differs ? 7 : 0;
  }

  #startMonitor(preview: boolean): Promise<Monitor> {
    return startMonitor({
      deployment: this.#ready.promise,
      hooks: this.#hooks,
      journal: this.#journal,
      preview,
      isStopped: this.#isStopped,
      onFailure: (error) => this.#fail(error),
    });
  }

  #startProgram(project: Project, monitor: Monitor, preview: boolean) {
    return startProgram({
      project,
      address: monitor.address,
      preview,
      env: this.#options.env,
      onLine: (line) => this.#journal.say("info", line),
    });
  }

  /** Waits until the program has registered everything, or has ended without. */
  async #untilRegistered(monitor: Monitor, ended: Promise<number>): Promise<void> {
    const code = await Promise.race([monitor.programDone.then(() => 0), ended]);
    if (code !== 0 && !this.#isStopped()) throw new Error(`The program ended with exit code ${code}.`);
  }
}

function providerFactory(
  project: Project,
  engineAddress: string,
  env: NodeJS.ProcessEnv,
  journal: Journal,
): ProviderFactory {
  const start = (name: string, directory: string): Promise<ResourceProvider> =>
    startPlugin({
      name,
      directory,
      cwd: project.programDirectory,
      engineAddress,
      env,
      onLine: (line) => journal.say("info", line),
    });
  return async (name) => {
    const directory = project.plugins[name];
    return directory ? await start(name, directory) : standInFor(name, env);
  };
}
