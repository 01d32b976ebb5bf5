import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROJECT_DIRECTORY } from "../../src/sandbox/operate.ts";
import type { Change, Engine, EngineSettings, Run } from "./engine.ts";
import { byName } from "./offline.ts";
import { startedUp } from "./started-up.ts";

const PLUGINS = ["azuread", "okta"] as const;
const STACK = "sandbox";

/** Where the real thing is, or in words what of it is missing. */
export interface RealPulumi {
  version?: string;
  plugins: string;
  missing: string[];
}

/** Looks for the Pulumi CLI on PATH and for the providers' plugins below PULUMI_HOME. */
export function findPulumi(env: NodeJS.ProcessEnv = process.env): RealPulumi {
  const plugins = join(env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  const missing: string[] = [];
  let version: string | undefined;
  try {
    version = execFileSync("pulumi", ["version"], {
      encoding: "utf8",
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    missing.push("the command pulumi (on PATH)");
  }
  const present = existsSync(plugins) ? readdirSync(plugins) : [];
  for (const name of PLUGINS) {
    if (!present.some((folder) => folder.startsWith(`resource-${name}-v`)))
      missing.push(`the plugin ${name} (pulumi plugin install resource ${name})`);
  }
  return { ...(version && { version }), plugins, missing };
}

/**
 * The real Pulumi CLI on a stack of its own: a project whose code is this repository's and whose stack file, state and
 * workspace lie in `folder`, so that nothing of the repository or of the user's home is written to.
 */
export function realEngine({ sandbox, spec, env, folder }: EngineSettings): Engine {
  const project = join(folder, "project");
  const backend = fileURLToPath(sandbox.env.PULUMI_BACKEND_URL ?? "");
  const home = join(folder, "home");
  for (const made of [project, home, join(project, "stacks")]) mkdirSync(made, { recursive: true });
  for (const linked of ["src", "node_modules", "config"])
    symlinkSync(join(PROJECT_DIRECTORY, linked), join(project, linked));
  for (const copied of ["Pulumi.yaml", "package.json"])
    copyFileSync(join(PROJECT_DIRECTORY, copied), join(project, copied));
  const stackFile = readFileSync(join(PROJECT_DIRECTORY, "stacks", `Pulumi.${STACK}.yaml`), "utf8");
  writeFileSync(
    join(project, "stacks", `Pulumi.${STACK}.yaml`),
    stackFile.replace(/^( *rollcall:spec:).*$/m, `$1 ${spec}`),
  );
  symlinkSync(findPulumi().plugins, join(home, "plugins"));

  const environment = () => ({
    ...process.env,
    ...sandbox.env,
    ...env,
    PATH: [join(PROJECT_DIRECTORY, "node_modules/.bin"), process.env.PATH].join(delimiter),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Lets it write its events to a file.
    PULUMI_DEBUG_COMMANDS: "true",
  });
  const start = (args: string[]) =>
    spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: project,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
  const call = async (args: string[]): Promise<{ exitCode: number; text: string; output: string }> => {
    const child = start(args);
    let text = "";
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      text += chunk;
    });
    child.stderr.on("data", (chunk) => {
      text += chunk;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { exitCode: code ?? 137, text, output };
  };
  let runs = 0;
  const run = async (args: string[]): Promise<Run> => {
    const log = join(folder, `events-${++runs}.json`);
    const { exitCode, text } = await call([...args, "-s", STACK, "--event-log", log]);
    return asRun(exitCode, text, log);
  };
  return {
    kind: "real",
    preview: () => run(["preview", "--diff", "--expect-no-changes"]),
    up: () => run(["up", "--yes", "--skip-preview", "--diff"]),
    refresh: () => run(["refresh", "--yes", "--skip-preview"]),
    destroy: () => run(["destroy", "--yes", "--skip-preview"]),
    import: ({ resources, protect }) => {
      const file = join(folder, "import.json");
      writeFileSync(file, JSON.stringify({ resources }));
      const flags = protect === undefined ? [] : [`--protect=${protect}`];
      return run(["import", "--file", file, "--yes", "--skip-preview", "--generate-code=false", ...flags]);
    },
    startUp: () => {
      const child = start(["up", "--yes", "--skip-preview", "-s", STACK]);
      child.stdout.resume();
      child.stderr.resume();
      return startedUp(child);
    },
    unlock: async () => {
      await call(["cancel", STACK, "--yes"]);
    },
    outputs: async () => JSON.parse((await call(["stack", "output", "-s", STACK, "--json"])).output),
    state: () => {
      const file = join(backend, ".pulumi/stacks/rollcall", `${STACK}.json`);
      return existsSync(file) ? readFileSync(file, "utf8") : "";
    },
    dispose: () => undefined,
  };
}

interface StepMetadata {
  op: string;
  urn: string;
  detailedDiff?: Record<string, unknown> | null;
}

/** One line of the log: an event of Pulumi's `apitype.EngineEvent`. */
interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { severity: string; message: string };
}

const OPERATIONS: Record<string, Change["op"]> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  import: "create",
};

function asRun(exitCode: number, text: string, log: string): Run {
  const events = existsSync(log)
    ? readFileSync(log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as EngineEvent)
    : [];
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const outcomes = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const said = (severity: string) =>
    events
      .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
      .filter((one) => one.severity === severity)
      .map(({ message }) => message.trim());
  const pathsOf = ({ detailedDiff }: StepMetadata) => Object.keys(detailedDiff ?? {}).sort();
  return {
    exitCode,
    changes: steps
      .flatMap((step) => {
        const op = OPERATIONS[step.op];
        if (!op) return [];
        return [{ name: nameOf(step), op, paths: op === "update" || op === "replace" ? pathsOf(step) : [] }];
      })
      .sort(byName),
    drifted: outcomes
      .filter((step) => step.op === "refresh" && pathsOf(step).length > 0)
      .map((step) => ({ name: nameOf(step), paths: pathsOf(step) }))
      .sort(byName),
    warnings: said("warning"),
    errors: said("error"),
    text,
  };
}

const nameOf = ({ urn }: StepMetadata) => urn.split("::").at(-1) ?? urn;
