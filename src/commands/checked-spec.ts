import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import { type CheckedSpec, loadSpec } from "../spec/load.ts";
import { nearest } from "../yaml/nearest.ts";
import { render } from "../yaml/render.ts";
import { hasColour } from "./terminal.ts";

interface Saying {
  /** False leaves the warnings of a spec without errors to the program, which says them as well. */
  warnings?: boolean;
}

/** A spec in which no error was found. @returns undefined otherwise; what is wrong has been said on standard error */
export function checkedSpecOf(file: string, { warnings = true }: Saying = {}): CheckedSpec | undefined {
  const { spec, diagnostics } = loadSpec(file);
  if (warnings || !spec) process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  return spec;
}

/** The desired state of a spec. @returns undefined when the spec is wrong; what is, has been said on standard error */
export function desiredStateOf(file: string, saying?: Saying): DesiredState | undefined {
  const checked = checkedSpecOf(file, saying);
  return checked && toDesiredState(checked);
}

/**
 * All of the spec's applications, or the one that was asked for.
 * @throws when there is no such application
 */
export function applicationsOf(
  { applications }: DesiredState,
  wanted: string | undefined,
  file: string,
): DesiredApplication[] {
  if (wanted === undefined) return applications;
  const found = applications.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = applications.map(({ name }) => name);
  const near = nearest(wanted, names);
  throw new Error(
    `${file} has no application "${wanted}"${near ? `: did you mean ${near}?` : `, only ${names.join(", ")}.`}`,
  );
}
