import type { Command } from "commander";
import { type ScimClient, scimClient } from "../clients/scim.ts";
import type { DesiredApplication } from "../desired/model.ts";
import { attempt } from "../inspect/attempt.ts";
import { type Check, failed } from "../inspect/check.ts";
import { verifyEntra } from "../inspect/verify-entra.ts";
import { verifyOkta } from "../inspect/verify-okta.ts";
import { findProduct } from "../products/registry.ts";
import { secretVariable } from "../spec/secret-names.ts";
import { visible } from "../yaml/visible.ts";
import { checkLine } from "./check-line.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type Target, type TenantOptions, withTenantOptions } from "./tenant-options.ts";
import { paint } from "./terminal.ts";

interface Options extends TenantOptions {
  user?: string;
  group?: string;
  scimUrl?: string;
  json: boolean;
}

interface Verification {
  name: string;
  checks: Check[];
  /** What a person has still to do. */
  remaining: string[];
  /** Whether it came to nothing for lack of credentials or permissions. */
  refused: boolean;
}

export function register(program: Command): void {
  withTenantOptions(program.command("verify"))
    .description("provision one test user and group in the real tenant, then ask the product what arrived")
    .option("--user <name>", "a userPrincipalName, or an Okta login")
    .option("--group <name>", "a group that the spec assigns or pushes")
    .option(
      "--scim-url <url>",
      "where this machine reaches the product's SCIM endpoint, when it is not the spec's",
    )
    .option("--json", "print one JSON object and nothing else", false)
    .addHelpText(
      "after",
      "\nThe product is asked with the token in ROLLCALL_SECRET_<NAME>. Exit codes: 0 all is well, 1 something is not, 3 credentials or permissions, 2 the spec is wrong.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await verify(file, options);
    });
}

async function verify(
  file: string | undefined,
  { user, group, scimUrl, json, ...options }: Options,
): Promise<number> {
  const target = await openTarget(file, options);
  if (!target) return EXIT.spec;
  if (scimUrl && target.applications.length > 1) {
    throw new Error("--scim-url is one application's: name that with --application.");
  }
  const { tenants } = target;
  const subjects = { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
  const found: Verification[] = [];
  for (const application of target.applications) {
    const { name, product } = application;
    const scim = productOf(application, target, scimUrl);
    const look = () =>
      application.idp === "entra"
        ? verifyEntra(application, subjects, tenants, scim, target.known.get(name))
        : verifyOkta(application, subjects, tenants, scim, target.known.get(name));
    const outcome = await progress(`verifying ${name}`, () => attempt(look), {
      quiet: json || !process.stdout.isTTY,
    });
    found.push({
      name,
      checks: "failure" in outcome ? [failed("the application", outcome.failure)] : outcome,
      remaining: findProduct(product)?.notes ?? [],
      refused: "failure" in outcome && outcome.credentials,
    });
  }
  process.stdout.write(
    json ? `${JSON.stringify({ applications: found }, null, 2)}\n` : `${found.map(describe).join("\n\n")}\n`,
  );
  if (found.some(({ refused }) => refused)) return EXIT.credentials;
  const failing = found.some(({ checks }) => checks.some(({ verdict }) => verdict === "failed"));
  return failing ? EXIT.failure : EXIT.ok;
}

function productOf(
  { scimUrl, token }: DesiredApplication,
  { env }: Target,
  elsewhere?: string,
): ScimClient | undefined {
  const value = env[secretVariable(token.secret)];
  return value ? scimClient({ baseUrl: elsewhere ?? scimUrl, token: value }) : undefined;
}

function describe({ name, checks, remaining }: Verification): string {
  return [
    paint("bold", visible(name)),
    ...checks.map(checkLine),
    ...(remaining.length > 0
      ? ["  Still a person's part, or worth knowing:", ...remaining.map((note) => `    - ${note}`)]
      : []),
  ].join("\n");
}
