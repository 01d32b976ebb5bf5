import type { Command } from "commander";
import { attempt, type Failure } from "../inspect/attempt.ts";
import { oneLine } from "../inspect/one-line.ts";
import { readStatus } from "../inspect/read-status.ts";
import type { Status } from "../inspect/status.ts";
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
      "\nExit codes: 0 all is well, 1 something needs a person, 3 credentials or permissions, 2 the spec is wrong.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await status(file, options);
    });
}

async function status(named: string | undefined, { json, ...options }: Options): Promise<number> {
  const target = await openTarget(named, options);
  if (!target) return EXIT.spec;
  const { tenants } = target;
  const found: Found[] = [];
  for (const application of target.applications) {
    const { name, idp } = application;
    const look = () => readStatus(application, tenants, target.known.get(name));
    const status = await progress(`asking for ${name}`, () => attempt(look), {
      quiet: json || !process.stdout.isTTY,
    });
    found.push({ name, idp, ...status });
  }
  process.stdout.write(
    json ? `${JSON.stringify({ applications: found }, null, 2)}\n` : `${found.map(describe).join("\n\n")}\n`,
  );
  return exitCodeOf(found);
}

/** The status of an application, or why there is none. */
type Found = Status | (Pick<Status, "name" | "idp"> & Failure);

/** What could not be seen stands over what was. */
function exitCodeOf(found: Found[]): number {
  const blind = found.some((one) => ("failure" in one ? one.credentials : one.unseen.length > 0));
  if (blind) return EXIT.credentials;
  return found.every((one) => "healthy" in one && one.healthy) ? EXIT.ok : EXIT.failure;
}

const PROVIDERS = { entra: "Microsoft Entra ID", okta: "Okta" } as const;

function describe(found: Found): string {
  const { name, idp } = found;
  const heading = (state: string) =>
    `${paint("bold", oneLine(name))}  ${oneLine(state)}  ${paint("dim", PROVIDERS[idp])}`;
  if ("failure" in found) {
    return `${paint("red", "!")} ${heading("could not be looked at")}\n    ${oneLine(found.failure)}`;
  }
  const { state, healthy, lastCycle, nextCycle, details, failures, unseen } = found;
  const times = [
    lastCycle ? `last cycle ended ${lastCycle}` : idp === "entra" ? "no cycle has run yet" : "",
    nextCycle ? `next one about ${nextCycle}` : "",
  ].filter(Boolean);
  return [
    `${healthy ? paint("green", "✓") : paint("red", "✗")} ${heading(state)}`,
    ...(times.length > 0 ? [`    ${times.join(", ")}`] : []),
    ...details.map((detail) => `    ${oneLine(detail)}`),
    ...unseen.map((one) => `    ${paint("yellow", "?")} ${oneLine(one)}`),
    ...failures.flatMap(({ who, when, reason, advice }) => [
      `    ${paint("red", oneLine(who))}: ${oneLine(reason)}${when ? paint("dim", `  ${when}`) : ""}`,
      ...(advice ? [`      ${paint("dim", advice)}`] : []),
    ]),
  ].join("\n");
}
