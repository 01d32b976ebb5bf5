import type { Command } from "commander";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { type Confirmation, checkScim, writeScimEnabled } from "../inspect/confirm-scim.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type Target, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
import { paint } from "./terminal.ts";

interface Options extends TenantOptions {
  json: boolean;
}

export function register(program: Command): void {
  const okta = program.command("okta").description("the step in Okta that only a person can do");
  withTenantOptions(okta.command("confirm"))
    .description(
      "look whether SCIM is switched on in Okta as it has to be, and write `scim: enabled` into the spec",
    )
    .option("--json", "print one JSON object and nothing else", false)
    .addHelpText(
      "after",
      "\nExit codes: 0 all is as it has to be, 1 something is missing, 3 credentials or permissions.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await confirm(file, options);
    });
}

async function confirm(named: string | undefined, { json, ...options }: Options): Promise<number> {
  const target = await openTarget(named, options);
  if (!target) return EXIT.spec;
  const { file, tenants } = target;
  const applications = target.applications.filter(
    (application): application is DesiredOktaApplication => application.idp === "okta",
  );
  if (applications.length === 0) throw new Error(`${file}: none of these applications is one of Okta.`);
  const results: (Confirmation & { written?: string })[] = [];
  for (const application of applications) {
    const { name, scim } = application;
    const found = await progress(
      `looking at ${name}`,
      () => checkScim(application, file, tenants, target.known[name]),
      { quiet: json || !process.stdout.isTTY },
    );
    const written = found.verdict === "confirmed" && scim === "pending" ? write(target, name) : {};
    results.push({ ...found, ...written });
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ applications: results }, null, 2)}\n`
      : `${results.map(describe).join("\n")}\n${next(results)}`,
  );
  return results.every(({ verdict }) => verdict === "confirmed" || verdict === "paused")
    ? EXIT.ok
    : EXIT.failure;
}

function write({ checked }: Target, application: string): { written: string } {
  return { written: writeScimEnabled(checked, application) };
}

function describe(result: Confirmation & { written?: string }): string {
  const { application, verdict, missing, steps, setupUrl, notProvisioned, problem, written } = result;
  const name = paint("bold", application);
  const provision = notProvisioned.map(
    (login) => `    still to do: Assignments > ${login} > Provision User (assigned while SCIM was off)`,
  );
  switch (verdict) {
    case "paused":
      return `${paint("dim", "-")} ${name}: paused in the spec, so nothing is expected.`;
    case "not found":
      return `${paint("red", "✗")} ${name}: ${problem} Has \`up\` run?`;
    case "confirmed":
      return [
        `${paint("green", "✓")} ${name}: SCIM is switched on as it has to be${written ? `; ${written} says so now` : ""}.`,
        ...provision,
        ...(provision.length > 0 ? [`    at ${setupUrl}`] : []),
      ].join("\n");
    case "incomplete":
      return [
        `${paint("red", "✗")} ${name}: ${steps.length > 0 ? "SCIM is not switched on in Okta. No API can do it; a person does:" : "this is not as it has to be, and no API can set it:"}`,
        ...(steps.length > 0 ? steps : missing).map((line) => `    ${line}`),
        ...(steps.length > 0 ? [] : [`    at ${setupUrl}`]),
        ...provision,
      ].join("\n");
  }
}

function next(results: { written?: string }[]): string {
  return results.some(({ written }) => written)
    ? "\nNext: commit that, and `pulumi up` assigns people and pushes groups.\n"
    : "";
}
