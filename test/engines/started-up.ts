import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { StartedUp } from "./engine.ts";

const OUR_PLUGIN = "src/provider/main";
const LOOK_EVERY_MS = 100;
const MOST_LOOKS = 150;

/** How to kill an engine that runs in a process of its own, and to see what becomes of the plugins it has started. */
export function startedUp(engine: ChildProcess): StartedUp {
  let plugins: number[] = [];
  return {
    kill: (withPlugins) => {
      if (engine.pid === undefined) return;
      plugins = descendants(engine.pid);
      // The engine first: it would report the end of a plugin.
      for (const pid of withPlugins ? [engine.pid, ...plugins] : [engine.pid]) killNow(pid);
    },
    // "close" would wait for plugins that hold its output open.
    ended: once(engine, "exit").then(() => undefined),
    pluginsGone: async () => {
      const ours = plugins.filter((pid) => commandOf(pid).includes(OUR_PLUGIN));
      for (let look = 0; ours.some(isAlive); look++) {
        if (look === MOST_LOOKS) throw new Error("the rollcall plugin outlives its engine");
        await sleep(LOOK_EVERY_MS);
      }
      // Pulumi's language host and the plugins of azuread and okta do outlive it.
      for (const pid of plugins) if (isAlive(pid)) killNow(pid);
    },
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function isAlive(pid: number): boolean {
  return commandOf(pid) !== "";
}

/** Empty when it is gone, or has ended and only waits to be noticed. */
function commandOf(pid: number): string {
  try {
    const [state = "Z", ...command] = execFileSync("ps", ["-o", "stat=,args=", "-p", String(pid)], {
      encoding: "utf8",
    })
      .trim()
      .split(/\s+/);
    return state.startsWith("Z") ? "" : command.join(" ");
  } catch {
    return "";
  }
}

function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    table.flatMap(([child = 0, above]) => (above === parent ? [child, ...below(child)] : []));
  return below(pid);
}
