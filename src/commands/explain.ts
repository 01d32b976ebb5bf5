import type { Command } from "commander";
import { explain } from "../explain/explain.ts";
import { renderExplanation } from "../explain/render.ts";
import { applicationsOf, desiredStateOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { areInvented, INVENTED_PEOPLE, peopleFor } from "./people.ts";
import { paint } from "./terminal.ts";

interface Options {
  application?: string;
  user?: string;
  group?: string;
  directory?: string;
  json: boolean;
}

export function register(program: Command): void {
  program
    .command("explain")
    .description("say, offline, what a provider would send for a person or a group, and why")
    .argument("<spec>", "as in config/prod.yaml")
    .option("-a, --application <name>", "needed where the spec has several")
    .option("-u, --user <name>", "a userPrincipalName of Entra or a login of Okta")
    .option("-g, --group <name>", "a group's name")
    .option(
      "--directory <file>",
      "the people, as in config/directory.sandbox.yaml; those whom the spec names are made up without it",
    )
    .option("--json", "print one JSON object and nothing else", false)
    .action((file: string, options: Options) => {
      process.exitCode = explainOne(file, options);
    });
}

function explainOne(file: string, { application, user, group, directory, json }: Options): number {
  const name = user ?? group;
  if (name === undefined || (user !== undefined && group !== undefined))
    throw new Error("Say whom to explain: either --user or --group.");
  const state = desiredStateOf(file);
  const directories = state && peopleFor(file, directory, state);
  if (!directories) return EXIT.spec;
  const [desired, ...others] = applicationsOf(state, application, file);
  if (!desired || others.length > 0) {
    const names = state.applications.map((one) => one.name).join(", ");
    throw new Error(`Say which application to explain, with --application: ${names || "the spec has none"}.`);
  }
  if (areInvented(file, directory)) process.stderr.write(`${INVENTED_PEOPLE}\n\n`);
  const kind = user === undefined ? "group" : "user";
  const explanation = explain(desired, directories, { kind, name }, new Date());
  process.stdout.write(
    json ? `${JSON.stringify(explanation, null, 2)}\n` : renderExplanation(explanation, paint),
  );
  return EXIT.ok;
}
