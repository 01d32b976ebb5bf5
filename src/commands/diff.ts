import { type Command, Option } from "commander";
import { loadDirectory } from "../directory/load.ts";
import { compareSpecs } from "../review/compare-specs.ts";
import { DIFF_FORMATS, type DiffFormat, renderDiff } from "../review/render-diff.ts";
import { render } from "../yaml/render.ts";
import { checkedSpecOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { hasColour, paint } from "./terminal.ts";

interface Options {
  directory?: string;
  format: DiffFormat;
}

export function register(program: Command): void {
  program
    .command("diff")
    .description("say what separates two specs: who gains and who loses access; contacts nothing")
    .argument("<old>", "as it is, say a copy of main's")
    .argument("<new>", "as it is to be")
    .option("--directory <file>", "what it means for single people, as in config/directory.sandbox.yaml")
    .addOption(new Option("--format <format>", "how to report").choices([...DIFF_FORMATS]).default("text"))
    .action((before: string, after: string, options: Options) => {
      process.exitCode = diff(before, after, options);
    });
}

function diff(before: string, after: string, { directory, format }: Options): number {
  const old = checkedSpecOf(before);
  const now = checkedSpecOf(after);
  const people = directory === undefined ? undefined : loadDirectory(directory);
  if (people) process.stderr.write(render(people.diagnostics, "text", hasColour(process.stderr)));
  if (!old || !now || (people && !people.directories)) return EXIT.spec;
  process.stdout.write(renderDiff(compareSpecs(old, now, people?.directories), format, paint));
  return EXIT.ok;
}
