import type { Command } from "commander";
import type { Environment } from "../clients/environment.ts";
import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredApplication, DesiredState } from "../desired/model.ts";
import { type KnownIds, readKnownIds } from "../inspect/known-ids.ts";
import { readPulumiStack } from "../inspect/pulumi-stack.ts";
import { openTenants, type Tenants } from "../inspect/tenants.ts";
import { readEnvFile } from "../sandbox/env-file.ts";
import type { CheckedSpec } from "../spec/load.ts";
import { loadSpec } from "../spec/load.ts";
import { render } from "../yaml/render.ts";
import { applicationsOf } from "./checked-spec.ts";
import { hasColour } from "./terminal.ts";

/** What every command that looks at tenants takes. */
export interface TenantOptions {
  application?: string;
  envFile?: string;
  stack?: string;
  outputs?: string;
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
  /** Those of this process and of --env-file alone, without the stack's tokens. */
  given: Environment;
  tenants: Tenants;
  /** What `up` made, to find an application that was renamed by hand. */
  known: KnownIds;
}

export function withTenantOptions(command: Command): Command {
  return command
    .argument("[spec]", "as in config/prod.yaml; not with --stack")
    .option("-s, --stack <name>", "a stack's spec, tokens and ids, as the `pulumi` on PATH knows them")
    .option("-a, --application <name>", "only this application of the spec")
    .option("-e, --env-file <file>", "credentials from this file, as `rollcall sandbox serve` writes it")
    .option("--outputs <file>", "ids from `pulumi stack output --json`, to find what was renamed by hand");
}

/**
 * The spec and where its tenants are found.
 * @returns undefined when the spec is wrong, which has been said on standard error
 * @throws when there is no such stack or application, or neither spec nor stack is named
 */
export async function openTarget(
  named: string | undefined,
  { application, envFile, stack: stackName, outputs }: TenantOptions,
): Promise<Target | undefined> {
  if ((named === undefined) === (stackName === undefined)) {
    throw new Error("Name a spec, as in config/prod.yaml, or a stack, as in --stack prod.");
  }
  const given = { ...process.env, ...(envFile && readEnvFile(envFile)) };
  const stack = stackName === undefined ? undefined : await readPulumiStack(stackName, given);
  const file = named ?? stack?.spec ?? "";
  const { spec: checked, diagnostics } = loadSpec(file);
  process.stderr.write(render(diagnostics, "text", hasColour(process.stderr)));
  if (!checked) return undefined;
  const desired = toDesiredState(checked);
  // A token in the environment is meant: it may be the new one. An empty one is none, as a secret of CI that is not there.
  const kept = Object.entries(stack?.tokens ?? {}).filter(([variable]) => !given[variable]);
  const env = { ...given, ...Object.fromEntries(kept) };
  return {
    file,
    checked,
    desired,
    applications: applicationsOf(desired, application, file),
    env,
    given,
    tenants: openTenants(env, stack?.connections),
    known: outputs ? readKnownIds(outputs) : (stack?.known ?? new Map()),
  };
}
