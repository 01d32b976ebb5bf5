import * as pulumi from "@pulumi/pulumi";
import { toDesiredState } from "../desired/desired-state.ts";
import type { DesiredState } from "../desired/model.ts";
import type { ProviderConfig } from "../provider/contract.ts";
import { loadSpec } from "../spec/load.ts";
import { isProgramKey, secretVariable } from "../spec/secret-names.ts";
import { render } from "../yaml/render.ts";
import { type Problem, stopAt, warn } from "./problems.ts";
import type { Args } from "./resources/args.ts";

/** Tokens by the names of their stack secrets. */
export type Tokens = Record<string, pulumi.Output<string>>;

/**
 * The desired state of the spec that the stack names as `rollcall:spec`, relative to the project.
 * @throws pulumi.RunError with every problem of the spec; nothing has been contacted.
 */
export function readDesiredState(config: pulumi.Config): { file: string; desired: DesiredState } {
  const file = config.get("spec");
  if (!file) {
    throw new pulumi.RunError(
      `The stack ${pulumi.getStack()} names no spec. Set one: pulumi config set rollcall:spec config/<environment>.yaml`,
    );
  }
  // Pulumi runs the program in the folder of its code; people, and so the messages, name files from the project's.
  process.chdir(pulumi.getRootDirectory());
  const { spec, diagnostics } = loadSpec(file);
  if (!spec) {
    throw new pulumi.RunError(
      `The spec is wrong, so nothing was contacted.\n\n${render(diagnostics, "text")}`,
    );
  }
  warn(
    diagnostics.map(({ file: of, line, column, ...said }) => ({ ...said, at: { file: of, line, column } })),
  );
  return { file, desired: toDesiredState(spec) };
}

/**
 * The SCIM tokens that are given to Entra: secrets of the stack, or of the environment where it has none. What Okta sends is
 * typed by a person.
 * @throws pulumi.RunError naming all that are nowhere
 */
export function readTokens(config: pulumi.Config, desired: DesiredState): Tokens {
  const tokens: Tokens = {};
  const missing: Problem[] = [];
  for (const { idp, token, at, name } of desired.applications) {
    if (idp !== "entra") continue;
    if (isProgramKey(token.secret)) throw new TypeError(`${name}: ${token.secret} is no secret of a product`);
    const value = config.getSecret(token.secret) ?? fromEnvironment(token.secret);
    if (value) tokens[token.secret] = value;
    else {
      missing.push({
        code: "missing-secret",
        at,
        message: `${name} names the secret "${token.secret}", which neither the stack nor the environment has`,
        why: "without a token the product lets nobody in to provision",
        help: `pulumi config set --secret ${token.secret}, or set ${secretVariable(token.secret)} in the environment`,
      });
    }
  }
  stopAt(missing);
  return tokens;
}

function fromEnvironment(name: string): pulumi.Output<string> | undefined {
  const value = process.env[secretVariable(name)];
  return value ? pulumi.secret(value) : undefined;
}

/** Arguments of the rollcall provider that the stack sets; what it does not comes from ARM_* and OKTA_*. */
export function readProviderConfig(config: pulumi.Config): Args<ProviderConfig> {
  const entra = config.getSecretObject<ProviderConfig["entra"]>("entra");
  const okta = config.getSecretObject<ProviderConfig["okta"]>("okta");
  return { ...(entra && { entra }), ...(okta && { okta }) };
}
