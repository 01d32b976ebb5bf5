import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type CycleAnswers, summarizeCycle } from "../sandbox/cycle-summary.ts";
import type { EngineResult, ImportFile } from "../sandbox/engine/index.ts";
import { renderEvent, renderSummary } from "../sandbox/engine/render.ts";
import { readEnvFile, writeEnvFile } from "../sandbox/env-file.ts";
import type { SettleReport } from "../sandbox/okta/provisioner.ts";
import { operate } from "../sandbox/operate.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import type { Kindness } from "../sandbox/unkind.ts";
import { desiredStateOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { areInvented, peopleFor, SANDBOX_SPEC } from "./people.ts";
import { hasColour, paint } from "./terminal.ts";

interface SandboxOptions {
  spec: string;
  directory?: string;
  data: string;
  kind: boolean;
  rate: string;
  seed: string;
}

/** In the environment that `serve` writes. */
const SERVED_SPEC = "ROLLCALL_SANDBOX_SPEC";

const OPERATIONS = {
  preview: "show what `up` would do, and do nothing",
  up: "make the tenants what the spec says",
  refresh: "look at the tenants and take what is there into the state",
  destroy: "pause provisioning, then remove everything; people stay in the products as they are",
} as const;

export function register(program: Command): void {
  const sandbox = program
    .command("sandbox")
    .description("simulated tenants, a receiver, and an engine for where no pulumi is");
  serveCommand(sandbox);
  for (const operation of Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])
    engineCommand(sandbox, operation);
  importCommand(sandbox);
  sandbox
    .command("cycle")
    .description("let both provisioning services of a served sandbox do their work once, now")
    .requiredOption("-e, --env-file <file>", "written by `rollcall sandbox serve`")
    .option("--json", "print one JSON object and nothing else", false)
    .action(async ({ envFile, json }: { envFile: string; json: boolean }) => {
      const env = readEnvFile(envFile);
      const entra = (await ask(`${env.ROLLCALL_SANDBOX_ENTRA}/_sandbox/cycles`)) as CycleAnswers;
      const okta = (await ask(`${env.ROLLCALL_SANDBOX_OKTA}/_sandbox/settle`)) as SettleReport;
      process.stdout.write(
        json ? `${JSON.stringify({ entra, okta }, null, 2)}\n` : summarizeCycle(entra, okta),
      );
    });
}

async function ask(url: string): Promise<unknown> {
  const answer = await fetch(url, { method: "POST" });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

function withSandboxOptions(command: Command): Command {
  return command
    .option(
      "--spec <file>",
      "the spec; people and groups that it names are invented unless it is the sandbox's own",
      SANDBOX_SPEC,
    )
    .option("--directory <file>", "the people of the simulated tenants")
    .option("--data <folder>", "where tenants, receiver and state are kept", join(".rollcall", "sandbox"))
    .option("--kind", "tenants that are never late, refuse nothing and keep lists in order", false)
    .option("--rate <share>", "how unkind the tenants are, from 0 to 1", "0.05")
    .option("--seed <seed>", "repeats a run", "rollcall");
}

/** What every run of the engine takes. */
function withRunOptions(command: Command): Command {
  return withSandboxOptions(command)
    .option("-e, --env-file <file>", "work on a sandbox that is being served")
    .option("--json", "print one JSON object and nothing else", false);
}

function serveCommand(sandbox: Command): void {
  withSandboxOptions(sandbox.command("serve"))
    .description("start tenants and receiver, and write the environment that `pulumi` needs to work on them")
    .requiredOption("-e, --env-file <file>", "`source` it where you run pulumi")
    .option("--port <port>", "of the receiver; 0 for any free one", "0")
    .action(async (options: SandboxOptions & { envFile: string; port: string }) => {
      const started = await start(options, { port: Number(options.port) });
      if (!started) {
        process.exitCode = EXIT.spec;
        return;
      }
      writeEnvFile(options.envFile, { ...started.env, [SERVED_SPEC]: resolve(options.spec) });
      console.log(served(started));
      console.log(`\n${nextSteps(options)}`);
      await new Promise<void>((resolve) => {
        process.once("SIGINT", resolve).once("SIGTERM", resolve);
      });
      await started.close();
      rmSync(options.envFile, { force: true });
    });
}

function served({ entra, okta, receiver }: Sandbox): string {
  const rows = [
    ["Entra tenant", entra.baseUrl, entra.manner],
    ["Okta org", okta.url, okta.manner],
    ...receiver.tenants.map(({ name, baseUrl }) => [name, baseUrl, ""]),
  ] as [string, string, string][];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, url, note]) => `${name.padEnd(width)}  ${url}${note && `  ${paint("dim", note)}`}`)
    .join("\n");
}

