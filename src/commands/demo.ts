import type { Command } from "commander";
import type { ApplicationReport } from "../demo/application-report.ts";
import { applicationTable } from "../demo/render.ts";
import { type Audience, runDemo } from "../demo/run.ts";
import { Stage } from "../demo/stage.ts";
import type { DesiredState } from "../desired/model.ts";
import { findProduct } from "../products/registry.ts";
import type { EngineEvent } from "../sandbox/engine/index.ts";
import { renderEvent } from "../sandbox/engine/render.ts";
import type { Kindness } from "../sandbox/unkind.ts";
import { desiredStateOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { peopleFor, SANDBOX_SPEC } from "./people.ts";
import { progress } from "./progress.ts";
import { hasColour, paint } from "./terminal.ts";

interface DemoOptions {
  json: boolean;
  spec: string;
  directory?: string;
  kind: boolean;
  seed: string;
  verbose: boolean;
}

export function register(program: Command): void {
  program
    .command("demo")
    .description("show the main job end to end on the sandbox: spec, tenants, provisioning, what arrived")
    .option("--json", "print one JSON object and nothing else", false)
    .option("--spec <file>", "another spec; people and groups that it names are invented", SANDBOX_SPEC)
    .option("--directory <file>", "the people of the simulated tenants")
    .option("--kind", "tenants that are never late, refuse nothing and keep lists in order", false)
    .option("--seed <seed>", "repeats a run", "rollcall")
    .option("--verbose", "list every resource, assignment and mapping that is made", false)
    .action(async (options: DemoOptions) => {
      process.exitCode = await demo(options);
    });
}

async function demo(options: DemoOptions): Promise<number> {
  const began = performance.now();
  const desired = desiredStateOf(options.spec, { warnings: options.json });
  const directories = desired && peopleFor(options.spec, options.directory, desired);
  if (!desired || !directories) return EXIT.spec;

  // Ending the process removes the sandbox: all of it is in memory and in temporary folders.
  const stop = () => process.exit(130);
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const events: EngineEvent[] = [];
  const stage = await Stage.open({
    spec: options.spec,
    desired,
    directories,
    seed: options.seed,
    kindness: kindnessOf(options),
    onEvent: (event) => events.push(event),
  });
  try {
    const say = (text: string) => (options.json ? undefined : process.stdout.write(`${text}\n`));
    say(`${paint("bold", "rollcall demo")}  ${options.spec}, everything real but the tenant\n`);
    say(paint("dim", `  tenant   ${stage.sandbox.entra.baseUrl}  ${stage.sandbox.entra.manner}`));
    say(paint("dim", `  receiver ${stage.sandbox.receiver.url}`));
    if (!options.verbose)
      say(paint("dim", "  --verbose lists every resource, assignment and mapping that is made"));
    say("");
    const reports = await runDemo(stage, audience(options, events, say));
    const complete = reports.every(({ mismatches }) => mismatches.length === 0);
    if (options.json) process.stdout.write(`${JSON.stringify({ applications: reports }, null, 2)}\n`);
    else {
      say(`\n${paint("bold", "Good to know of the products")}\n`);
      for (const [title, notes] of notesOf(desired)) {
        notes.forEach((note, index) => {
          say(`  ${(index === 0 ? title : "").padEnd(18)} ${paint("dim", note)}`);
        });
      }
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(
        complete
          ? `\n${paint("green", "All of it arrived, and nothing else.")} ${paint("dim", `${seconds} s`)}`
          : `\n${paint("red", "Not all of it arrived as promised.")} ${paint("dim", `${seconds} s`)}`,
      );
    }
    return complete ? EXIT.ok : EXIT.failure;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await stage.close();
  }
}

function audience(
  { json, verbose }: DemoOptions,
  events: EngineEvent[],
  say: (text: string) => void,
): Audience {
  const style = { preview: false, colour: hasColour(process.stdout) };
  const known = new Set<string>();
  /** Of what several runs say, once; without --verbose only what somebody should look into. */
  const isNews = (event: EngineEvent): boolean => {
    if (event.kind !== "diagnostic") return verbose;
    const { severity, message } = event.diagnostic;
    if (known.has(message) || (severity === "info" && !verbose)) return false;
    known.add(message);
    return true;
  };
  return {
    work: (what, work, done) => progress(what, work, { quiet: json, done }),
    applied: () => {
      const lines = events
        .splice(0)
        .filter(isNews)
        .map((event) => renderEvent(event, style))
        .join("");
      if (lines) say(`\n${lines.replace(/^/gm, "    ").trimEnd()}\n`);
    },
    verified: (reports: ApplicationReport[]) => {
      say(`\n${applicationTable(reports)}`);
      const wrong = reports.flatMap(({ name, mismatches }) => mismatches.map((one) => `${name}: ${one}`));
      if (wrong.length > 0) say("");
      for (const one of wrong) say(`  ${paint("red", "✗")} ${one}`);
    },
    story: (title) => say(`\n${paint("bold", title)}\n`),
  };
}

function kindnessOf({ kind, seed }: DemoOptions): Kindness {
  return kind ? { kind: true } : { seed };
}

function notesOf({ applications }: DesiredState): [title: string, notes: string[]][] {
  const products = new Set(applications.map(({ product }) => findProduct(product)));
  return [...products].flatMap((product) =>
    product ? [[product.title, product.notes] as [string, string[]]] : [],
  );
}
