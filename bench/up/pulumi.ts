import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

export const REPOSITORY = join(import.meta.dirname, "../..");

/** One run of Pulumi: seconds from its start to its end, and the requests that the tenant answered meanwhile. */
export interface Measured {
  seconds: number;
  requests: number;
}

export interface Setting {
  folder: string;
  plugins: string;
}

/** rollcall's own program with a stack file that names `spec`. @returns its folder */
export function rollcallProject(folder: string, spec: string): string {
  const project = join(folder, "project");
  mkdirSync(join(project, "stacks"), { recursive: true });
  for (const linked of ["src", "node_modules"]) symlinkSync(join(REPOSITORY, linked), join(project, linked));
  for (const copied of ["Pulumi.yaml", "package.json"])
    copyFileSync(join(REPOSITORY, copied), join(project, copied));
  const stack = readFileSync(join(REPOSITORY, "stacks/Pulumi.sandbox.yaml"), "utf8");
  writeFileSync(
    join(project, "stacks/Pulumi.sandbox.yaml"),
    stack.replace(/^( *rollcall:spec:).*$/m, `$1 ${spec}`),
  );
  return project;
}

/** Another program of this folder, as a stack called sandbox. @returns its folder */
export function otherProject(folder: string, name: "peer" | "empty"): string {
  const project = join(folder, "project");
  cpSync(join(import.meta.dirname, name), project, { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(project, "node_modules"));
  const stack = readFileSync(join(REPOSITORY, "stacks/Pulumi.sandbox.yaml"), "utf8");
  writeFileSync(join(project, "Pulumi.sandbox.yaml"), /^encryptionsalt: .*$/m.exec(stack)?.[0] ?? "");
  return project;
}

export async function pulumi(
  { folder, plugins }: Setting,
  { env, entra }: Sandbox,
  cwd: string,
  operation: "up" | "preview",
  more: NodeJS.ProcessEnv,
): Promise<Measured> {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  try {
    symlinkSync(plugins, join(home, "plugins"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const before = entra.log.list().at(-1)?.number ?? 0;
  const began = performance.now();
  const flags = operation === "up" ? ["--yes", "--skip-preview"] : [];
  const child = spawn(
    "pulumi",
    [operation, "-s", "sandbox", "--non-interactive", "--color=never", ...flags],
    {
      cwd,
      env: {
        ...process.env,
        ...env,
        ...more,
        PATH: [join(REPOSITORY, "node_modules/.bin"), process.env.PATH].join(delimiter),
        PULUMI_HOME: home,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`pulumi ${operation} ended with ${code}:\n${text}`);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, requests: (entra.log.list().at(-1)?.number ?? 0) - before };
}
