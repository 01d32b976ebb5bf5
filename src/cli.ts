import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { concernsCredentials } from "./clients/credentials-error.ts";
import { register as adopt } from "./commands/adopt.ts";
import { register as demo } from "./commands/demo.ts";
import { register as diff } from "./commands/diff.ts";
import { register as doctor } from "./commands/doctor.ts";
import { register as drift } from "./commands/drift.ts";
import { EXIT } from "./commands/exit-codes.ts";
import { register as explain } from "./commands/explain.ts";
import { register as exportMappings } from "./commands/export.ts";
import { register as github } from "./commands/github.ts";
import { register as init } from "./commands/init.ts";
import { register as oktaConfirm } from "./commands/okta-confirm.ts";
import { register as receiver } from "./commands/receiver.ts";
import { register as rotate } from "./commands/rotate.ts";
import { register as sandbox } from "./commands/sandbox.ts";
import { register as schema } from "./commands/schema.ts";
import { register as status } from "./commands/status.ts";
import { register as validate } from "./commands/validate.ts";
import { register as verify } from "./commands/verify.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Runs one command line and answers with its exit code. */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("rollcall")
    .description("SCIM provisioning from Microsoft Entra ID and Okta into data catalogues, as code.")
    .version(version)
    .showHelpAfterError("(rollcall --help lists the commands)")
    .exitOverride();
  for (const register of [
    demo,
    validate,
    schema,
    drift,
    oktaConfirm,
    status,
    verify,
    adopt,
    rotate,
    doctor,
    receiver,
    sandbox,
    explain,
    exportMappings,
    diff,
    init,
    github,
  ])
    register(program);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failure;
    console.error(`rollcall: ${error instanceof Error ? error.message : String(error)}`);
    return concernsCredentials(error) ? EXIT.credentials : EXIT.failure;
  }
}