function nextSteps({ envFile, spec }: { envFile: string; spec: string }): string {
  const own = spec !== SANDBOX_SPEC;
  const rows: [string, string][] = [
    [
      `source ${envFile} && pulumi up -s sandbox${own ? ` -c rollcall:spec=${spec}` : ""}`,
      own ? "the stack keeps this spec from then on" : "",
    ],
    [`npx rollcall sandbox up -e ${envFile}`, "where no pulumi is"],
    [`npx rollcall sandbox cycle -e ${envFile}`, "lets people arrive; Ctrl-C ends all of it"],
  ];
  const width = Math.max(...rows.map(([command]) => command.length));
  return rows
    .map(([command, note]) => (note ? `${command.padEnd(width)}  ${paint("dim", note)}` : command))
    .join("\n");
}

function engineCommand(sandbox: Command, operation: keyof typeof OPERATIONS): void {
  withRunOptions(sandbox.command(operation))
    .description(OPERATIONS[operation])
    .option("--expect-no-changes", "exit 7 when there is anything to change", false)
    .action(async (options: RunOptions, command: Command) => {
      process.exitCode = await runOperation(operation, onServed(options, command));
    });
}

/** Takes the options of `pulumi import`, so that the command in a message works with `npx rollcall sandbox` as its first words. */
function importCommand(sandbox: Command): void {
  withRunOptions(sandbox.command("import"))
    .description("take objects that are in a tenant into the state, as `pulumi import` does")
    .requiredOption("--file <file>", "what to take in, as a message names it")
    .option("--stack <name>", "there is one")
    .option("--protect <flag>", "true or false", "false")
    .option("--generate-code <flag>", "there is none to generate")
    .action(async (given: RunOptions & { file: string; protect: string }, command: Command) => {
      const options = onServed(given, command);
      const { resources } = JSON.parse(readFileSync(options.file, "utf8")) as ImportFile;
      const imports = { resources, protect: options.protect === "true" };
      process.exitCode = await runOperation("import", { ...options, expectNoChanges: false }, imports);
    });
}

type RunOptions = SandboxOptions & { envFile?: string; expectNoChanges: boolean; json: boolean };

/** A served sandbox is worked on with the spec that it was served for, unless another is named. */
function onServed<O extends RunOptions>(options: O, command: Command): O {
  if (!options.envFile || command.getOptionValueSource("spec") !== "default") return options;
  return { ...options, spec: readEnvFile(options.envFile)[SERVED_SPEC] ?? options.spec };
}

async function runOperation(
  operation: keyof typeof OPERATIONS | "import",
  options: RunOptions,
  imports?: ImportFile,
): Promise<number> {
  const warnings = operation !== "preview" && operation !== "up";
  if (options.envFile && !desiredStateOf(options.spec, { warnings })) return EXIT.spec;
  const own = options.envFile ? undefined : await start(options, { warnings });
  if (!options.envFile && !own) return EXIT.spec;
  const printer = { preview: operation === "preview", colour: hasColour(process.stdout) };
  try {
    const env = own?.env ?? readEnvFile(options.envFile ?? "");
    const result: EngineResult = await operate({
      operation,
      spec: options.spec,
      stateFile: env.ROLLCALL_SANDBOX_STATE ?? "",
      env,
      expectNoChanges: options.expectNoChanges,
      ...(imports && { imports }),
      onEvent: (event) => {
        if (!options.json) process.stdout.write(renderEvent(event, printer));
      },
    });
    process.stdout.write(
      options.json ? `${JSON.stringify(result, null, 2)}\n` : `\n${renderSummary(result, printer)}`,
    );
    return result.exitCode;
  } finally {
    await own?.close();
  }
}

/** @returns undefined when spec or people are wrong; what is, has been said */
async function start(
  options: SandboxOptions,
  { port = 0, warnings = true }: { port?: number; warnings?: boolean },
): Promise<Sandbox | undefined> {
  const desired = desiredStateOf(options.spec, { warnings });
  const directories = desired && peopleFor(options.spec, options.directory, desired);
  if (!desired || !directories) return undefined;
  return startSandbox({
    desired,
    directories,
    directoryGrows: areInvented(options.spec, options.directory),
    dataDir: options.data,
    kindness: kindnessOf(options),
    seed: options.seed,
    receiverPort: port,
  });
}

function kindnessOf({ kind, rate, seed }: SandboxOptions): Kindness {
  if (kind) return { kind: true };
  const share = Number(rate);
  if (!(share >= 0 && share <= 1)) throw new Error(`--rate is a share from 0 to 1, and not ${rate}.`);
  return { rate: share, seed };
}
