import { startPlugin } from "./plugin.ts";
import type { Project } from "./project.ts";
import type { ResourceProvider } from "./resource-provider.ts";

/** Starts the project's plugins ahead of their first use, while the program loads. */
export class PluginHost {
  readonly #start: (name: string) => Promise<ResourceProvider>;
  readonly #waiting = new Map<string, Promise<ResourceProvider>>();

  constructor(
    project: Project,
    engineAddress: string,
    env: NodeJS.ProcessEnv,
    onLine: (line: string) => void,
  ) {
    this.#start = (name) =>
      startPlugin({
        name,
        directory: project.plugins[name] ?? "",
        cwd: project.programDirectory,
        engineAddress,
        env,
        onLine,
      });
    for (const name of Object.keys(project.plugins)) {
      const starting = this.#start(name);
      // Reported when it is taken, if it ever is.
      starting.catch(() => undefined);
      this.#waiting.set(name, starting);
    }
  }

  /** A process of its own for each provider. */
  take(name: string): Promise<ResourceProvider> {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    return waiting ?? this.#start(name);
  }

  /** Ends those that nobody took. */
  async close(): Promise<void> {
    for (const result of await Promise.allSettled(this.#waiting.values())) {
      if (result.status === "fulfilled") result.value.close();
    }
  }
}
