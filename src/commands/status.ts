import type { Command } from "commander";
import { readStatus, type Status } from "../inspect/status.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
import { paint } from "./terminal.ts";

interface Options extends TenantOptions {
  json: boolean;
}

export function register(program: Command): void {
  withTenantOptions(program.command("status"))
    .description(
      "how provisioning is: last cycle, next one, quarantine, and who could not be provisioned and why",
    )
    .option("--json", "print one JSON object and nothing else", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 all is well, 1 something needs a person, 3 credentials or permissions.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await status(file, options);
    });
}

async function status(named: string | undefined, { json, ...options }: Options): Promise<number> {
  const target = await openTarget(named, options);
  if (!target) return EXIT.spec;
  const { tenants } = target;
  const found: Status[] = [];
  for (const application of target.applications) {
    const { name } = application;
    const quiet = json || !process.stdout.isTTY;
    found.push(
      await progress(`asking for ${name}`, () => readStatus(application, tenants, target.known[name]), {
        quiet,
      }),
    );
  }
  process.stdout.write(
    json ? `${JSON.stringify({ applications: found }, null, 2)}\n` : `${found.map(describe).join("\n\n")}\n`,
  );
  return found.every(({ healthy }) => healthy) ? EXIT.ok : EXIT.failure;
}

const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" } as const;

function describe({ name, idp, state, healthy, lastCycle, nextCycle, details, failures }: Status): string {
  const times = [
    lastCycle ? `last cycle ended ${lastCycle}` : idp === "entra" ? "no cycle has run yet" : "",
    nextCycle ? `next one about ${nextCycle}` : "",
  ].filter(Boolean);
  return [
    `${healthy ? paint("green", "✓") : paint("red", "✗")} ${paint("bold", name)}  ${state}  ${paint("dim", PROVIDERS[idp])}`,
    ...(times.length > 0 ? [`    ${times.join(", ")}`] : []),
    ...details.map((detail) => `    ${detail}`),
    ...failures.flatMap(({ who, when, reason, advice }) => [
      `    ${paint("red", who)}: ${reason}${when ? paint("dim", `  ${when}`) : ""}`,
      ...(advice ? [`      ${paint("dim", advice)}`] : []),
    ]),
  ].join("\n");
}
