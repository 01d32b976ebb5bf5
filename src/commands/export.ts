import type { Command } from "commander";
import { scimGroupMappingsYaml } from "../export/scim-group-mappings.ts";
import { applicationsOf, desiredStateOf } from "./checked-spec.ts";
import { EXIT } from "./exit-codes.ts";

export function register(program: Command): void {
  program
    .command("export")
    .description("print scimGroupMappings as the YAML block that Data Mesh Manager's own settings take")
    .argument("<spec>", "as in config/prod.yaml")
    .option("-a, --application <name>", "needed where several applications have such mappings")
    .action((file: string, options: { application?: string }) => {
      process.exitCode = exportMappings(file, options);
    });
}

function exportMappings(file: string, options: { application?: string }): number {
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
