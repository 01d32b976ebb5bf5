import { type Command, Option } from "commander";
import { checkAgainstDirectory } from "../desired/against-directory.ts";
import { loadDirectory } from "../directory/load.ts";
import { loadSpec } from "../spec/load.ts";
import type { Diagnostic } from "../yaml/diagnostic.ts";
import { FORMATS, type Format, render } from "../yaml/render.ts";
import { EXIT } from "./exit-codes.ts";
import { hasColour } from "./terminal.ts";

export interface ValidateOptions {
  format: Format;
  colour: boolean;
  /** A directory file: then people and groups are looked up in it. */
  directory?: string;
  /** As in 2027-01-31; the current day when left out. */
  today?: string;
}

/** Checks specs and says what is wrong with them, as text for standard output; nothing is contacted. */
export function validate(files: string[], options: ValidateOptions): { output: string; exitCode: number } {
  const { format, colour, directory: directoryFile, today } = options;
  const directory = directoryFile === undefined ? undefined : loadDirectory(directoryFile);
  const diagnostics: Diagnostic[] = [...(directory?.diagnostics ?? [])];
  const fine: string[] = [];
  for (const file of files) {
    const { spec, diagnostics: found } = loadSpec(file, today === undefined ? {} : { today });
    const later =
      spec && directory?.directories ? spec.report(checkAgainstDirectory(spec, directory.directories)) : [];
    diagnostics.push(...found, ...later);
    if (!spec || later.some((diagnostic) => diagnostic.severity === "error")) continue;
    const count = Object.keys(spec.spec.applications).length;
    fine.push(`${file}: fine, ${count} application${count === 1 ? "" : "s"}\n`);
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const exitCode = errors > 0 ? EXIT.spec : EXIT.ok;
  const report = render(diagnostics, format, colour);
  if (format !== "text") return { output: report, exitCode };
  return { output: `${report}${summary(errors, diagnostics.length - errors)}${fine.join("")}`, exitCode };
}

function summary(errors: number, warnings: number): string {
  const counts = [
    ...(errors > 0 ? [`${errors} error${errors === 1 ? "" : "s"}`] : []),
    ...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? "" : "s"}`] : []),
  ];
  return counts.length > 0 ? `\n${counts.join(", ")}\n` : "";
}

export function register(program: Command): void {
  program
    .command("validate")
    .description("check specs and report everything that is wrong with them; contacts nothing")
    .argument("<file...>", "specs, as in config/prod.yaml")
    .option(
      "--directory <file>",
      "look people and groups up in this file, as in config/directory.sandbox.yaml",
    )
    .addOption(new Option("--format <format>", "how to report").choices([...FORMATS]).default("text"))
    .action((files: string[], { format, directory }: { format: Format; directory?: string }) => {
      const colour = hasColour(process.stdout);
      const { output, exitCode } = validate(files, {
        format,
        colour,
        ...(directory === undefined ? {} : { directory }),
      });
      process.stdout.write(output);
      process.exitCode = exitCode;
    });
}
