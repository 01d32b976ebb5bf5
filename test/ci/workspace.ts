import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { PROJECT_DIRECTORY } from "../../src/sandbox/operate.ts";

export const WORKFLOWS = ["validate", "preview", "merge", "drift"] as const;
export type Workflow = (typeof WORKFLOWS)[number];

interface Step {
  name?: string;
  run?: string;
  if?: string;
}

export const workflowFile = (workflow: Workflow) =>
  join(PROJECT_DIRECTORY, "ci/github", `rollcall-${workflow}.yml`);

/** The commands of a workflow's one job. */
export function stepsOf(workflow: Workflow): Step[] {
  const { jobs } = parse(readFileSync(workflowFile(workflow), "utf8")) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** A checked-out repository in a folder of its own, with a runner's commands on PATH. */
export interface Workspace {
  folder: string;
  /** Runs the commands of a workflow as a runner does. @returns the exit code of each command by its step */
  run(workflow: Workflow): Promise<{ ok: boolean; codes: Record<string, number>; output: string }>;
  /** Commands that ran since the workspace was opened. */
  ran: Set<string>;
  close(): void;
}

/**
 * @param env of the commands: tenants, credentials, the fake GitHub. STACK is sandbox.
 * @param envFile of the sandbox, for the engine that stands in for the Pulumi CLI
 */
export function openWorkspace(env: Record<string, string>, envFile: string): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-workspace-"));
  cpSync(join(PROJECT_DIRECTORY, "config"), join(folder, "config"), { recursive: true });
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const rollcall = `'${process.execPath}' '${join(PROJECT_DIRECTORY, "bin/rollcall.js")}'`;
  const command = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash\nset -euo pipefail\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  command("npm", '[ "$1" = ci ]');
  command("npx", `[ "$1" = rollcall ]; shift; exec ${rollcall} "$@"`);
  command("pulumi", pulumi(rollcall, envFile));
  const ran = new Set<string>();
  const runner = {
    ...process.env,
    ...env,
    STACK: "sandbox",
    PULL_REQUEST: "7",
    HOME: folder,
    PATH: [bin, process.env.PATH].join(delimiter),
    NO_COLOR: "1",
  };
  return {
    folder,
    ran,
    run: async (workflow) => {
      const codes: Record<string, number> = {};
      let output = "";
      let ok = true;
      for (const { name, run, if: condition } of stepsOf(workflow)) {
        if (run === undefined || (!ok && !condition?.includes("!cancelled()"))) continue;
        ran.add(run);
        const child = spawn("bash", ["-e", "-c", run], { cwd: folder, env: runner });
        child.stdout.on("data", (chunk) => {
          output += chunk;
        });
        child.stderr.on("data", (chunk) => {
          output += chunk;
        });
        const [code] = (await once(child, "close")) as [number];
        codes[name ?? run] = code;
        ok &&= code === 0;
      }
      return { ok, codes, output };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The Pulumi CLI's part, played by the offline engine on the same program. Options that it does not know fail. */
const pulumi = (rollcall: string, envFile: string) => `
spec="config/$STACK.yaml"
operation="$1"; shift
[ "$operation" = stack ] && { [ "$1" = output ]; shift; }
json=
while [ $# -gt 0 ]; do
  case "$1" in
    --json) json=--json ;;
    --config) shift; spec="\${1#rollcall:spec=}" ;;
    --stack) shift; [ "$1" = "$STACK" ] ;;
    --show-secrets) ;;
    --yes|--skip-preview|--non-interactive|--diff) ;;
    *) echo "pulumi: unknown option $1" >&2; exit 255 ;;
  esac
  shift
done
case "$operation" in
  preview|up) exec ${rollcall} sandbox "$operation" $json --env-file '${envFile}' --spec "$spec" ;;
  config) echo '{"rollcall:spec":{"value":"config/sandbox.yaml","secret":false}}' ;;
  stack) exec '${process.execPath}' -e '
    const { readFileSync } = require("node:fs");
    const { deployment } = JSON.parse(readFileSync(process.env.ROLLCALL_SANDBOX_STATE, "utf8"));
    console.log(JSON.stringify(deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack").outputs));' ;;
esac`;
