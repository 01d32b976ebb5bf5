import { type Command, Option } from "commander";
import { inspect } from "../inspect/inspect.ts";
import {
  DRIFT_FORMATS,
  type DriftFormat,
  type DriftReport,
  renderDrift,
  verdictOf,
} from "../inspect/render-drift.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
import { paint } from "./terminal.ts";

interface Options extends TenantOptions {
  format: DriftFormat;
}

const EXIT_CODES = {
  clean: EXIT.ok,
  drift: EXIT.drift,
  credentials: EXIT.credentials,
  failure: EXIT.failure,
} as const;

export function register(program: Command): void {
  withTenantOptions(program.command("drift"))
    .description(
      "say what in the tenants differs from the spec, and who is in that nobody declared; changes nothing",
    )
    .addOption(new Option("--format <format>", "how to report").choices([...DRIFT_FORMATS]).default("text"))
    .addHelpText(
      "after",
      "\nExit codes: 0 as declared, 7 drift, 3 credentials or permissions, 2 the spec is wrong, 1 else.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await drift(file, options);
    });
}

async function drift(named: string | undefined, { format, ...options }: Options): Promise<number> {
  const target = await openTarget(named, options);
  if (!target) return EXIT.spec;
  const { file, known, tenants } = target;
  const { environment, applications } = target.desired;
  const partial = target.applications.length < applications.length;
  const report: DriftReport = {
    environment,
    file,
    ...(partial ? { partial } : {}),
    applications: [],
  };
  for (const application of target.applications) {
    const quiet = format !== "text" || !process.stdout.isTTY;
    report.applications.push(
      await progress(`looking at ${application.name}`, () => inspect(application, tenants, known), { quiet }),
    );
  }
  process.stdout.write(renderDrift(report, format, paint));
  return EXIT_CODES[verdictOf(report)];
}
