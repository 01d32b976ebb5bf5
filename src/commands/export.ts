import type { Command } from "commander";
import { expectedArrivals } from "../desired/expected-arrivals.ts";
import { scimGroupMappingsYaml } from "../export/scim-group-mappings.ts";
import { applicationsOf, desiredStateOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";
import { peopleFor, refuseInvented } from "./people.ts";

export function register(program: Command): void {
  program
    .command("export")
    .description(
      "print scimGroupMappings as the YAML block that Data Mesh Manager's own settings take; or what must arrive",
    )
    .argument("<spec>", "as in config/prod.yaml")
    .option("-a, --application <name>", "needed where several applications have such mappings")
    .option("--arrivals", "print instead, as JSON, what must arrive: the receiver compares with it")
    .option("--directory <file>", "the people, as in config/directory.sandbox.yaml; for --arrivals")
    .action((file: string, options: Options) => {
      process.exitCode = options.arrivals ? exportArrivals(file, options) : exportMappings(file, options);
    });
}

interface Options {
  application?: string;
  arrivals?: boolean;
  directory?: string;
}

function exportArrivals(file: string, { application, directory }: Options): number {
  if (application === undefined) throw new Error("Say which application's arrivals: --application.");
  refuseInvented(file, directory);
  const desired = desiredStateOf(file);
  const directories = desired && peopleFor(file, directory, desired);
  if (!directories) return EXIT.spec;
  const [chosen] = applicationsOf(desired, application, file);
  if (!chosen) return EXIT.spec;
  const { conflicts, ...arrivals } = expectedArrivals(chosen, directories);
  for (const { message } of conflicts) console.error(`rollcall: ${message}`);
  process.stdout.write(`${JSON.stringify(arrivals, null, 2)}\n`);
  return EXIT.ok;
}

function exportMappings(file: string, options: Options): number {
  const desired = desiredStateOf(file);
  if (!desired) return EXIT.spec;
  const blocks = applicationsOf(desired, options.application, file).flatMap((application) => {
    const block = scimGroupMappingsYaml(application);
    return block === undefined ? [] : [{ name: application.name, block }];
  });
  const [first, second] = blocks;
  if (!first) {
    throw new Error(
      `${file}: ${options.application ? `${options.application} has no` : "no application has"} scimGroupMappings; only Data Mesh Manager takes such a block.`,
    );
  }
  if (second) {
    throw new Error(
      `${file}: ${blocks.map(({ name }) => name).join(" and ")} have scimGroupMappings. Choose one with --application.`,
    );
  }
  process.stdout.write(first.block);
  return EXIT.ok;
}
