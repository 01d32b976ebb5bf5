import { readFileSync } from "node:fs";
import { Command, CommanderError, Help } from "commander";
import { concernsCredentials } from "./clients/credentials-error.ts";
import { EXIT } from "./commands/exit-codes.ts";

/** Only the command that is asked for is loaded: all of them take most of a second. */
const COMMANDS: Record<string, () => Promise<{ register(program: Command): void }>> = {
  init: () => import("./commands/init.ts"),
  demo: () => import("./commands/demo.ts"),
  validate: () => import("./commands/validate.ts"),
  schema: () => import("./commands/schema.ts"),
  drift: () => import("./commands/drift.ts"),
  okta: () => import("./commands/okta-confirm.ts"),
  status: () => import("./commands/status.ts"),
  verify: () => import("./commands/verify.ts"),
  adopt: () => import("./commands/adopt.ts"),
  rotate: () => import("./commands/rotate.ts"),
  doctor: () => import("./commands/doctor.ts"),
  receiver: () => import("./commands/receiver.ts"),
  sandbox: () => import("./commands/sandbox.ts"),
  explain: () => import("./commands/explain.ts"),
  export: () => import("./commands/export.ts"),
  diff: () => import("./commands/diff.ts"),
  github: () => import("./commands/github.ts"),
};

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const help = new Help();

/** Runs one command line and answers with its exit code. */
export async function main(argv: string[]): Promise<number> {
  const program = new Command("rollcall")
    .description("SCIM provisioning from Microsoft Entra ID and Okta into data catalogues, as code.")
    .version(version)
    .configureHelp({
      optionDescription: (option) => help.optionDescription(option) + (option.mandatory ? " (required)" : ""),
    })
    .showHelpAfterError("(rollcall --help lists the commands)")
    .exitOverride();
  const asked = Object.entries(COMMANDS).filter(([name]) => name === argv[2]);
  for (const [, load] of asked.length > 0 ? asked : Object.entries(COMMANDS))
    (await load()).register(program);
  try {
    await program.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.failure;
    console.error(`rollcall: ${error instanceof Error ? error.message : String(error)}`);
    return concernsCredentials(error) ? EXIT.credentials : EXIT.failure;
  }
}
