import type { Command } from "commander";
import type { Environment } from "../clients/environment.ts";
import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import { readEnvFile } from "../sandbox/env-file.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { loadSpec } from "../spec/load.ts";
import { nearest } from "../yaml/nearest.ts";
import { render } from "../yaml/render.ts";
import { hasColour } from "./terminal.ts";

/** What every command that looks at tenants takes. */
export interface TenantOptions {
  application?: string;
  envFile?: string;
}

export interface Target {
  /** The spec's file as people name it. */
  file: string;
  checked: CheckedSpec;
  desired: DesiredState;
  /** All of the spec's applications, or the one that was asked for. */
  applications: DesiredApplication[];
  /** Credentials (ARM_*, OKTA_*) and tokens (ROLLCALL_SECRET_*). */
  env: Environment;
}

export function withTenantOptions(command: Command): Command {
  return command
    .option("-a, --application <name>", "only this application of the spec")
    .option("-e, --env-file <file>", "credentials from this file, as `rollcall sandbox serve` writes it");
}

/**
 * The spec and where its tenants are found.
 * @returns undefined when the spec is wrong, which has been said on standard error
 * @throws when there is no such application
 */
export function openTarget(file: string, { application, envFile }: TenantOptions): Target | undefined {
  const { spec: checked, diagnostics } = loadSpec(file);
  process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  if (!checked) return undefined;
  const desired = toDesiredState(checked);
  const applications = application
    ? desired.applications.filter(({ name }) => name === application)
    : desired.applications;
  if (application && applications.length === 0) {
    const names = desired.applications.map(({ name }) => name);
    const near = nearest(application, names);
    throw new Error(
      `${file} has no application "${application}"${near ? `: did you mean ${near}?` : `, only ${names.join(", ")}.`}`,
    );
  }
  return {
    file,
    checked,
    desired,
    applications,
    env: envFile ? { ...process.env, ...readEnvFile(envFile) } : process.env,
  };
}
