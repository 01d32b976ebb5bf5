import type { Command } from "commander";
import type { DesiredOktaApplication } from "../desired/model.ts";
import { attempt, type Failure } from "../inspect/attempt.ts";
import { type Confirmation, checkScim, writeScimEnabled } from "../inspect/confirm-scim.ts";
import { oneLine } from "../inspect/one-line.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { visible } from "../yaml/visible.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
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
      "\nExit codes: 0 all is as it has to be, 1 something is missing, 3 credentials or permissions, 2 the spec is wrong.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await confirm(file, options);
    });
}

async function confirm(named: string | undefined, { json, ...options }: Options): Promise<number> {
  const target = await openTarget(named, options);
  if (!target) return EXIT.spec;
  const { file, checked, tenants } = target;
  const applications = target.applications.filter(
    (application): application is DesiredOktaApplication => application.idp === "okta",
  );
  if (applications.length === 0) throw new Error(`${file}: none of these applications is one of Okta.`);
  const looked: Result[] = [];
  const switchedOn: string[] = [];
  for (const application of applications) {
    const { name, scim } = application;
    const look = () => checkScim(application, file, tenants, target.known.get(name));
    const found = await progress(`looking at ${name}`, () => attempt(look), {
      quiet: json || !process.stdout.isTTY,
    });
    looked.push({ application: name, ...found });
    if ("verdict" in found && found.verdict === "confirmed" && scim === "pending") switchedOn.push(name);
  }
  const written: Written = switchedOn.length > 0 ? tryToWrite(checked, switchedOn) : {};
  const results = looked.map((one) => (switchedOn.includes(one.application) ? { ...one, ...written } : one));
  process.stdout.write(
    json
      ? `${JSON.stringify({ applications: results }, null, 2)}\n`
      : `${results.map(describe).join("\n")}\n${next(results)}`,
  );
  if (results.some((one) => "failure" in one && one.credentials)) return EXIT.credentials;
  if (written.notWritten !== undefined) return EXIT.failure;
  const fine = (one: Result) => "verdict" in one && (one.verdict === "confirmed" || one.verdict === "paused");
  return results.every(fine) ? EXIT.ok : EXIT.failure;
}

/** The file that says so now, or why none does. */
interface Written {
  written?: string;
  notWritten?: string;
}

function tryToWrite(checked: CheckedSpec, applications: string[]): Written {
  try {
    return { written: writeScimEnabled(checked, applications) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { notWritten: error.message };
  }
}

/** What was found of an application, or why nothing was. */
type Result = (Confirmation & Written) | (Pick<Confirmation, "application"> & Failure);

function describe(result: Result): string {
  if ("failure" in result) {
    return `${paint("red", "!")} ${paint("bold", oneLine(result.application))}: could not be looked at: ${oneLine(result.failure)}`;
  }
  const { application, verdict, missing, steps, setupUrl, notProvisioned, problem, written, notWritten } =
    result;
  const name = paint("bold", oneLine(application));
  const provision = notProvisioned.map(
    (login) =>
      `    still to do: Assignments > ${oneLine(login)} > Provision User (assigned while SCIM was off)`,
  );
  switch (verdict) {
    case "paused":
      return `${paint("dim", "-")} ${name}: paused in the spec, so nothing is expected.`;
    case "not found":
      return `${paint("red", "✗")} ${name}: ${oneLine(problem ?? "")} Has \`up\` run?`;
    case "confirmed":
      return [
        `${paint("green", "✓")} ${name}: SCIM is switched on as it has to be${written ? `; ${written} says so now` : ""}.`,
        ...(notWritten ? [`    ${paint("red", "the spec does not say so")}: ${oneLine(notWritten)}`] : []),
        ...provision,
        ...(provision.length > 0 ? [`    at ${setupUrl}`] : []),
      ].join("\n");
    case "incomplete":
      return [
        `${paint("red", "✗")} ${name}: ${steps.length > 0 ? "SCIM is not switched on in Okta. No API can do it; a person does:" : "this is not as it has to be, and no API can set it:"}`,
        ...(steps.length > 0 ? steps : missing).map((line) => `    ${visible(line)}`),
        ...(steps.length > 0 ? [] : [`    at ${setupUrl}`]),
        ...provision,
      ].join("\n");
  }
}

function next(results: Result[]): string {
  return results.some((one) => "written" in one && one.written)
    ? "\nNext: commit that, and `pulumi up` assigns people and pushes groups.\n"
    : "";
}
