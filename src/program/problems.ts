import * as pulumi from "@pulumi/pulumi";
import type { SourcePosition } from "../yaml/source.ts";

/** Something in the spec that only the tenant or the stack could tell is wrong. */
export interface Problem {
  /** Stable words that name the rule: `unknown-group`. */
  code: string;
  at: SourcePosition;
  message: string;
  why?: string;
  help?: string;
}

/** @param label what says which rule it is: `error[unknown-group]` */
function renderProblem({ at, message, why, help }: Problem, label: string): string {
  return [
    `${at.file}:${at.line}:${at.column} ${label} ${message}`,
    ...(why ? [`  why:  ${why}`] : []),
    ...(help ? [`  help: ${help}`] : []),
  ].join("\n");
}

/**
 * Ends the program when there are problems: all of them at once, and before anything is made.
 * @throws pulumi.RunError
 */
export function stopAt(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const heading = `${problems.length === 1 ? "One problem" : `${problems.length} problems`} with the spec; nothing was changed.`;
  throw new pulumi.RunError(
    [heading, ...problems.map((problem) => renderProblem(problem, `error[${problem.code}]`))].join("\n\n"),
  );
}

/** Pulumi puts the word "warning" before it. */
export function warn(problems: readonly Problem[]): void {
  for (const problem of problems) void pulumi.log.warn(renderProblem(problem, `[${problem.code}]`));
}
