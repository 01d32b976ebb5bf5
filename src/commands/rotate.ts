import type { Command } from "commander";
import type { DesiredApplication } from "../desired/model.ts";
import { rotateToken } from "../inspect/rotate.ts";
import { findProduct } from "../products/registry.ts";
import { secretVariable } from "../spec/secret-names.ts";
import { EXIT } from "./exit-codes.ts";
import { progress } from "./progress.ts";
import { openTarget, type TenantOptions, withTenantOptions } from "./tenant-options.ts";

interface Options extends TenantOptions {}

export function register(program: Command): void {
  withTenantOptions(program.command("rotate"))
    .description("give Entra a product's new token in one write, tried before it is stored and after")
    .addHelpText(
      "after",
      "\nThe new token is read from ROLLCALL_SECRET_<NAME>, and shown nowhere. Put it into the stack too, or the next `up` brings the old one back. With --stack and without that variable, the stack's own token is taken.",
    )
    .action(async (file: string | undefined, options: Options) => {
      process.exitCode = await rotate(file, options);
    });
}

async function rotate(file: string | undefined, options: Options): Promise<number> {
  const target = await openTarget(file, options);
  if (!target) return EXIT.spec;
  const [application, ...others] = target.applications;
  if (!application || others.length > 0)
    throw new Error("Name the one application to rotate with --application.");
  const { name, token } = application;
  if (application.idp === "okta") {
    process.stdout.write(byHand(application));
    return EXIT.failure;
  }
  const variable = secretVariable(token.secret);
  const value = target.env[variable];
  if (!value) throw new Error(`${variable} is not set: put the new token there. ${whereFrom(application)}`);
  await progress(`${name}: Entra tries the token, stores it, and tries it again`, () =>
    rotateToken(application, value, target.tenants, target.known.get(name)),
  );
  process.stdout.write(
    target.given[variable] ? rotated(application) : storedFromStack(application, variable, options.stack),
  );
  return EXIT.ok;
}

function rotated({ name, token }: DesiredApplication): string {
  return [
    `${name} is provisioned with the token in ${secretVariable(token.secret)}.`,
    `Next: pulumi config set --secret ${token.secret}, so that the next \`up\` keeps it; then revoke the old one in the product.`,
    "",
  ].join("\n");
}

/** The stack's token may be the one that Entra had before: Entra shows nobody what it has. */
function storedFromStack(application: DesiredApplication, variable: string, stack = ""): string {
  const { name, token } = application;
  return [
    `${name} is provisioned with the token that the stack ${stack} has, since ${variable} is not set. Whether that one is new, Entra does not tell.`,
    `Revoke nothing in the product before the stack has the new token: pulumi config set --secret ${token.secret} --stack ${stack}, then run this again.`,
    "",
  ].join("\n");
}

function byHand(application: DesiredApplication): string {
  return [
    `${application.name}: Okta has no API for the token of a SCIM connection, so a person replaces it:`,
    `  ${whereFrom(application)}`,
    `  In Okta's console: Applications > ${application.idp === "okta" ? application.label : ""} > Provisioning > Integration > Edit`,
    "  HTTP Header > Authorization: the new token; Test Connector Configuration; Save",
    `  pulumi config set --secret ${application.token.secret}; then revoke the old one in the product.`,
    "",
  ].join("\n");
}

function whereFrom({ product }: DesiredApplication): string {
  const { token, title } = findProduct(product) ?? {};
  return `The new ${token?.name ?? "token"} comes from: ${token?.from ?? title ?? product}.`;
}
