import { type Command, Option } from "commander";
import { loadSpec } from "../spec/load.ts";
import { FORMATS, type Format, render } from "../yaml/render.ts";
import { EXIT } from "./exit-codes.ts";

export interface ValidateOptions {
  format: Format;
  colour: boolean;
}

/** Checks specs and says what is wrong with them, as text for standard output; nothing is contacted. */
export function validate(files: string[], options: ValidateOptions): { output: string; exitCode: number } {
  const loaded = files.map((file) => ({ file, ...loadSpec(file) }));
  const diagnostics = loaded.flatMap((one) => one.diagnostics);
  const exitCode = loaded.every((one) => one.spec) ? EXIT.ok : EXIT.spec;
  const report = render(diagnostics, options.format, options.colour);
  if (options.format !== "text") return { output: report, exitCode };
  const fine = loaded.flatMap(({ file, spec }) => {
    if (!spec) return [];
    const count = Object.keys(spec.spec.applications).length;
    return [`${file}: fine, ${count} application${count === 1 ? "" : "s"}\n`];
  });
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [
    ...(errors > 0 ? [`${errors} error${errors === 1 ? "" : "s"}`] : []),
    ...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? "" : "s"}`] : []),
  ];
  const summary = counts.length > 0 ? `\n${counts.join(", ")}\n` : "";
  return { output: `${report}${summary}${fine.join("")}`, exitCode };
}

export function register(program: Command): void {
  program
    .command("validate")
    .description("check specs and report everything that is wrong with them; contacts nothing")
    .argument("<file...>", "specs, as in config/prod.yaml")
    .addOption(new Option("--format <format>", "how to report").choices([...FORMATS]).default("text"))
    .action((files: string[], { format }: { format: Format }) => {
      const { output, exitCode } = validate(files, {
        format,
        colour: process.stdout.hasColors?.() === true && !process.env.NO_COLOR,
      });
      process.stdout.write(output);
      process.exitCode = exitCode;
    });
}
